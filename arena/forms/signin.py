"""Forms of the judges' sign-in: which cards to make, what becomes of a device, a beat."""

import json
import uuid

from django import forms


class CardsForm(forms.Form):
    """The judges whose cards are made."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    judges = forms.MultipleChoiceField(
        label="评委",
        error_messages={"required": "请勾选要制作卡片的评委。"},
    )

    def __init__(self, data=None, *, judges):
        super().__init__(data, initial={"op": uuid.uuid4()})
        self.fields["judges"].choices = [(judge.key, str(judge)) for judge in judges]


class DecisionForm(forms.Form):
    """One button beside a device; `back` is the round whose console it stood on, if it was one."""

    device = forms.IntegerField(label="设备", min_value=1, max_value=2**62)
    decision = forms.ChoiceField(
        label="办理", choices=[(key, key) for key in ("approve", "refuse", "end")]
    )
    back = forms.SlugField(label="返回", required=False)


class BeatForm(forms.Form):
    """How many sheets wait on a judge's device."""

    unsent = forms.IntegerField(label="待上传的份数", min_value=0, max_value=10_000)

    @classmethod
    def from_body(cls, body):
        """This function will return the form of a JSON body; what is no JSON object is invalid."""
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            data = None
        return cls(data if isinstance(data, dict) else {})
