"""The product's settings with the tests' audiences, and a feed that beats fast."""

from config.settings import *  # noqa: F403
from config.settings import ALLOWED_HOSTS as OWN_HOSTS
from config.settings import INSTALLED_APPS as PRODUCT

INSTALLED_APPS = [*PRODUCT, "tests.arena.served"]
# A name that a browser does not take for its own machine.
ALLOWED_HOSTS = [*OWN_HOSTS, "hall.test"]
ROOT_URLCONF = "tests.arena.served.urls"
FEED_BEAT = 0.2
FEED_PLACES = 20
FEED_ASK_AGAIN = 0.5
