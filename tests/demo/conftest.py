"""The demonstration, loaded once for all tests of a folder: it takes some seconds."""

import pytest

from publication.demo.load import load_demonstration
from tests.database import reset_database
from tests.kept import keep


@pytest.fixture(scope="package")
def demonstration(django_db_setup, django_db_blocker):
    """This function will load the years; every test works on them in a transaction of its own."""
    with django_db_blocker.unblock():
        assert keep("demonstration", load_demonstration, alone=True)
        yield
        reset_database()
