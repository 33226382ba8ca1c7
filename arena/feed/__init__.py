"""The live feed. What the rest of the arena calls:

tell(competition, round_key, audience, kind, data, *, now) -> FeedItem
tell_all(competition, round_key, kind, {audience: data}, *, now) -> [FeedItem]
channel_of(competition, round_key, audience) -> str
last_number(channel) -> int    # for data-feed-after of a page rendered now
"""

from arena.feed.audiences import open_to
from arena.feed.reading import last_number
from arena.feed.telling import channel_of, tell, tell_all

__all__ = ["channel_of", "last_number", "open_to", "tell", "tell_all"]
