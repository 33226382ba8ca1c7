"""A score sheet as a form: one field for each line and criterion."""

import uuid
from dataclasses import dataclass

from django import forms

from scoring.queries.marks import plain_decimal, read_marks, show_total
from scoring.queries.panels import Line

LONGEST = 20


@dataclass(frozen=True)
class Cell:
    """One field on the page, with what the script needs to keep range and step."""

    criterion: object
    field: object  # a bound field

    @property
    def name(self):
        return self.field.html_name

    @property
    def id(self):
        return self.field.id_for_label

    @property
    def value(self):
        value = self.field.value()
        return "" if value is None else value

    @property
    def error(self):
        return next(iter(self.field.errors), "")

    @property
    def low(self):
        return plain_decimal(self.criterion.rule.low)

    @property
    def high(self):
        return plain_decimal(self.criterion.rule.high)

    @property
    def step(self):
        return plain_decimal(self.criterion.rule.step)


@dataclass(frozen=True)
class Row:
    """One line of the sheet with its fields, and the revision from which it was made."""

    line: Line
    cells: list
    revision: str = ""

    @property
    def revision_name(self):
        return revision_name(self.line)


def field_name(line, criterion):
    """This function will name the field of one mark: `m.e01..a-results`. No key has a dot."""
    return f"m.{line.entry.key}.{line.site_key}.{criterion.key}"


def revision_name(line):
    """This function will name the hidden field that carries the revision of a line's sheet."""
    return f"r.{line.entry.key}.{line.site_key}"


class SheetForm(forms.Form):
    """Marks for some lines. `cleaned_data["sheets"]` is what the actions take.

    With `partial`, lines left wholly blank are not handed in; otherwise each must be filled.
    `revisions` maps line keys to hex; what the page sent back wins, since the page shows that.
    """

    op = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"invalid": "页面已过期，请刷新。"}
    )
    use_required_attribute = False

    def __init__(self, data=None, *, lines, marks=None, revisions=None, partial=False, **options):
        super().__init__(data, label_suffix="", **options)
        self.lines, self.partial = lines, partial
        self.initial.setdefault("op", uuid.uuid4())
        marks, revisions = marks or {}, revisions or {}
        self.revisions = {
            line.key: (data.get(revision_name(line), "") if data is not None else "")
            or revisions.get(line.key, "")
            for line in lines
        }
        for line in lines:
            for criterion in line.criteria:
                self.fields[field_name(line, criterion)] = forms.CharField(
                    label=f"{line.name}「{criterion.title}」",
                    required=False,
                    max_length=LONGEST,
                    initial=marks.get(line.key, {}).get(criterion.key, ""),
                )

    @staticmethod
    def new_op():
        """This function will return a fresh operation id for a page."""
        return uuid.uuid4()

    @property
    def rows(self):
        """The lines with their fields, for the template."""
        return [
            Row(
                line,
                [Cell(item, self[field_name(line, item)]) for item in line.criteria],
                self.revisions[line.key],
            )
            for line in self.lines
        ]

    def clean(self):
        sheets = {}
        for line in self.lines:
            given = {
                item.key: self.cleaned_data.get(field_name(line, item), "")
                for item in line.criteria
            }
            if self.partial and not any(given.values()):
                continue
            marks, problems = read_marks(line, given)
            for problem in problems:
                name = f"m.{problem.entry}.{problem.site}.{problem.criterion}"
                self.add_error(name if name in self.fields else None, problem.message)
            sheets.setdefault(line.entry.key, {})[line.site_key] = marks
        if not sheets:
            self.add_error(None, "没有填写任何打分，请填写后再提交。")
        return {**self.cleaned_data, "sheets": sheets}

    def add_problems(self, problems):
        """This function will show what an action refused beside the fields."""
        for problem in problems:
            name = f"m.{problem.entry}.{problem.site}.{problem.criterion}"
            self.add_error(name if name in self.fields else None, problem.message)

    def totals(self):
        """This function will return [(Line, total as text)] of the marks that were handed in."""
        sheets = self.cleaned_data["sheets"]
        return [
            (line, show_total(sheets[line.entry.key][line.site_key]))
            for line in self.lines
            if line.site_key in sheets.get(line.entry.key, {})
        ]
