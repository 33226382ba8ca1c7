"""The product's settings with an address that tells something to a hall of readers."""

from config import settings as product

globals().update({name: getattr(product, name) for name in dir(product) if name.isupper()})
ROOT_URLCONF = "bench.arena_urls"
