"""A ruling of one kind: the fields that the kind asks for, why, by whom, when."""

import uuid

from django import forms

from scoring.actions.rulings import RulingDraft
from scoring.queries.ruling_kinds import KINDS, NAMED, PART_YEAR

PLEASE = [("", "请选择")]
NAMED_AS = {"boundary": "奖项或旗帜", "veto": "门槛或一票否决", "revoke_flag": "旗帜"}
GROUNDS = ("reason", "decided_by", "decided_on", "document_number")


class RulingForm(forms.Form):
    """A new or corrected ruling. `choices` is scoring.queries.rulings.RulingChoices; `proposed` has
    what a page that leads here knows already, as the fields would send it."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, kind, choices, ruling=None, proposed=None):
        initial = {**(proposed or {}), "op": uuid.uuid4()}
        if ruling is not None:
            initial |= {**ruling.subject, "revision": ruling.revision}
            initial |= {name: getattr(ruling, name) for name in GROUNDS}
            for place, key in enumerate(ruling.subject.get("entries", []), 1):
                initial[f"place:{key}"] = place
            initial["nobody"] = not ruling.subject.get("entries")
        super().__init__(data, initial=initial)
        self.kind = KINDS[kind]
        for name in self.kind.fields:
            self._add(name, choices)
        self.fields["reason"] = forms.CharField(
            label="理由",
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": "请写明理由。"},
        )
        self.fields["decided_by"] = forms.CharField(
            label="决定人或会议",
            max_length=120,
            help_text="例如「擂台办主任会议」「区委常委会」。",
            error_messages={"required": "请写明由谁或哪次会议决定。"},
        )
        self.fields["decided_on"] = forms.DateField(
            label="决定日期",
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"required": "请填写决定日期。", "invalid": "日期不对，请重新选择。"},
        )
        self.fields["document_number"] = forms.CharField(
            label="文号或纪要号", required=False, max_length=80
        )

    def _add(self, name, choices):
        optional = name in self.kind.optional
        if name == "value" and self.kind.key == "set_points":
            self.fields[name] = forms.CharField(
                label="裁定得分",
                max_length=20,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                error_messages={"required": "请填写得分。"},
            )
        elif name == "value" and self.kind.key == "set_overtime":
            self.fields[name] = forms.CharField(
                label="超时多少秒",
                max_length=5,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                help_text="超出限时的秒数，没有减宽限；几个时段都计入的，填合计。没有超时的填 0。",
                error_messages={"required": "请填写超时多少秒。"},
            )
        elif name == "entries" and self.kind.key == "tie_order":
            # Only entries of one track can tie: units stand together, and secretaries do.
            self.subjects = {f"place:{key}": row.subject for key, row in choices.rows.items()}
            for key, title in choices.entries:
                self.fields[f"place:{key}"] = forms.IntegerField(
                    label=title, required=False, min_value=1, max_value=99
                )
        elif name == "entries":
            self.fields[name] = forms.MultipleChoiceField(
                label="由谁获得",
                choices=choices.entries,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            self.fields["nobody"] = forms.BooleanField(
                label="会议决定并列的都不给予", required=False
            )
        else:
            label, found = self._choices(name, choices)
            empty = {"entry": "全部单位", "track": "所有榜单"}.get(name, "请选择")
            first = [("", empty)] if optional else PLEASE
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=not optional,
                choices=first + found,
                error_messages={"required": f"请选择{label}。"},
            )

    def _choices(self, name, choices):
        if name == "round" and self.kind.key == "set_overtime":
            return "环节", choices.timed
        if name == "of":
            return NAMED_AS[self.kind.key], NAMED[self.kind.key](choices.scheme)
        if name == "value":
            return "怎样计", list(PART_YEAR.items())
        labels = {
            "round": ("环节", choices.rounds),
            "judge": ("评委", choices.judges),
            "entry": ("参评对象", choices.entries),
            "track": ("榜单", choices.tracks),
            "criterion": ("评分项", choices.criteria),
        }
        return labels[name]

    @property
    def places(self):
        """The bound fields of a tie's order, one for each entry, as [(subject, fields)]."""
        found = {}
        for name in self.fields:
            if name.startswith("place:"):
                found.setdefault(self.subjects[name], []).append(self[name])
        return list(found.items())

    @property
    def subject_fields(self):
        """The bound fields that say what is decided, other than the places of a tie."""
        names = [*self.kind.fields, "nobody"]
        return [self[name] for name in names if name in self.fields]

    @property
    def ground_fields(self):
        """The bound fields that say why, by whom and when."""
        return [self[name] for name in GROUNDS]

    def clean(self):
        data = super().clean()
        places = {
            name.partition(":")[2]: value
            for name, value in data.items()
            if name.startswith("place:") and value
        }
        if len(set(places.values())) != len(places):
            raise forms.ValidationError("两个参评对象填了同样的先后，请改成不同的数。")
        if self.kind.key == "tie_order":
            data["entries"] = sorted(places, key=places.get)
        if "nobody" in self.fields and bool(data.get("entries")) == bool(data.get("nobody")):
            words = "勾选了由谁获得，就不要再勾选“都不给予”。"
            if not data.get("nobody"):
                words = "请勾选由谁获得；会议决定都不给的，勾选“都不给予”。"
            self.add_error("entries", words)
        return data

    @property
    def draft(self):
        """The RulingDraft that the form says."""
        data = self.cleaned_data
        return RulingDraft(
            kind=self.kind.key,
            subject={name: data.get(name) for name in self.kind.fields},
            reason=data["reason"],
            decided_by=data["decided_by"],
            decided_on=data["decided_on"],
            document_number=data["document_number"],
        )
