"""Forms of a live event: the draw, a move, who speaks, calling it off."""

import uuid

from django import forms

from arena.actions.moves import MOVES
from arena.models import Cover, Event

REASON = {"required": "请写明理由。"}


class StepForm(forms.Form):
    """What every change of an event carries: the operation, and the step that the page showed."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    step = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, event=None):
        initial = {"op": uuid.uuid4()} | ({"step": event.step} if event else {})
        super().__init__(data, initial=initial)


class MoveForm(StepForm):
    """One move of the stage, as a button of the console sends it."""

    move = forms.ChoiceField(
        label="下一步", choices=[(key, move.title) for key, move in MOVES.items()]
    )
    first = forms.SlugField(label="单位", required=False)
    second = forms.SlugField(label="对调的单位", required=False)
    reason = forms.CharField(label="理由", required=False, max_length=200)

    def clean(self):
        """This function will gather the entries that the move names, as many as it needs."""
        data = super().clean()
        needed = MOVES[data["move"]].entries if data.get("move") else 0
        named = [data.pop(name, "") for name in ("first", "second")]
        return data | {"entries": named[:needed]}


class CoverForm(forms.Form):
    """What the large screen shall show, and what it showed on the operator's page."""

    kind = forms.ChoiceField(label="大屏画面", required=False, choices=Cover.Kind.choices)
    shown = forms.ChoiceField(label="现在的画面", required=False, choices=Cover.Kind.choices)


class PageForm(forms.Form):
    """The audience's page open or not; opening it asks for the confirmed sentence."""

    open = forms.BooleanField(label="打开观众页", required=False)
    sure = forms.BooleanField(label="确认", required=False)

    def clean(self):
        """This function will refuse to open without the sentence."""
        data = super().clean()
        if data.get("open") and not data.get("sure"):
            raise forms.ValidationError("请先勾选确认的一句。")
        return data


class SpeakerForm(StepForm):
    """Who speaks in place of the secretary."""

    entry = forms.SlugField(label="参评单位")
    speaker = forms.CharField(label="代表发言", required=False, max_length=40)


class AnnounceForm(forms.Form):
    """How the order will be drawn, made known before the draw."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    method = forms.ChoiceField(
        label="抽签方式",
        choices=Event.Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择抽签方式。"},
    )
    source = forms.CharField(
        label="抽签办法",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="按种子计算的，写明种子取自哪一期尚未公布的公开号码；现场摸签的，写明时间、地点和见证人身份。",
        error_messages={"required": "请写明抽签办法。"},
    )

    def __init__(self, data=None):
        super().__init__(data, initial={"op": uuid.uuid4(), "method": Event.Method.SEED})


class DrawForm(StepForm):
    """The seed, or the number that each entry drew; a reason for drawing again."""

    def __init__(self, data=None, *, event, entries):
        super().__init__(data, event=event)
        self.entries = entries
        if event.method == Event.Method.SEED:
            self.fields["seed"] = forms.CharField(
                label="种子",
                max_length=200,
                help_text="照公布的号码原样填写；多个空格按一个计。",
                error_messages={"required": "请填写种子。"},
            )
        else:
            for entry in entries:
                self.fields[f"lot-{entry.key}"] = forms.IntegerField(
                    label=f"{entry.heading}的签号",
                    min_value=1,
                    max_value=len(entries),
                    error_messages={
                        "required": f"请填写{entry.heading}的签号。",
                        "invalid": f"{entry.heading}的签号应为整数。",
                        "min_value": "签号从 1 起。",
                        "max_value": f"签号最大为 {len(entries)}。",
                    },
                )
        if event.drawn_at is not None:
            self.fields["reason"] = forms.CharField(
                label="重新抽签的理由", max_length=200, error_messages=REASON
            )

    @property
    def order(self):
        """The entry keys by the numbers drawn; entries of one number stay beside each other, which
        the action refuses."""
        numbers = [
            (self.cleaned_data[f"lot-{entry.key}"], entry.key)
            for entry in self.entries
            if f"lot-{entry.key}" in self.cleaned_data
        ]
        return [key for _number, key in sorted(numbers)]

    def clean(self):
        """This function will refuse a number that was drawn twice."""
        data = super().clean()
        numbers = [value for name, value in data.items() if name.startswith("lot-")]
        if len(set(numbers)) < len(numbers):
            raise forms.ValidationError("有两个单位填了同一个签号，请核对。")
        return data


class CallOffForm(StepForm):
    """Why a live event is called off."""

    reason = forms.CharField(
        label="取消现场的理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=REASON,
    )
