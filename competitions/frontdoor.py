"""What the front door shows: the competitions of which something has been made known.

Publications stand above this app, so they register themselves here when they start.
"""

from dataclasses import dataclass

_providers: list = []


@dataclass(frozen=True)
class Published:
    """A competition that everyone may read about: where, when, and what is known so far."""

    title: str
    host_name: str
    year: int
    url: str
    note: str = ""
    demo: bool = False


def register_published(provider):
    """This function will add a provider: provider() -> [Published], latest first."""
    if provider not in _providers:
        _providers.append(provider)


def find_published():
    """This function will return what visitors may read, latest first."""
    return [item for provider in _providers for item in provider()]
