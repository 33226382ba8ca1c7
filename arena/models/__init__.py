"""What the arena keeps: the feed's items."""

from arena.models.feed import FeedItem

__all__ = ["FeedItem"]
