"""How Python's garbage collector runs in a server's process.

Python's own settings look through everything that is alive each time a quarter has been added. In
this product that is the loaded code above all, some hundred thousand objects that never become
garbage: a page that happened to be asked just then took 200 ms longer.
"""

import gc

from django.template import engines
from django.urls import get_resolver

# A page of a long scheme makes some ten thousand objects that only the collector can free. Looked
# through as they come, 10,000 at once take some 5 ms and 50,000 some 50 ms; the third number keeps
# the search through all of them for what adds up over hundreds of pages.
THRESHOLDS = (10_000, 5, 10)


def settle_collector():
    """This function will load what pages are made of (views, forms, template tags) and have the
    collector leave it alone from then on: whatever is loaded after that would be searched again."""
    _ = get_resolver().url_patterns
    engines.all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
