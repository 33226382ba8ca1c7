"""What the arena keeps: the live events with their turns, and the feed's items."""

from arena.models.feed import FeedItem
from arena.models.stage import Cover, Event, Turn

__all__ = ["Cover", "Event", "FeedItem", "Turn"]
