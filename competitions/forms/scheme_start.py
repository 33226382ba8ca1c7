"""What the rules begin from: a shipped scheme, an earlier year's, a text, or nothing."""

from django import forms

from competitions.forms.rules import SchemeForm
from competitions.scheme.draft import new_table
from competitions.scheme.local import begin_year, make_local
from competitions.scheme.shipped import read_shipped, shipped_schemes
from competitions.scheme.types import Scheme
from competitions.scheme.write import to_document

NOTHING, TEXT = "nothing", "text"


class StartForm(SchemeForm):
    """One choice of what to begin from. After validation `document` and `what` say it.

    `earlier` is [(version id, title, document)] of other years' published rules. What has a year
    gets the competition's, and a shipped scheme its county.
    """

    digest = None
    revision = forms.UUIDField(widget=forms.HiddenInput, required=False)
    source = forms.ChoiceField(label="从哪里开始", widget=forms.RadioSelect)
    field_order = ("op", "revision", "source", "text", "file")

    def __init__(self, *args, competition, earlier, **kwargs):
        super().__init__(*args, **kwargs)
        self.competition = competition
        self.earlier = {f"year:{number}": (title, read) for number, title, read in earlier}
        self.fields["source"].choices = [
            *(
                (f"shipped:{key}", f"自带的办法：{title}")
                for key, title in shipped_schemes().items()
            ),
            *((key, f"往年的办法：{title}") for key, (title, _) in self.earlier.items()),
            (NOTHING, "从空白开始"),
            (TEXT, "用一份规则文本（TOML）：粘贴或上传"),
        ]

    def clean(self):
        """This function will read what was chosen; a text lists all that is wrong with it."""
        source = self.cleaned_data.get("source")
        if source == TEXT:
            data = super().clean()
            self.document, self.what = to_document(self.scheme), "导入规则文本"
            return data
        if source and (self.cleaned_data.get("text") or self.cleaned_data.get("file")):
            raise forms.ValidationError("粘贴或上传了规则文本，请选择「用一份规则文本」。")
        if source == NOTHING:
            self.document, self.what = empty_document(), "从空白开始"
        elif source in self.earlier:
            title, read = self.earlier[source]
            self.document = begin_year(read(), self.competition.year)
            self.what = f"从往年的办法开始：{title}"
        elif source:
            key = source.partition(":")[2]
            host, year = self.competition.host_name, self.competition.year
            self.document = to_document(make_local(read_shipped(key), host, year))
            self.what = f"从自带的办法开始：{shipped_schemes()[key]}"
        return self.cleaned_data


def empty_document():
    """This function will return a scheme of nothing but a key."""
    return {**new_table(Scheme, set()), "key": "scheme", "tracks": []}
