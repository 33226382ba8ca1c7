"""The meeting's decision as a form: its papers, and for every award a row for each entry."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from rewards.changes import LONGEST_REASON, read_amount


class DecisionForm(forms.Form):
    """Which meeting, when, by which document."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    meeting = forms.CharField(
        label="会议或决定人",
        max_length=120,
        help_text="例如：常委会第 12 次会议。",
        error_messages={"required": "请写明由哪次会议或谁决定。"},
    )
    decided_on = forms.DateField(
        label="决定日期",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": "请填写决定日期。",
            "invalid": "日期应写成 2022-09-01 的样子。",
        },
    )
    document_number = forms.CharField(
        label="文号",
        max_length=80,
        help_text="会议纪要或批复的编号。",
        error_messages={"required": "请填写文号，便于核对原件。"},
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可不填。只在内部页面显示。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("op", uuid.uuid4())


class ScanForm(forms.Form):
    """The scan of the paper, chosen on the page that asks for confirmation."""

    scan = forms.FileField(
        label="扫描件",
        required=False,
        help_text="PDF 或图片（jpg、png），不超过 10 MB。没有扫描件可以不选。",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}
        ),
        error_messages={"empty": "扫描件是空文件，请重新选择。"},
    )


class ChangeForm(forms.Form):
    """One entry under one award: whether the meeting changes what the rules give, and why."""

    change = forms.BooleanField(label="调整", required=False)
    reason = forms.CharField(label="理由", required=False, max_length=LONGEST_REASON)
    amount = forms.CharField(label="金额", required=False, max_length=20)

    def __init__(self, *args, award, row, usual, needs_amount, **kwargs):
        super().__init__(*args, prefix=f"{award.award}.{row.entry}", **kwargs)
        self.award, self.row, self.usual = award, row, usual
        self.give = row.computed is None
        self.needs_amount = self.give and needs_amount
        self.verb = "给予" if self.give else "取消"
        where = f"「{award.title}」{row.name}"
        self.fields["change"].label = f"{where}：{self.verb}"
        self.fields["reason"].label = f"{where}：理由"
        self.fields["amount"].label = f"{where}：金额（元）"
        if not self.give:
            del self.fields["amount"]
        for name, described in (("reason", "理由"), ("amount", "金额")):
            if name in self.fields:
                attrs = self.fields[name].widget.attrs
                attrs |= {"class": "form-control", "aria-label": f"{where}{described}"}
        if self.give:
            attrs = self.fields["amount"].widget.attrs
            hint = usual or ("必填" if self.needs_amount else "")
            attrs |= {"inputmode": "decimal", "placeholder": hint, "autocomplete": "off"}
        self.fields["change"].widget.attrs["class"] = "form-check-input"

    def clean_amount(self):
        return read_amount(self.cleaned_data["amount"])

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        if data["change"] and not data["reason"]:
            self.add_error("reason", "请写明理由。")
        if data["change"] and self.needs_amount and not self.usual and not data["amount"]:
            self.add_error("amount", "名次在金额表之外，请写明奖励金额。")
        if not data["change"] and (data["reason"] or data.get("amount")):
            self.add_error("change", f"填了理由或金额，请勾选「{self.verb}」；不调整的请清空。")
        return data

    def to_change(self):
        """This function will return the change as record_decision takes it."""
        return {
            "award": self.award.award,
            "entry": self.row.entry,
            "give": self.give,
            "reason": self.cleaned_data["reason"],
            "amount": self.cleaned_data.get("amount"),
        }


class ChangeForms:
    """The rows of all awards, in their sections: [(AwardSection, [ChangeForm])]."""

    def __init__(self, choices, data=None, changes=()):
        before = {(change.award, change.entry): change for change in changes}
        self.sections = []
        for section, rows in choices:
            own = []
            for row, usual, needs_amount in rows:
                change = before.get((section.offer.award, row.entry))
                initial = {}
                if change is not None and change.give == (row.computed is None):
                    initial = {"change": True, "reason": change.reason, "amount": change.amount}
                own.append(
                    ChangeForm(
                        data,
                        award=section.offer,
                        row=row,
                        usual=usual,
                        needs_amount=needs_amount,
                        initial=initial,
                    )
                )
            self.sections.append((section, own))
        self.forms = [form for _section, own in self.sections for form in own]

    def is_valid(self):
        """This function will return whether every row is valid."""
        return all(form.is_valid() for form in self.forms)

    @property
    def errors(self):
        """Every row's errors, as `errors_of` gives them."""
        return [error for form in self.forms for error in errors_of(form)]

    def changes(self):
        """This function will return the ticked rows as record_decision takes them."""
        return [form.to_change() for form in self.forms if form.cleaned_data["change"]]

    def hidden(self):
        """This function will return the hidden fields that carry the rows through a page."""
        return [
            form[name].as_hidden()
            for form in self.forms
            if form.cleaned_data["change"]
            for name in form.fields
        ]


class VerifyForm(forms.Form):
    """The second person's word."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label="我已对照原件，会议、日期、文号和每一项调整都一致",
        error_messages={"required": "请勾选确认后再核对。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="verify", **kwargs)
        if not self.is_bound:
            self.initial.setdefault("op", uuid.uuid4())


class ReturnForm(forms.Form):
    """Why a decision goes back."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="退回原因",
        max_length=200,
        error_messages={"required": "请写明退回原因，便于录入人更正。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="return", **kwargs)
        if not self.is_bound:
            self.initial.setdefault("op", uuid.uuid4())


def errors_of(form):
    """This function will return a bound form's errors for the list at the top of its page: text,
    and the label and id of the field that each belongs to."""
    return [
        {
            "text": text,
            "label": form[name].label if name in form.fields else "",
            "target": form[name].id_for_label if name in form.fields else "",
        }
        for name, texts in (form.errors if form.is_bound else {}).items()
        for text in texts
    ]


def add_errors(form, error):
    """This function will put an action's ValidationError on the fields it names, else on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, messages in error.message_dict.items():
        target = name if name in form.fields else None
        form.add_error(target, ValidationError(messages))
