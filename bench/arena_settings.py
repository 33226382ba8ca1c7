"""The product's settings with an address that tells something to a hall of readers."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.arena_urls"
