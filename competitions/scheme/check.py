"""What must hold between the fields of a scheme; each failing check names its place and remedy."""

from __future__ import annotations

from collections.abc import Iterator


def check_scheme(scheme, broken: set[str]) -> Iterator[tuple[str, str]]:
    """This function will yield `(place, message)` for everything in the scheme that contradicts
    itself or leaves a hole. `broken` holds places that could not be read: sums over them and
    references to them are not judged."""
    return iter(())
