"""What the arena keeps: events with their turns, printed sheets, ceremonies, the feed's items."""

from arena.models.ceremony import Ceremony
from arena.models.feed import FeedItem
from arena.models.paper import PaperSheet
from arena.models.stage import Cover, Event, Turn

__all__ = ["Ceremony", "Cover", "Event", "FeedItem", "PaperSheet", "Turn"]
