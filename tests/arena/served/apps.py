"""Audiences of the tests, opened as an app of the product opens its own."""

from django.apps import AppConfig


class ServedConfig(AppConfig):
    name = "tests.arena.served"

    def ready(self):
        from tests.arena.served.audiences import open_all

        open_all()
