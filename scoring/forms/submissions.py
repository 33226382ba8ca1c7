"""What the pad's script sends: a JSON document, read with suspicion."""

import json
import re

from django import forms

MOST_ENTRIES = 500
# JSON may say anything in a key: what a database cannot even be asked for is no key of anything.
KEY = re.compile(r"[-\w]{0,60}", re.ASCII)


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
    """This function will say whether a value has the shape of sheets: three levels by keys, then
    text."""
    return (
        _is_level(value)
        and len(value) > 0
        and all(
            _is_level(by_site)
            and len(by_site) > 0
            and all(
                _is_level(marks)
                and all(isinstance(text, str) and len(text) <= 20 for text in marks.values())
                for marks in by_site.values()
            )
            for by_site in value.values()
        )
    )


def _is_level(value):
    return isinstance(value, dict) and len(value) <= MOST_ENTRIES and all(map(KEY.fullmatch, value))
