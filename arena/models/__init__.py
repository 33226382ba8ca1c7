"""What the arena keeps: events with their turns, the judges' devices, printed sheets, the audience
jury, ceremonies, the feed's items."""

from arena.models.ceremony import Ceremony
from arena.models.feed import FeedItem
from arena.models.jury import Ballot, JurySeat
from arena.models.paper import PaperSheet
from arena.models.signin import Card, Device, Presence
from arena.models.stage import AudiencePage, Cover, Event, Turn

__all__ = [
    "AudiencePage",
    "Ballot",
    "Card",
    "Ceremony",
    "Cover",
    "Device",
    "Event",
    "FeedItem",
    "JurySeat",
    "PaperSheet",
    "Presence",
    "Turn",
]
