"""One page of the editor as a form, made from what the scheme language declares of its fields.

There is no form for a single rule here: labels, hints, choices and limits come from `fields.specs`,
and what is shown from what the chosen rule needs.
"""

import uuid
from dataclasses import MISSING

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from competitions.forms.base import RevisionForm
from competitions.forms.scheme_needs import DECIDING, find_names, is_needed
from competitions.forms.scheme_reading import table_above
from competitions.icons import draw
from competitions.scheme.fields import plain, specs
from competitions.scheme.places import APART, LISTED, variant_class
from competitions.scheme.rule_types import FormulaInput
from competitions.scheme.types import Scheme, TieBreak

KEY_HINT = "数据按键对应，开始录入后不要改。"
# Lines of text that are longer than a column of the form.
LONG = {"legal_basis", "source_of_money"}
RARE = {"key", "floor", "cap", "below_zero", "above_full", "factor", "outside", "scaled"}
# A key that people read or write; those of other rows are given by themselves.
SHOWN_KEYS = {Scheme, FormulaInput, *LISTED}
LIST_HINTS = {
    "numbers": "几个数之间用顿号或空格隔开。",
    "keys": "几个之间用顿号或空格隔开。",
    "texts": "一行一条。",
}
ROW_BUTTONS = (
    ("up", "↑", "上移"),
    ("down", "↓", "下移"),
    ("copy", "复制", ""),
    ("delete", "删除", ""),
)


class Said:
    """Ready HTML in a layout. Crispy's own HTML would read titles of a scheme as a template."""

    def __init__(self, html):
        self.html = html

    def render(self, form, context, template_pack=None, **kwargs):
        """This function will return the HTML as it is."""
        return self.html


class PartForm(RevisionForm):
    """The fields of a Spot, always bound to the table as it stands, right or wrong.

    `problems` is {place on the page: [messages]}; they stand at their fields.
    """

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, spot, document, *, revision, problems=None, op=None, names=None, was=None):
        self.spot = spot
        self.document = document
        self.problems = problems or {}
        self.more, self.values = {}, {}
        layout = self._lay_out(
            spot.cls,
            spot.table,
            names or spot.names,
            "",
            table_above(document, spot.path),
        )
        self.values |= {
            "op": str(op or uuid.uuid4()),
            "revision": str(revision or ""),
            "was": was if was is not None else str(spot.table.get("key", "")),
        }
        super().__init__(self.values)
        self.fields.update(self.more)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        # How many rows there are and which rule was chosen before stand in hidden fields.
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout("op", "revision", "was", *layout)
        self.full_clean()
        for place, messages in self.problems.items():
            if place in self.fields:
                self.add_error(place, messages)

    def _lay_out(self, cls, table, names, prefix, above):
        """The layout of some fields of a table: short ones in a grid, then what is larger, and
        folded what few schemes need."""
        short, large, rare = [], [], []
        used = False
        # The key stands last: it is for data, not for people.
        for name in sorted(names, key=lambda name: name == "key"):
            if not is_needed(cls, name, table, above):
                continue
            spec, default = specs(cls)[name]
            where = f"{prefix}{name}"
            if name == "key" and cls not in SHOWN_KEYS and where not in self.problems:
                self._hide(where, str(table.get(name, "")))
                continue
            if spec.form in ("table", "tables", "variant"):
                large.append(getattr(self, f"_lay_out_{spec.form}")(spec, table, where, name))
                continue
            value = table.get(name, "" if default in (MISSING, None) else default)
            choices = find_names(cls, name, table, above, self.document, self.spot.path)
            if choices == [] and not value and default == "" and cls is not TieBreak:
                continue
            self._add_field(spec, where, value, choices, decides=(cls, name) in DECIDING)
            wide = spec.form in ("long", "texts", "numbers") or name in LONG
            wide = wide or (spec.form == "keys" and choices is not None)
            css = "span-all" if wide else "short-key" if name == "key" else ""
            field = Field(where, wrapper_class=css)
            if name in RARE and cls in LISTED:
                rare.append(field)
                used |= where in self.problems or (name != "key" and value not in ("", False))
            else:
                short.append(field)
        layout = [*([Div(*short, css_class="inline-fields")] if short else []), *large]
        if rare:
            head = '<details class="part-more"{}><summary>更多设置</summary>'
            layout += [
                Said(format_html(head, mark_safe(" open") if used else "")),
                Div(*rare, css_class="inline-fields"),
                Said("</details>"),
            ]
        return layout

    def _lay_out_table(self, spec, table, where, name):
        inner = table.get(name)
        if not isinstance(inner, dict) and spec.optional:
            button = _button("add", where, f"设置{spec.label}", "plus")
            return self._section(spec, where, [Said(button)])
        self._hide(f"{where}.on", "1")
        cls = spec.of[0]
        rows = self._lay_out(cls, inner or {}, _shown(cls), f"{where}.", table)
        if spec.optional:
            rows.append(Said(_button("drop", where, f"去掉{spec.label}", "minus")))
        return self._section(spec, where, rows)

    def _lay_out_variant(self, spec, table, where, name):
        inner = table.get(name) or {}
        cls = variant_class(spec, inner)
        kinds = [(one.kind, one.title) for one in spec.of]
        self._put(
            f"{where}.kind",
            forms.CharField(
                label="方法", required=False, widget=forms.Select({"data-reload": ""}, kinds)
            ),
            cls.kind,
        )
        self._hide(f"{where}.was", cls.kind)
        head = Div(Field(f"{where}.kind"), css_class="inline-fields")
        return self._section(
            spec, where, [head, *self._lay_out(cls, inner, _shown(cls), f"{where}.", table)]
        )

    def _lay_out_tables(self, spec, table, where, name):
        items = table.get(name) or []
        self._hide(f"{where}.n", str(len(items)))
        cls = spec.of[0]
        rows = []
        for i, item in enumerate(items):
            own = f"{where}.{i}"
            fields = self._lay_out(cls, item, _shown(cls), f"{own}.", table)
            buttons = format_html_join(
                "",
                '<button class="btn btn-quiet btn-sm btn-icon" name="do" value="{}:{}:{}" '
                'aria-label="第 {} 项{}">{}</button>',
                (
                    (command, where, i, i + 1, word or sign, sign)
                    for command, sign, word in ROW_BUTTONS
                ),
            )
            errors = self._errors_at(own)
            rows.append(
                Div(
                    Div(*errors, *fields, css_class="part-fields"),
                    Said(format_html('<div class="row-actions">{}</div>', buttons)),
                    css_class="part-row",
                    css_id=f"id_{own}",
                )
            )
        rows.append(Said(_button("add", where, f"加一项{spec.label}", "plus")))
        return self._section(spec, where, rows)

    def _section(self, spec, where, inside):
        hint = [Said(format_html('<p class="form-text">{}</p>', spec.hint))] if spec.hint else []
        return Fieldset(
            spec.label,
            *self._errors_at(where),
            *hint,
            *inside,
            css_class="part-section",
            css_id=f"id_{where}",
        )

    def _errors_at(self, where):
        return [
            Said(format_html('<p class="part-error">{}{}</p>', draw("error"), message))
            for message in self.problems.get(where, ())
        ]

    def _hide(self, where, value):
        self._put(where, forms.CharField(required=False, widget=forms.HiddenInput), value)

    def _put(self, where, field, value):
        self.more[where] = field
        self.values[where] = value

    def _add_field(self, spec, where, value, choices, *, decides):
        marks = {"data-reload": ""} if decides else {}
        hint = spec.hint or LIST_HINTS.get(spec.form, "")
        optional = spec.optional or spec.form in ("keys", "numbers", "texts")
        if spec.form == "flag":
            # A box that is not ticked is not sent, so it is not among the values either.
            self.more[where] = forms.BooleanField(label=spec.label, required=False, help_text=hint)
            if value is True:
                self.values[where] = "on"
            return
        if spec.form in ("keys", "texts") and choices is not None:
            self._hide(f"{where}.ticks", "1")
            offered = [*choices, *((key, key) for key in value if key not in dict(choices))]
            field = forms.MultipleChoiceField(
                choices=offered, required=False, widget=forms.CheckboxSelectMultiple
            )
            field.label, field.help_text = spec.label, spec.hint
            self._put(where, field, [str(key) for key in value])
            return
        if choices is not None:
            known, hint = dict(choices), ""
            gone = [(value, f"{value}（已不存在）")] if value and value not in known else []
            widget = forms.Select(marks, [("", "（未选）"), *choices, *gone])
        elif spec.form == "choice":
            widget = forms.Select(marks, spec.choices)
        elif spec.form in ("long", "texts"):
            widget = forms.Textarea({"rows": 3 if spec.form == "long" else 10})
        else:
            numeric = spec.form in ("number", "integer")
            widget = forms.TextInput({"inputmode": "decimal"} if numeric else {})
            widget.attrs |= {"autocomplete": "off", "class": "num-input" if numeric else ""}
        if spec.form == "key" and where.rpartition(".")[2] == "key":
            hint = hint or KEY_HINT
        # What another field asks for is a problem here: then it must be filled in.
        optional = optional and spec.form != "texts" and where not in self.problems
        label = spec.label + ("（可不填）" if optional else "")
        field = forms.CharField(label=label, required=False, help_text=hint, widget=widget)
        self._put(where, field, _written(spec, value))


def _shown(cls):
    return [name for name in specs(cls) if name not in APART.get(cls, ())]


def _written(spec, value):
    """A field's value as text in its box."""
    if spec.form == "texts":
        return "\n".join(map(str, value))
    if spec.form in ("keys", "numbers"):
        return "、".join(map(str, value))
    if spec.form in ("number", "integer") and not isinstance(value, str):
        return plain(value)
    return str(value)


def _button(command, where, word, sign):
    """A button that changes the page and saves nothing."""
    return format_html(
        '<button class="btn btn-quiet btn-sm" name="do" value="{}:{}">{}{}</button>',
        command,
        where,
        draw(sign),
        word,
    )
