"""Who is signed in, found by SQL that is written once: every page asks for the account."""

from django.contrib.auth.backends import ModelBackend

from competitions.models import User
from record.prepared import Prepared

ACCOUNT = Prepared(lambda account: User.objects.filter(pk=account))


class AccountBackend(ModelBackend):
    """Signs in by account and password."""

    def get_user(self, user_id):
        """This function will return the account of a session, None when it may not sign in."""
        found = ACCOUNT.first(account=user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
