"""How many streams readers who have not signed in may hold from one address in the network.

A hall of 500 phones stands behind one address. A phone holds one stream, and one that lost its
network leaves the old one behind until a beat fails: so twice as many as phones, 1,000. Of some
50 kB each, one address holds 50 MB at most. Whoever comes beyond asks every two seconds instead.
Readers who have signed in are not counted: judges and screens never lose their place to a crowd.
"""

from collections import Counter
from contextlib import contextmanager

# What a page is told instead of a stream: it asks for a while, then tries again.
FULL = b"event: full\ndata: 1\n\n"


class Places:
    """The places of one process: there is one that sends."""

    def __init__(self, most):
        self.most = most
        self.taken = Counter()

    @contextmanager
    def take(self, address):
        """This function will hold a place for a stream and give it back at the end; it yields
        whether there was one. An empty address always has one and is not counted."""
        if not address:
            yield True
            return
        if self.taken.get(address, 0) >= self.most:
            yield False
            return
        self.taken[address] += 1
        try:
            yield True
        finally:
            self.taken[address] -= 1
            if not self.taken[address]:
                del self.taken[address]
