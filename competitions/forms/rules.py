"""The draft of the rules as TOML, pasted or uploaded, with every error listed at once."""

import uuid

from django import forms

from competitions.actions import Change
from competitions.forms.base import ActionForm
from competitions.scheme.read import SchemeError, read_toml

MOST_BYTES = 2 * 1024 * 1024


class PublishForm(ActionForm):
    """Publishing the draft that was read: `digest` names it."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class SubmitForm(ActionForm):
    """Handing the draft in: `revision` names what was read. After publication it is a change, which
    needs a reason, and once evidence has come in a decision."""

    revision = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label="修改理由", max_length=300, widget=forms.Textarea({"rows": 3}))
    decided_by = forms.CharField(
        label="决定人或会议", max_length=120, help_text="例如：区委常委会第 12 次会议。"
    )
    decided_on = forms.DateField(
        label="决定日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    document_number = forms.CharField(label="文号", max_length=80)

    def __init__(self, *args, published, decided, **kwargs):
        super().__init__(*args, **kwargs)
        if not published:
            del self.fields["reason"]
        if not (published and decided):
            for name in ("decided_by", "decided_on", "document_number"):
                del self.fields[name]

    @property
    def change(self):
        """The Change that the fields say, None before publication."""
        names = ("reason", "decided_by", "decided_on", "document_number")
        said = {name: self.cleaned_data[name] for name in names if name in self.fields}
        return Change(**said) if said else None


class SchemeForm(ActionForm):
    """A whole scheme in place of the draft. After validation `scheme` is the Scheme.

    `digest` names the version and `revision` the draft that stood on the page.
    """

    digest = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    revision = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="规则文本（TOML）",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "scheme-text"}),
        help_text="可以先下载现在的草稿，改好后整篇粘贴到这里。",
    )
    file = forms.FileField(
        label="或上传文件",
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".toml"}),
    )

    def clean(self):
        """This function will read the scheme, or list everything that is wrong with it."""
        data = super().clean()
        text, file = data.get("text") or "", data.get("file")
        if bool(text.strip()) == (file is not None):
            raise forms.ValidationError("请粘贴规则文本，或上传一个文件，只用一种。")
        if file is not None:
            text = self._decode(file)
        self.typed = text
        try:
            self.scheme = read_toml(text)
        except SchemeError as error:
            raise forms.ValidationError([str(problem) for problem in error.problems]) from None
        return data

    def catch_up(self, digest, revision):
        """This function will make the next save count as made from what stands now.

        What was typed or uploaded stays in the text field.
        """
        self.data = self.data.copy()
        self.data["digest"], self.data["revision"] = digest, str(revision)
        self.data["text"], self.data["op"] = self.typed, str(uuid.uuid4())

    def _decode(self, file):
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 2 MB，请精简后再上传。")
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError("文件不是 UTF-8 文本，请另存为 UTF-8 后再上传。") from None
