"""Terms of office: one, a change of secretary, corrections."""

from django import forms

from competitions.forms.base import ActionForm
from competitions.forms.entrants import ConfirmImportForm
from competitions.forms.people import PersonMixin
from competitions.models import Unit

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


REASON = {
    "label": "变更依据",
    "required": False,
    "max_length": 300,
    "widget": forms.Textarea(attrs={"rows": 2}),
    "help_text": (
        "已有打分或数据录入后，改变本年度任职天数的，写明任免文件等依据，由另一人确认后生效。"
    ),
}


class TermFields(forms.Form):
    """Since, until and acting, with their check."""

    since = forms.DateField(label="任职日期", widget=DAY)
    until = forms.DateField(
        label="免职日期", required=False, widget=DAY, help_text="仍在任的不填。"
    )
    acting = forms.BooleanField(
        label="主持工作（代理）", required=False, help_text="没有正式任命、主持党委工作的勾选。"
    )

    reason = forms.CharField(**REASON)

    def clean(self):
        """This function will refuse a term that ends before it begins."""
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "免职日期不能早于任职日期。")
        return data


class NewTermForm(TermFields, PersonMixin, ActionForm):
    """A secretary takes office; the former one's term ends on the day before, if wanted."""

    unit = forms.ModelChoiceField(label="单位", queryset=Unit.objects.none())
    ends_former = forms.BooleanField(
        label="同时结束前任的任期",
        required=False,
        help_text="前任的免职日期记为新任任职日期的前一天。",
    )
    field_order = [
        *("op", "unit", "known", "name", "namesake", "post", "phone", "since", "until"),
        *("acting", "ends_former", "reason"),
    ]

    def __init__(self, data=None, *, competition, units, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["unit"].queryset = units
        self.use_host(competition.host_code)


class TermForm(TermFields, ActionForm):
    """The correction of a term that is on record."""


class SettleChangeForm(ActionForm):
    """What a second person does with a proposed change: confirm it, or return it with a reason."""

    do = forms.ChoiceField(label="办理", choices=[("verify", "确认"), ("return", "退回")])
    reason = forms.CharField(label="退回原因", required=False, max_length=200)


class ConfirmTermsForm(ConfirmImportForm):
    """The confirmation of a preview of terms, with what it rests on once there is evidence."""

    reason = forms.CharField(**REASON)
