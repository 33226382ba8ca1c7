"""Who may follow which audience's feed: those who may open its page. Closed unless declared."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Audience:
    """One audience: the kinds of role that may read, and the access call of its page."""

    name: str
    read: frozenset
    find: Callable


_audiences: dict[str, Audience] = {}


def open_to(audience, *, read, find):
    """This function will let some follow an audience's feed.

    `read` is what the page's own gate declares (kinds of role, as for competitions.gates.enter).
    find(request, slug, round_key) -> Competition is the page's access call: it raises Http404 or
    PermissionDenied for whoever may not see this competition's page, and for a round that has none.
    """
    _audiences[audience] = Audience(audience, frozenset(read), find)


def find_audience(name):
    """This function will return an audience by its name, or None when nobody may follow it."""
    return _audiences.get(name)
