"""One bonus or deduction, the filters of the ledger, and what a second person does with a row."""

import uuid

from django import forms

from scoring.actions.ledger import LedgerDraft
from scoring.models import Checked
from scoring.queries.ledger import find_matters


class LedgerForm(forms.Form):
    """A new or corrected event. `revision` is empty for a new one."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.UUIDField(required=False, widget=forms.HiddenInput)
    entry = forms.ChoiceField(label="参评单位", error_messages={"required": "请选择参评单位。"})
    item = forms.ChoiceField(label="加减分项", error_messages={"required": "请选择加减分项。"})
    happened_on = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写日期。", "invalid": "日期不对，请重新选择。"},
    )
    points = forms.CharField(
        label="分值",
        required=False,
        max_length=20,
        help_text="加分、扣分都写正数；不填就按规则每次的分值。",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label="事由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明事由。"},
    )
    matter = forms.CharField(
        label="同一事项",
        required=False,
        max_length=80,
        help_text="同一件事多次加分时写同样的名称，规则可能只按最高分计一次；没有就不填。",
    )
    same_as = forms.ChoiceField(
        label="与哪一条是同一事项",
        required=False,
        help_text="事项名称已抹去、写不出同样名称时，在这里选一条已登记的；选了就以这里为准。",
    )
    file = forms.FileField(
        label="佐证材料",
        required=False,
        help_text="图片（jpg、png、webp）或 PDF，不超过 10 MB。",
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf"}),
        error_messages={"empty": "佐证材料是空文件，请重新选择。"},
    )

    def __init__(self, data=None, files=None, *, book, event=None):
        initial = {"op": uuid.uuid4()}
        if event is not None:
            initial |= {
                "revision": event.revision,
                "entry": event.entry.key,
                "item": f"{event.criterion_key}:{event.item_key}",
                "happened_on": event.happened_on,
                "points": event.points,
                "reason": event.reason,
                "matter": event.matter,
            }
        super().__init__(data, files, initial=initial)
        self.fields["entry"].choices = [("", "请选择")] + [
            (entry.key, entry.name) for entry in book.entries
        ]
        self.fields["item"].choices = [("", "请选择"), *item_groups(book)]
        matters = find_matters(book.competition, without=event.key if event else "")
        self.fields["same_as"].choices = [("", "不选，按上面的名称"), *matters]
        if not matters:
            del self.fields["same_as"]
        if event is not None and event.evidence:
            self.fields["file"].help_text += f"不重新上传就保留「{event.evidence_name}」。"

    @property
    def draft(self):
        """The LedgerDraft that the form says."""
        data = self.cleaned_data
        criterion, _, item = data["item"].partition(":")
        return LedgerDraft(
            entry_key=data["entry"],
            criterion_key=criterion,
            item_key=item,
            happened_on=data["happened_on"],
            points=data["points"],
            reason=data["reason"],
            matter=data["matter"],
            same_as=data.get("same_as", ""),
        )


def item_groups(book):
    """This function will return the items as choices, grouped by criterion and direction."""
    groups = {}
    several = len({item.criterion.key for item in book.items}) > 1
    for item in book.items:
        word = "加分" if item.is_bonus else "扣分"
        title = f"{item.criterion.title} · {word}" if several else word
        each = f"（每次 {item.item.points:f} 分）" if item.item.points is not None else ""
        groups.setdefault(title, []).append((item.key, item.title + each))
    return list(groups.items())


class LedgerFilter(forms.Form):
    """Which events are listed. Whatever it does not know narrows nothing."""

    STATES = [
        ("", "全部状态"),
        (Checked.State.ENTERED, "待核对"),
        (Checked.State.RETURNED, "已退回"),
        (Checked.State.VERIFIED, "已核对"),
        ("withdrawn", "已撤回"),
    ]
    entry = forms.ChoiceField(label="参评单位", required=False)
    item = forms.ChoiceField(label="加减分项", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)

    def __init__(self, data, *, book):
        super().__init__(data)
        self.fields["entry"].choices = [("", "全部单位")] + [
            (entry.key, entry.name) for entry in book.entries
        ]
        self.fields["item"].choices = [("", "全部事项"), *item_groups(book)]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    @property
    def narrowed(self):
        """{"entry", "item", "state"} of the choices that are known, "" for the others."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class SettleForm(forms.Form):
    """What somebody does with one row as it was shown: verify, return or withdraw it."""

    DOINGS = [("verify", "核对无误"), ("return", "退回"), ("withdraw", "申请撤回")]

    op = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.UUIDField(widget=forms.HiddenInput)
    do = forms.ChoiceField(label="办理", choices=DOINGS)
    reason = forms.CharField(
        label="原因", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    @classmethod
    def of(cls, row):
        """This function will return the form for a row as it stands now."""
        return cls(initial={"op": uuid.uuid4(), "revision": row.revision})
