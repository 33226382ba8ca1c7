"""What the pad's script sends: a JSON document, read with suspicion."""

import json

from django import forms

MOST_ENTRIES = 500


class SubmissionForm(forms.Form):
    """A submission `{"op": uuid, "sheets": {entry: {site: {criterion: text}}}}` from the script.

    `cleaned_data` has `op` and `sheets`.
    """

    op = forms.UUIDField(label="操作编号")
    document = None

    @classmethod
    def from_body(cls, body):
        """This function will bind the form to a request's body; unreadable text is an empty one."""
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            document = {}
        form = cls({"op": str(document.get("op", ""))})
        form.document = document.get("sheets")
        return form

    def clean(self):
        if not is_sheets(self.document):
            raise forms.ValidationError("收到的打分格式不对，请刷新页面后重新提交。")
        return {**self.cleaned_data, "sheets": self.document}


def is_sheets(value):
    """This function will say whether a value has the shape of sheets: three levels, then text."""
    return (
        isinstance(value, dict)
        and 0 < len(value) <= MOST_ENTRIES
        and all(
            isinstance(by_site, dict)
            and 0 < len(by_site) <= MOST_ENTRIES
            and all(
                isinstance(marks, dict)
                and all(isinstance(text, str) and len(text) <= 20 for text in marks.values())
                for marks in by_site.values()
            )
            for by_site in value.values()
        )
    )
