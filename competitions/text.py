"""Small readers of typed text."""

import re

_BETWEEN = re.compile(r"[、，,;；\n\t]+")


def split_names(text):
    """This function will return the names in a text parted by 、， or new lines, each once."""
    names = (" ".join(part.split()) for part in _BETWEEN.split(text or ""))
    return list(dict.fromkeys(name for name in names if name))
