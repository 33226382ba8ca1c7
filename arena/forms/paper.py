"""Forms of the numbered score sheets: issue, print, void, and the serial that a clerk types."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from arena.queries.paper import find_paper, why_void
from scoring.forms.sheets import SheetForm


class IssueForm(forms.Form):
    """Nothing but the operation."""

    op = forms.UUIDField(label="操作编号")


class PrintForm(forms.Form):
    """What is printed: one sheet, all of one judge, or (neither named) what never was printed."""

    op = forms.UUIDField(label="操作编号")
    serial = forms.SlugField(label="编号", required=False)
    judge = forms.SlugField(label="评委", required=False)


class VoidForm(forms.Form):
    """Why a sheet is voided, and whether another takes its place."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="作废原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如「评委写错，要求换一张」「评委已用手机打分，主持人裁定以手机为准」。",
        error_messages={"required": "请写明作废原因。"},
    )
    renew = forms.BooleanField(label="换发一张新编号的评分表", required=False)

    def __init__(self, data=None):
        super().__init__(data, initial={"op": uuid.uuid4(), "renew": True}, label_suffix="")


class SerialForm(forms.Form):
    """The serial of the sheet in the clerk's hand; `paper` is the PaperSheet once it is valid."""

    serial = forms.CharField(
        label="编号",
        max_length=30,
        error_messages={"required": "请输入或扫描评分表上的编号。"},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "paper-serial-in"}
        ),
    )
    paper = None

    def __init__(self, data=None, *, event):
        super().__init__(data, label_suffix="")
        self.event = event

    def clean_serial(self):
        paper = find_paper(self.event, self.cleaned_data["serial"])
        if paper.voided:
            raise ValidationError(why_void(paper))
        self.paper = paper
        return paper.serial


class PaperSheetForm(SheetForm):
    """The lines of one sheet of paper, top to bottom as they are printed."""

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        for name, field in self.fields.items():
            if name.startswith("m."):
                field.widget.attrs.update(
                    {
                        "class": "form-control paper-mark",
                        "inputmode": "decimal",
                        "autocomplete": "off",
                    }
                )
        for row in self.rows:
            for cell in row.cells:
                self.fields[cell.name].widget.attrs.update(
                    {
                        "aria-label": self.fields[cell.name].label,
                        "data-low": cell.low,
                        "data-high": cell.high,
                        "data-step": cell.step,
                    }
                )
