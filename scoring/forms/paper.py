"""Paper sheets as a grid: one row an entrant (and site), one column a criterion."""

from dataclasses import dataclass

from django import forms

from scoring.forms.sheets import SheetForm, field_name, revision_name


@dataclass(frozen=True)
class GridRow:
    """One row of the grid. A cell is the criterion's title with a bound field, or with None where
    the row has no such criterion."""

    title: str
    note: str
    lines: list
    cells: list
    revisions: tuple  # (field name, revision) of each line, carried by hidden fields
    person: str = ""  # the secretary whose boxes stand in the row
    further: bool = False  # whether it is another secretary's row below that of his unit


class PaperForm(SheetForm):
    """Paper sheets of one judge, typed from the originals; rows left blank are not handed in."""

    def __init__(self, data=None, *, panel, lines, **options):
        super().__init__(data, lines=lines, partial=True, **options)
        self.panel = panel
        for name, field in self.fields.items():
            if name.startswith("m."):
                field.widget.attrs.update(
                    {
                        "class": "form-control grid-cell",
                        "inputmode": "decimal",
                        "autocomplete": "off",
                        "aria-label": field.label,
                    }
                )

    @staticmethod
    def is_typed(posted, line):
        """This function will say whether anything was typed on the line."""
        return any(posted.get(field_name(line, item), "").strip() for item in line.criteria)

    @property
    def columns(self):
        """The criteria in order: the round's own, then its companion's."""
        shown = {line.round.key for line in self.lines}
        return [
            (item, criterion)
            for item in self.panel.rounds
            if item.key in shown
            for criterion in _criteria(self.lines, item)
        ]

    @property
    def grid(self):
        """The rows of the grid: a secretary's marks stand in the row of his unit.

        Who held the office earlier or later in the year has a row of his own below it.
        """
        rows = []
        for line in self.lines:
            if rows and _joins(line, rows[-1]):
                rows[-1].append(line)
            else:
                rows.append([line])
        before = [None, *(lines[0].bundle for lines in rows)]
        return [self._row(lines, above) for lines, above in zip(rows, before, strict=False)]

    def _row(self, lines, above):
        by_round = {line.round.key: line for line in lines}
        cells = []
        for item, criterion in self.columns:
            line = by_round.get(item.key)
            field = self[field_name(line, criterion)] if line else None
            cells.append((criterion.title, field))
        first = lines[0]
        person = next((x.entry.person_name for x in lines if x.entry.is_secretary), "")
        notes = [first.site.name] if first.site else []
        notes += [f"{first.entry.unit.office} {person}"] if person else []
        revisions = tuple((revision_name(line), self.revisions[line.key]) for line in lines)
        further = first.entry.is_secretary and first.bundle == above
        title = first.entry.heading
        return GridRow(title, "，".join(notes), lines, cells, revisions, person, further)


class ConfirmForm(forms.Form):
    """The sheets that a second person has compared with the paper."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    confirmed = forms.MultipleChoiceField(
        label="核对的评分表",
        required=True,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选已经与纸质原件逐项核对一致的评分表。"},
    )

    def __init__(self, data=None, *, lines, revisions, **options):
        super().__init__(data, label_suffix="", **options)
        self.fields["confirmed"].choices = [(_token(line), line.name) for line in lines]
        self.revisions = {
            line.key: (data.get(revision_name(line), "") if data is not None else "")
            or revisions.get(line.key, "")
            for line in lines
        }
        self.lines = lines

    def clean_confirmed(self):
        chosen = set(self.cleaned_data["confirmed"])
        return [line.key for line in self.lines if _token(line) in chosen]

    @property
    def rows(self):
        """(line, value of its box, name and value of its revision field) for the template."""
        return [
            (line, _token(line), revision_name(line), self.revisions[line.key])
            for line in self.lines
        ]


class ReasonForm(forms.Form):
    """Why a sheet is corrected."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明依据，例如「纸质原件为 18.5，录成 15.8」。原因进入记录，不能删改。",
        error_messages={"required": "请写明原因。"},
    )


class SettleForm(forms.Form):
    """What a second person does with a proposal; to return it asks why."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="退回原因",
        max_length=200,
        required=False,
        error_messages={"max_length": "退回原因最多 200 个字，请写得短一些。"},
    )


def _joins(line, row):
    """Whether a secretary's line stands in the row: his unit's, with no line of his round yet."""
    first = row[0]
    return (
        line.entry.is_secretary
        and line.bundle == first.bundle
        and (line.site is None or line.site == first.site)
        and all(other.round.key != line.round.key for other in row)
    )


def _token(line):
    return f"{line.entry.key}.{line.site_key}"


def _criteria(lines, item):
    return next(line.criteria for line in lines if line.round.key == item.key)
