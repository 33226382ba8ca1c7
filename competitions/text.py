"""Small readers of typed text."""

import re
from collections import Counter

_BETWEEN = re.compile(r"[、，,;；\n\t]+")


def split_names(text):
    """This function will return the names in a text parted by 、， or new lines, each once."""
    return list(dict.fromkeys(_parts(text)))


def find_doubled(text):
    """This function will return the names that a text says more than once."""
    return [name for name, times in Counter(_parts(text)).items() if times > 1]


def _parts(text):
    names = (" ".join(part.split()) for part in _BETWEEN.split(text or ""))
    return [name for name in names if name]
