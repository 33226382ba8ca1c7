"""Judges: appointing one, changing one, seating them, recusing them."""

from django import forms

from competitions.actions.judges import sits_on
from competitions.forms.base import ActionForm, RevisionForm
from competitions.forms.entrants import SheetForm
from competitions.forms.people import PersonMixin
from competitions.forms.signin import NEW_ACCOUNT, AccountField
from competitions.models import Involvement, Judge


class JudgeFields(forms.Form):
    """Number, group and seniority."""

    number = forms.IntegerField(
        label="评委号", min_value=1, max_value=999, help_text="公布时可以代替姓名。"
    )
    group_key = forms.ChoiceField(label="评委组", required=False)
    seniority = forms.IntegerField(
        label="排序", min_value=1, max_value=999, help_text="名单按职务和资历从前到后排列。"
    )

    def use_groups(self, scheme):
        """This function will offer the groups of the rules."""
        groups = [(group.key, group.title) for group in (scheme.judge_groups if scheme else ())]
        field = self.fields["group_key"]
        field.choices = groups or [("", "不分组")]
        field.required = bool(groups)


class NewJudgeForm(JudgeFields, PersonMixin, ActionForm):
    """Appointing a judge, with seats and an account if wanted."""

    seated = forms.BooleanField(
        label="参加本组打分的全部环节",
        required=False,
        help_text="只参加其中几个环节的，添加以后在评委席里勾选。",
    )
    account = forms.BooleanField(
        label="同时开通账号",
        required=False,
        help_text="开通后显示一次初始密码，请打印给本人；已有账号的不用再开。",
    )
    username = forms.CharField(
        label="账号",
        max_length=60,
        required=False,
        help_text="留空时按比武和评委编号取名。",
    )
    field_order = ["op", "known", "name", "namesake", "post", "phone", "group_key", "number"]

    def __init__(self, data=None, *, competition, scheme, **kwargs):
        super().__init__(data, **kwargs)
        self.use_host(competition.host_code)
        self.use_groups(scheme)

    def clean(self):
        """This function will refuse a second account for a person who has one."""
        data = super().clean()
        known = data.get("known")
        if data.get("account") and known is not None and known.accounts.exists():
            self.add_error("account", f"{known.name}已有账号，不用再开。")
        return data


class ReplaceJudgeForm(PersonMixin, ActionForm):
    """Who takes over the seats of a judge."""

    field_order = ["op", "name", "known", "namesake", "post", "phone"]

    def __init__(self, data=None, *, competition, **kwargs):
        super().__init__(data, **kwargs)
        self.use_host(competition.host_code)
        self.fields["name"].help_text = "登记过的人员不用填，在下一栏选。"


class JudgeForm(JudgeFields, RevisionForm):
    """Changing a judge that is on the list."""

    def __init__(self, data=None, *, scheme, **kwargs):
        super().__init__(data, **kwargs)
        self.use_groups(scheme)


class JudgeSheetForm(SheetForm):
    """A sheet of judges."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = (
            "在表格软件里选中（连同表头）复制，粘贴到这里；至少要有「姓名」一栏。"
            "留空的格不改；表里没有的评委不动。"
        )


class MoveJudgeForm(ActionForm):
    """A judge's new place in his group: one button says who, where to and in which order."""

    move = forms.RegexField(r"^[a-z0-9]+:[0-9]{1,4}:(seniority|custom)$", label="移动")

    @property
    def wanted(self):
        """(judge key, place from 1, order) of the button that was pressed."""
        key, to, order = self.cleaned_data["move"].split(":")
        return key, int(to), order


class AccountForm(ActionForm):
    """Opening an account for somebody who has none."""

    username = AccountField(help_text=NEW_ACCOUNT)


def seat_name(judge, round_key):
    """This function will return the name of the box that seats a judge in a round."""
    return f"s:{round_key}:{judge.key}"


class SeatsForm(RevisionForm):
    """Judges × rounds, a box where the judge's group belongs to the round's panel."""

    def __init__(self, data=None, *, judges, rounds, **kwargs):
        super().__init__(data, **kwargs)
        self.judges, self.rounds = judges, rounds
        for judge in judges:
            held = {seat.round_key for seat in judge.seats.all()}
            for item in rounds:
                if not sits_on(judge, item):
                    continue
                label = f"{judge.number} 号评委参加{item.title}"
                self.fields[seat_name(judge, item.key)] = forms.BooleanField(
                    required=False,
                    label=label,
                    initial=item.key in held,
                    widget=forms.CheckboxInput(
                        attrs={"class": "form-check-input", "aria-label": label}
                    ),
                )

    def _box(self, judge, item):
        name = seat_name(judge, item.key)
        return self[name] if name in self.fields else None

    @property
    def table(self):
        """[(judge, [(round, bound field, None where the judge's group does not mark)])]"""
        return [
            (judge, [(item, self._box(judge, item)) for item in self.rounds])
            for judge in self.judges
        ]

    @property
    def seats(self):
        """{round key: [Judge]} as ticked."""
        return {
            item.key: [
                judge for judge in self.judges if self.cleaned_data.get(seat_name(judge, item.key))
            ]
            for item in self.rounds
        }


class RecusalForm(ActionForm):
    """A recusal for a reason that the program cannot know."""

    judge = forms.ModelChoiceField(label="评委", queryset=Judge.objects.none())
    entry = forms.ModelChoiceField(label="单位", queryset=None)
    reason = forms.CharField(
        label="原因",
        max_length=160,
        help_text="例如「配偶在该镇任职」。原因只有工作人员和监督员看得到。",
    )

    def __init__(self, data=None, *, judges, entries, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["judge"].queryset = judges
        self.fields["entry"].queryset = entries


class InvolvementForm(ActionForm):
    """An office that a judge held in a unit, or a duty over it."""

    judge = forms.ModelChoiceField(label="评委", queryset=Judge.objects.none())
    entry = forms.ModelChoiceField(label="单位", queryset=None)
    kind = forms.ChoiceField(label="关系", choices=Involvement.Kind.choices)
    note = forms.CharField(label="说明", max_length=120, required=False)

    def __init__(self, data=None, *, judges, entries, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["judge"].queryset = judges
        self.fields["entry"].queryset = entries
