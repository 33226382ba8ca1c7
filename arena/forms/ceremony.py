"""Forms of a ceremony: the order of its groups, and a move."""

import uuid

from django import forms

from arena.actions.ceremony import MOVES
from arena.forms.stage import StepForm


class MakeForm(forms.Form):
    """Making a ceremony: the operation, so that a double click makes one."""

    op = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None):
        super().__init__(data, initial={"op": uuid.uuid4()})


class CeremonyMoveForm(StepForm):
    """One move of a ceremony, as a button of the console sends it."""

    move = forms.ChoiceField(label="下一步", choices=list(MOVES.items()))


class OrderForm(StepForm):
    """Which groups are awarded (`in-KEY`), and as which in the order (`at-KEY`)."""

    def __init__(self, data=None, *, script):
        super().__init__(data)
        self.script = script
        for number, group in enumerate(script, 1):
            self.fields[f"in-{group.key}"] = forms.BooleanField(required=False)
            self.fields[f"at-{group.key}"] = forms.IntegerField(
                min_value=1,
                max_value=999,
                initial=number,
                error_messages={
                    "required": f"请填写「{group.title}」的次序。",
                    "invalid": f"「{group.title}」的次序应为整数。",
                    "min_value": f"「{group.title}」的次序从 1 起。",
                    "max_value": f"「{group.title}」的次序最大为 999。",
                },
            )

    @property
    def chosen(self):
        """The keys of the groups that are awarded, by their numbers; then as in the script."""
        data = self.cleaned_data
        keys = [group.key for group in self.script if data[f"in-{group.key}"]]
        return sorted(keys, key=lambda key: data[f"at-{key}"])
