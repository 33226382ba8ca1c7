"""People who compete for themselves, and who competes in which track."""

from django import forms

from competitions.forms.base import ActionForm, RevisionForm
from competitions.forms.entrants import SheetForm
from competitions.forms.people import PersonMixin
from competitions.tracks import tracks_for

GROUP = {
    "label": "类别组",
    "max_length": 40,
    "required": False,
    "help_text": "规则按类别组分组排名时填写，例如「A类」。",
}
FACTOR = {"label": "难度系数", "max_length": 12, "help_text": "没有规定的填 1；例如 1.1。"}


class NewContestantForm(PersonMixin, ActionForm):
    """A person who is to compete: known already or new, of which unit, in which tracks."""

    unit = forms.CharField(
        label="所在单位",
        max_length=60,
        help_text="村、乡镇或部门，照公文写法；本县（区）没有登记过的会一并登记。",
        error_messages={"required": "请填写所在单位。"},
    )
    peer_group = forms.CharField(**GROUP)
    factor = forms.CharField(initial="1", **FACTOR)
    tracks = forms.MultipleChoiceField(
        label="参加榜单",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="都不勾选的，各榜都参加。",
    )
    field_order = [
        *("op", "known", "name", "namesake", "post", "phone", "unit", "peer_group", "factor"),
        "tracks",
    ]

    def __init__(self, data=None, *, host_code, scheme, **kwargs):
        super().__init__(data, **kwargs)
        self.use_host(host_code)
        offered = tracks_for(scheme, "person")
        self.fields["tracks"].choices = [(track.key, track.title) for track in offered]
        if len(offered) < 2:
            del self.fields["tracks"]


class ContestantForm(RevisionForm):
    """What may change of a person on the list."""

    peer_group = forms.CharField(**GROUP)
    factor = forms.CharField(**FACTOR)

    @classmethod
    def initial_of(cls, entry):
        """This function will return the fields' values for an entry as it stands."""
        return {"peer_group": entry.peer_group, "factor": entry.factor}

    def compare(self, entry):
        """This function will return rows for a table of what was typed beside what is saved."""
        return [
            {"label": self.fields[name].label, "left": self.data.get(name, ""), "right": right}
            for name, right in self.initial_of(entry).items()
        ]


class PeopleSheetForm(SheetForm):
    """A sheet of people."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[
            "text"
        ].help_text = "在表格软件里选中（连同表头）复制，粘贴到这里；至少要有「姓名」「单位」两栏。"


class TrackForm(RevisionForm):
    """Who competes in one track: a box for each entrant."""

    keys = forms.MultipleChoiceField(
        label="参加的对象", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, *, entries, chosen, **kwargs):
        super().__init__(data, initial={"keys": chosen}, **kwargs)
        self.fields["keys"].choices = [(entry.key, entry.name) for entry in entries]
