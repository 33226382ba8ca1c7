"""The timetable of the rounds, and the sites that a review visits."""

from django import forms

from competitions.forms.base import RevisionForm
from competitions.text import find_doubled, split_names


class ScheduleForm(RevisionForm):
    """Begin, due time and venue of every round, in the order of the rules."""

    def __init__(self, data=None, *, rounds, plans, **kwargs):
        super().__init__(data, **kwargs)
        self.rounds = rounds
        for track, item in rounds:
            plan = plans.get(item.key)
            name = f"{item.title}（{track.title}）"
            self.fields[f"starts:{item.key}"] = forms.DateField(
                label=f"{name}开始日期",
                required=False,
                initial=plan and plan.starts_on,
                widget=forms.DateInput(
                    attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"
                ),
            )
            self.fields[f"due:{item.key}"] = forms.DateTimeField(
                label=f"{name}截止时间",
                required=False,
                initial=plan and plan.due_at,
                widget=forms.DateTimeInput(
                    attrs={"type": "datetime-local", "class": "form-control"},
                    format="%Y-%m-%dT%H:%M",
                ),
            )
            self.fields[f"venue:{item.key}"] = forms.CharField(
                label=f"{name}地点",
                required=False,
                max_length=120,
                initial=plan.venue if plan else "",
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )
        for field in self.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = field.label

    @property
    def table(self):
        """[(track, round, [bound fields])]"""
        return [
            (track, item, [self[f"{part}:{item.key}"] for part in ("starts", "due", "venue")])
            for track, item in self.rounds
        ]

    @property
    def plans(self):
        """{round key: {"starts_on", "due_at", "venue"}} as typed."""
        data = self.cleaned_data
        return {
            item.key: {
                "starts_on": data[f"starts:{item.key}"],
                "due_at": data[f"due:{item.key}"],
                "venue": data[f"venue:{item.key}"],
            }
            for _, item in self.rounds
        }


class SitesForm(RevisionForm):
    """The sites of each entry in one round, one a line."""

    def __init__(self, data=None, *, entries, sites, **kwargs):
        super().__init__(data, **kwargs)
        self.entries = entries
        for entry in entries:
            self.fields[f"sites:{entry.key}"] = forms.CharField(
                label=entry.name,
                required=False,
                max_length=1000,
                initial="\n".join(sites.get(entry.id, [])),
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean(self):
        """This function will refuse a site whose name is too long, and note in `doubled` those
        that a unit names twice: they are one site."""
        data = super().clean()
        self.doubled = set()
        for entry in self.entries:
            typed = data.get(f"sites:{entry.key}") or ""
            names = split_names(typed)
            self.doubled |= {f"{entry}「{name}」" for name in find_doubled(typed)}
            if any(len(name) > 80 for name in names):
                self.add_error(f"sites:{entry.key}", "点位名称超过 80 个字，请写短一些。")
        return data

    @property
    def sites(self):
        """{Entry: [names]} as typed."""
        return {
            entry: split_names(self.cleaned_data[f"sites:{entry.key}"]) for entry in self.entries
        }
