"""What is checked before the first request: routes declare their gate, the record is guarded."""

from django.core import checks
from django.core.exceptions import ImproperlyConfigured


def refuse_to_start_when_unsafe():
    """This function will run all system checks, the database's included, and raise on an error."""
    found = checks.run_checks(include_deployment_checks=False, databases=["default"])
    serious = [item for item in found if item.is_serious()]
    if serious:
        raise ImproperlyConfigured("\n".join(str(item) for item in serious))
