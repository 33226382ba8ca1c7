"""What the arena keeps: events with their turns, printed score sheets, the feed's items."""

from arena.models.feed import FeedItem
from arena.models.paper import PaperSheet
from arena.models.stage import Cover, Event, Turn

__all__ = ["Cover", "Event", "FeedItem", "PaperSheet", "Turn"]
