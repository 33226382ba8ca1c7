"""Changing entrants: names, group and factor, place in the order; a sheet to be imported."""

from django import forms
from django.core import signing

from competitions.forms.base import ActionForm, RevisionForm
from competitions.models import Unit
from competitions.queries.entrant_import import MOST_PEOPLE, TOWNS
from competitions.sheets import read_paste, read_table
from competitions.text import split_names


class EntryForm(RevisionForm):
    """One unit of the list."""

    name = forms.CharField(label="名称", max_length=60, help_text="照公文写法。")
    aliases = forms.CharField(
        label="别名",
        max_length=200,
        required=False,
        help_text="大家平时的叫法，用顿号分开；导入表格时都认得。",
    )
    kind = forms.ChoiceField(label="类别", choices=Unit.Kind.choices)
    peer_group = forms.CharField(
        label="类别组",
        max_length=40,
        required=False,
        help_text="规则按类别组分组排名时填写，例如「A类」「农场」。",
    )
    factor = forms.CharField(
        label="难度系数", max_length=12, help_text="没有规定的填 1；例如 1.1。"
    )
    of = forms.ChoiceField(
        label="所属单位",
        required=False,
        help_text="村属于哪个乡镇；乡镇的得分要取各村平均时用到，没有就不选。",
    )
    people = forms.IntegerField(
        label="发放人数",
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text="按人发放的奖励，本单位发给几人；留空的按规则写明的人数。",
    )

    def __init__(self, data=None, *, entry, others, paid, **kwargs):
        super().__init__(data, **kwargs)
        names = [row.unit.name for row in others if row.of_id is None and not row.withdrawn]
        self.fields["of"].choices = [("", "不属于名单上的单位"), *((name, name) for name in names)]
        # A town belongs to nobody: its form asks for less.
        if entry.unit.kind in TOWNS and entry.of_id is None:
            del self.fields["of"]
        if not paid and entry.people is None:
            del self.fields["people"]

    @classmethod
    def initial_of(cls, entry):
        """This function will return the fields' values for an entry as it stands."""
        return {
            "name": entry.unit.name,
            "aliases": "、".join(entry.unit.aliases),
            "kind": entry.unit.kind,
            "peer_group": entry.peer_group,
            "factor": entry.factor,
            "of": entry.of.unit.name if entry.of else "",
            "people": entry.people,
        }

    def clean_aliases(self):
        """This function will return the aliases as a list."""
        return split_names(self.cleaned_data["aliases"])

    def compare(self, entry):
        """This function will return rows for a table of what was typed beside what is saved."""
        saved = self.initial_of(entry)
        labels = dict(Unit.Kind.choices)
        rows = []
        for name, right in saved.items():
            if name not in self.fields:
                continue
            left = self.data.get(name, "")
            if name == "kind":
                left, right = labels.get(left, left), labels[right]
            rows.append({"label": self.fields[name].label, "left": left, "right": right})
        return rows


class MoveForm(ActionForm):
    """A new place of an entry in the official or the custom order."""

    to = forms.IntegerField(label="新的次序", min_value=1, max_value=9999)
    order = forms.ChoiceField(
        label="排列", choices=[("official", "建制顺序"), ("custom", "自定义")]
    )


class SheetForm(forms.Form):
    """A sheet that was pasted or uploaded: one of both."""

    text = forms.CharField(
        label="粘贴表格",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="在表格软件里选中（连同表头）复制，粘贴到这里；也可以一行写一个单位。",
    )
    file = forms.FileField(
        label="或上传文件",
        required=False,
        allow_empty_file=True,
        help_text="xlsx 或 csv，不超过 10 MB。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean(self):
        """This function will read the table into `self.table`, or ask for one of both."""
        data = super().clean()
        file, text = data.get("file"), data.get("text") or ""
        if file is None and not text.strip():
            raise forms.ValidationError("请粘贴表格，或选择要上传的文件。")
        if file is not None and text.strip():
            raise forms.ValidationError("粘贴和上传请只用一种，以免弄错。")
        self.table = read_table(file, file.name) if file is not None else read_paste(text)
        return data


class ConfirmImportForm(RevisionForm):
    """The confirmation of a preview: it carries the rows, signed so that nobody can change them."""

    rows = forms.CharField(widget=forms.HiddenInput, strip=False)
    SALT = "competitions.import"

    @classmethod
    def pack(cls, purpose, rows):
        """This function will return rows (plain data) as signed text for this purpose."""
        return signing.dumps([purpose, rows], salt=cls.SALT, compress=True)

    def __init__(self, *args, purpose, **kwargs):
        super().__init__(*args, **kwargs)
        self.purpose = purpose

    def clean_rows(self):
        """This function will return the rows of the preview, refusing anything else."""
        try:
            purpose, rows = signing.loads(self.cleaned_data["rows"], salt=self.SALT)
        except (signing.BadSignature, ValueError):
            purpose, rows = None, []
        if purpose != self.purpose:
            raise forms.ValidationError("预览的内容不完整，没有导入，请重新粘贴或上传。")
        return rows
