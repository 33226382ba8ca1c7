"""What every form that saves has: the operation that it is, and a way to run its action once."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from competitions.actions.basis import done_before
from record.actions import StaleRevision


class ActionForm(forms.Form):
    """A form whose `op` names the operation, so that a double click saves once.

    `newer` is the revision that somebody else saved in the meantime, if one did.
    """

    op = forms.UUIDField(widget=forms.HiddenInput)
    newer = None

    def __init__(self, data=None, *, initial=None, **kwargs):
        super().__init__(data, initial={"op": uuid.uuid4(), **(initial or {})}, **kwargs)

    @property
    def repeated(self):
        """Whether this form's operation is in the record already: the form was sent twice."""
        return done_before(self.cleaned_data.get("op"))

    def run(self, action, **kwargs):
        """This function will run an action with this form's operation.

        It returns what the action returned (True for None), or None after putting the refusal's
        sentences on the form.
        """
        try:
            result = action(**kwargs, op_id=self.cleaned_data["op"])
        except StaleRevision as stale:
            self.newer = stale.newer
            self.add_error(None, stale.messages)
            return None
        except ValidationError as refusal:
            self.add_error(None, refusal.messages)
            return None
        return True if result is None else result


class RevisionForm(ActionForm):
    """A form that changes something and knows the revision it was made from."""

    revision = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, revision=None, initial=None, **kwargs):
        made_from = revision.op_id if revision else None
        super().__init__(data, initial={"revision": made_from, **(initial or {})}, **kwargs)

    def catch_up(self):
        """This function will make the next save count as made from the newer revision.

        The page shows both versions; what was typed stays in the fields.
        """
        self.data = self.data.copy()
        self.data["revision"] = str(self.newer.op_id) if self.newer else ""
        self.data["op"] = str(uuid.uuid4())
