"""Creating a competition: the host, the year, the scheme, and the entrants that are proposed."""

from django import forms

from competitions.divisions import catalogue
from competitions.entrants import Entrant
from competitions.forms.base import ActionForm
from competitions.forms.previous import PreviousField
from competitions.models import Competition, Unit
from competitions.scheme.shipped import shipped_schemes
from competitions.text import split_names

FIRST_YEAR, LAST_YEAR = 2000, 2100


class DivisionSearchForm(forms.Form):
    """A typed name, pinyin initials or code of a county."""

    q = forms.CharField(
        label="主办县（区、旗、市）",
        required=False,
        max_length=40,
        help_text="输入名称、拼音首字母或代码，例如「临河」「lhq」「150802」。",
    )


class CompetitionForm(ActionForm):
    """Title, year and scheme of a new competition in a chosen county."""

    host_code = forms.CharField(widget=forms.HiddenInput, max_length=12)
    year = forms.IntegerField(
        label="年度",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"),
            f"年度要写成 {FIRST_YEAR} 到 {LAST_YEAR} 之间的四位数，例如 2026。",
        ),
        help_text="考核哪一年就填哪一年。",
    )
    scheme = forms.ChoiceField(
        label="评分办法",
        help_text="随系统提供的办法。想从空白、往年的办法或一份文本写起的，也先选一份，建好后在规则编辑器里「换个底稿」。",
        error_messages={"required": "请选择评分办法。"},
    )
    previous = PreviousField(
        required=False,
        help_text=(
            "进步奖、连续几次的旗帜，同上一届已公布的结果比较。可以先不选，规则公布以前在「上一届」页补上。"
        ),
    )
    title = forms.CharField(
        label="名称",
        max_length=120,
        required=False,
        help_text="留空时按「县（区）＋年度＋办法」取名。",
    )

    def __init__(self, data=None, *, within="", host_code="", demo=False, **kwargs):
        super().__init__(data, **kwargs)
        self.within = within
        self.fields["previous"].offer(Competition.objects.of_host(host_code), demo=demo)
        self.fields["scheme"].choices = [("", "请选择评分办法"), *shipped_schemes().items()]

    def clean_host_code(self):
        """This function will accept a county in the organiser's own area only."""
        code = self.cleaned_data["host_code"]
        county = catalogue.get(code)
        if county is None or county.level != "county" or not code.startswith(self.within):
            raise forms.ValidationError("请在查找结果中选择您所在的县（区）。")
        self.county = county
        return code


class ProposedForm(forms.Form):
    """One proposed entrant: ticked or not, with its names and its place in the official order."""

    pick = forms.BooleanField(label="参评", required=False)
    order = forms.IntegerField(label="建制顺序", min_value=1, max_value=9999, required=False)
    name = forms.CharField(label="名称", max_length=60)
    aliases = forms.CharField(
        label="别名", max_length=200, required=False, help_text="多个别名用顿号分开。"
    )
    division_code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
    kind = forms.ChoiceField(widget=forms.HiddenInput, choices=Unit.Kind.choices)


class BaseProposedFormSet(forms.BaseFormSet):
    """The list of proposed entrants. Ticked ones become entrants in their official order."""

    def __init__(self, *args, least=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.least = least

    def clean(self):
        """This function will refuse doubled names among the ticked, and too few of them."""
        if any(form.errors for form in self.forms):
            return
        names = [form.cleaned_data["name"] for form in self._ticked()]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise forms.ValidationError(f"名称重复：{'、'.join(doubled)}，请改正后再保存。")
        if len(names) < self.least:
            raise forms.ValidationError(f"请至少勾选 {self.least} 个单位。")

    def _ticked(self):
        return [form for form in self.forms if form.cleaned_data.get("pick")]

    @property
    def entrants(self):
        """The ticked units as Entrants, by the typed order; those without one come last."""
        ticked = sorted(
            self._ticked(),
            key=lambda form: (form.cleaned_data["order"] or 10_000, self.forms.index(form)),
        )
        return [
            Entrant(
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
                aliases=tuple(split_names(form.cleaned_data["aliases"])),
                division_code=form.cleaned_data["division_code"],
            )
            for form in ticked
        ]


ProposedFormSet = forms.formset_factory(
    ProposedForm, formset=BaseProposedFormSet, extra=0, max_num=500, absolute_max=500
)


def proposed_initial(units, *, ticked=True):
    """This function will return the formset's first values for ProposedUnits, in their order."""
    return [
        {
            "pick": ticked and unit.proposed,
            "order": number,
            "name": unit.name,
            "aliases": "、".join(unit.aliases),
            "division_code": unit.division_code,
            "kind": unit.kind,
        }
        for number, unit in enumerate(units, start=1)
    ]
