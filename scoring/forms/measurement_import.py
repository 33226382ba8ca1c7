"""Handing in a spreadsheet of measured values, and confirming what it would change."""

import json
import uuid

from django import forms

from competitions.sheets import read_paste, read_table
from scoring.forms.measurements import VoteReason


class SheetForm(forms.Form):
    """A file, or cells pasted from a spreadsheet."""

    file = forms.FileField(
        label="表格文件",
        required=False,
        help_text="xlsx 或 csv，不超过 10 MB。第一列写名称，表头写指标。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": "文件是空的，请检查是否选错了文件。"},
    )
    pasted = forms.CharField(
        label="或者粘贴表格内容",
        required=False,
        max_length=2_000_000,
        strip=False,
        help_text="在电子表格里连表头一起选中、复制，粘贴到这里。",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("file") and not (data.get("pasted") or "").strip():
            raise forms.ValidationError("请选择表格文件，或者粘贴表格内容。")
        return data

    def table(self):
        """This function will return the table (competitions.sheets.Table) that was handed in."""
        file = self.cleaned_data["file"]
        return read_table(file, file.name) if file else read_paste(self.cleaned_data["pasted"])


class ConfirmForm(forms.Form):
    """The changes that were previewed, to be saved as they were shown."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    changes = forms.CharField(widget=forms.HiddenInput)
    reason = VoteReason()

    @classmethod
    def of(cls, measured, values, counted=frozenset()):
        """This function will return the form that carries `values` of the previewed changes; with
        `counted`, the places of counted votes, it asks why these change."""
        lines = {line.place: line for line in measured.lines}
        changes = {
            "cells": [
                [entry, criterion, key, text]
                for (entry, criterion), inputs in values.items()
                for key, text in inputs.items()
            ],
            "revisions": [[*place, lines[place].revision] for place in values],
        }
        form = cls(initial={"op": uuid.uuid4(), "changes": json.dumps(changes)})
        if not counted & values.keys():
            del form.fields["reason"]
        return form

    def clean_changes(self):
        """This function will return (values, revisions) as enter_measurements takes them."""
        try:
            changes = json.loads(self.cleaned_data["changes"])
            values, revisions = {}, {}
            for entry, criterion, key, text in changes["cells"]:
                values.setdefault((str(entry), str(criterion)), {})[str(key)] = str(text)
            for entry, criterion, revision in changes["revisions"]:
                revisions[str(entry), str(criterion)] = str(revision)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise forms.ValidationError("页面内容不完整，没有保存，请重新上传表格。") from None
        return values, revisions
