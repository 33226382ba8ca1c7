"""The grid of measured values, and the choice of rows that a second person verifies."""

import uuid

from django import forms

from scoring.queries.inputs import header_of


def cell_name(entry_key, criterion_key, input_key):
    """This function will return the form's name of a cell."""
    return f"v:{entry_key}:{criterion_key}:{input_key}"


class VoteReason(forms.CharField):
    """Why votes that were counted from ballots are changed; whether they are, the action sees."""

    def __init__(self):
        super().__init__(
            label="更正票数的原因",
            required=False,
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="改动投票计出的票数时填写，写明依据。原因进入记录，不能删改。",
        )


class GridForm(forms.Form):
    """Cells of some lines of a round (scoring.queries.measurements.Line), as plain inputs.

    With `counted`, the places of votes that were counted from ballots, it asks why they change,
    and has what was written so far as `reason`. `typed` {(entry key, criterion key): {input key:
    text}} overlays what is saved, after somebody else's save came first. A line's hidden revision
    says from which state the page was made.
    """

    op = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data=None, *, lines, by="criterion", typed=None, counted=frozenset(), reason=""
    ):
        super().__init__(data, initial={"op": uuid.uuid4(), "reason": reason}, auto_id="id_%s")
        self.lines = lines
        self.by = by
        typed = typed or {}
        self.columns = _columns(lines)
        if any(line.place in counted for line in lines):
            self.fields["reason"] = VoteReason()
        for line in lines:
            entry_key, criterion_key = line.place
            self.fields[f"r:{entry_key}:{criterion_key}"] = forms.CharField(
                required=False, max_length=32, initial=line.revision, widget=forms.HiddenInput
            )
            for item, value in line.cells:
                name = cell_name(entry_key, criterion_key, item.key)
                self.fields[name] = forms.CharField(
                    label=f"{line.entry.name}，{line.asked.title}，{header_of(item)}",
                    required=False,
                    max_length=60,
                    initial=typed.get(line.place, {}).get(item.key, value),
                    error_messages={"max_length": "填写的内容太长，请只填一个数字。"},
                    widget=forms.TextInput(
                        attrs={
                            "class": "form-control grid-cell",
                            "inputmode": "decimal",
                            "autocomplete": "off",
                            "aria-label": (
                                f"{line.entry.name}，{line.asked.title}，{header_of(item)}"
                            ),
                        }
                    ),
                )

    @property
    def headers(self):
        """The headings of the columns; by entry the unit stands in the row, as rows differ."""
        if self.by == "criterion" or len({item.unit for item in self.columns}) == 1:
            return [header_of(item) for item in self.columns]
        return [item.title for item in self.columns]

    @property
    def table(self):
        """[(line, [(heading, BoundField or None)])] in the order of the lines."""
        rows = []
        for line in self.lines:
            own = {item.key: item for item in line.asked.inputs}
            cells = []
            for column, heading in zip(self.columns, self.headers, strict=True):
                field = self[cell_name(*line.place, column.key)] if column.key in own else None
                cells.append((heading, field))
            rows.append((line, cells))
        return rows

    def hidden(self):
        """This function will return the hidden fields: the operation and the lines' revisions."""
        return self.hidden_fields()

    @property
    def revisions(self):
        """{(entry key, criterion key): hex} that the page was made from."""
        return {
            line.place: self.cleaned_data.get("r:{}:{}".format(*line.place), "")
            for line in self.lines
        }

    @property
    def changed_values(self):
        """{(entry key, criterion key): {input key: text}} of cells that differ from what is saved.

        Whether the difference is this person's or somebody else's the action decides.
        """
        changed = {}
        for line in self.lines:
            for item, value in line.cells:
                text = self.cleaned_data.get(cell_name(*line.place, item.key), "")
                if text != value:
                    changed.setdefault(line.place, {})[item.key] = text
        return changed

    def add_cell_errors(self, cells):
        """This function will put {(entry, criterion, input): sentence} beside the fields."""
        for place, sentence in cells.items():
            name = cell_name(*place)
            self.add_error(name if name in self.fields else None, sentence)
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"


def _columns(lines):
    found = {}
    for line in lines:
        for item in line.asked.inputs:
            found.setdefault(item.key, item)
    return list(found.values())


class CheckForm(forms.Form):
    """Rows that a second person verifies or returns: the chosen ones, or all that are shown."""

    DOINGS = [("verify", "核对所选"), ("verify_all", "核对全部"), ("return", "退回所选")]

    op = forms.UUIDField(widget=forms.HiddenInput)
    do = forms.ChoiceField(label="办理", choices=DOINGS)
    rows = forms.MultipleChoiceField(label="核对的各行", required=False)
    shown = forms.MultipleChoiceField(label="页上的各行", required=False)
    # Asked once before everything is verified by one press.
    compared = forms.BooleanField(label="对照报送材料", required=False)
    reason = forms.CharField(
        label="退回原因",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )

    def __init__(self, data=None, *, lines):
        super().__init__(data, initial={"op": uuid.uuid4()})
        self.tokens = {token_of(line): line for line in lines}
        # A row that has changed since the page was shown is still sent: the action refuses it.
        sent = set(data.getlist("rows") + data.getlist("shown")) if data is not None else set()
        choices = [(token, token) for token in {*self.tokens, *filter(_is_token, sent)}]
        self.fields["rows"].choices = self.fields["shown"].choices = choices

    def clean(self):
        data = super().clean()
        if data.get("do") == "verify_all" and not data["compared"]:
            words = "核对全部以前，请先勾选「全部……行都已对照报送材料看过」，再点「核对全部」。"
            self.add_error("compared", words)
        return data

    @property
    def revisions(self):
        """{(entry key, criterion key): hex} of the rows to be verified or returned."""
        name = "shown" if self.cleaned_data["do"] == "verify_all" else "rows"
        return {
            (entry, criterion): revision
            for entry, criterion, revision in map(_split, self.cleaned_data[name])
        }


def token_of(line):
    """This function will return what a row's tick box sends: entry, criterion and revision."""
    return ":".join((*line.place, line.revision))


def _is_token(text):
    return len(text) < 200 and text.count(":") == 2


def _split(token):
    return token.split(":")
