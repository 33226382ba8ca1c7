"""How the view of the feed tells the process that sends to go on: a Door in the request's META."""

from collections.abc import Callable
from dataclasses import dataclass

KEY = "leitai.feed"


@dataclass
class Door:
    """Put into the request by a process that can send; the view opens it for who may follow."""

    find_faults: Callable[[], list]
    channel: str = ""
    after: int = 0
    last: int = 0
    # Where a reader who has not signed in comes from; empty for one who has.
    address: str = ""

    @property
    def is_open(self):
        """This function will return whether the view let the reader in."""
        return bool(self.channel)
