"""What is to become of late marks: admitted or dismissed, why, and by whose decision."""

import uuid

from django import forms


class LateForm(forms.Form):
    """A proposal for a second person to verify."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    admit = forms.TypedChoiceField(
        label="处理",
        choices=[("yes", "准予计入"), ("no", "不予计入")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择准予计入或不予计入。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。"},
    )
    decided_by = forms.CharField(
        label="决定人或会议",
        max_length=120,
        help_text="例如「擂台办主任」「评委会」。",
        error_messages={"required": "请写明由谁或哪次会议决定。"},
    )

    def __init__(self, data=None):
        super().__init__(data, initial={"op": uuid.uuid4()})
