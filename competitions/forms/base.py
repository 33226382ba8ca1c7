"""What every form that saves has: the operation that it is, and a way to run its action once."""

import hashlib
import uuid

from django import forms
from django.core.exceptions import ValidationError

from record.actions import StaleRevision
from record.models import Revision

# Sent with every form, and no part of what it says.
NOT_SAID = {"op", "csrfmiddlewaretoken"}
DASHES = "---------"


class ActionForm(forms.Form):
    """A form whose `op` names the operation, so that a double click saves once.

    `newer` is the revision that somebody else saved in the meantime, if one did.
    """

    op = forms.UUIDField(widget=forms.HiddenInput)
    newer = None

    def __init__(self, data=None, *, initial=None, **kwargs):
        super().__init__(data, initial={"op": uuid.uuid4(), **(initial or {})}, **kwargs)
        for field in self.fields.values():
            # Django's own prompt is a row of dashes.
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == DASHES:
                field.empty_label = f"请选择{field.label}"

    @property
    def operation(self):
        """The id of what this form says: the page's `op` together with everything typed.

        The same page sent twice is one operation. Gone back to, changed and sent again it is
        another one: it must not pass for the first and be lost.
        """
        op = self.cleaned_data.get("op")
        if op is None:
            return None
        said = []
        for name in sorted(set(self.data) - NOT_SAID):
            values = self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data[name]]
            said += [f"{name}={value}" for value in values]
        said += [f"{name}={file.name} {file.size}" for name, file in sorted(self.files.items())]
        return uuid.uuid5(op, hashlib.sha256("\0".join(said).encode()).hexdigest())

    @property
    def repeated(self):
        """Whether this form's operation is in the record already: the form was sent twice."""
        operation = self.operation
        return operation is not None and Revision.objects.filter(op_id=operation).exists()

    def run(self, action, **kwargs):
        """This function will run an action with this form's operation.

        It returns what the action returned (True for None), or None after putting the refusal's
        sentences on the form.
        """
        try:
            result = action(**kwargs, op_id=self.operation)
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
