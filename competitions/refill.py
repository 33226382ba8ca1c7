"""Puts values back into the form of a finished page. Pure: HTML in, HTML out.

A page that was typed into and then lost its session is shown again by its own view, as if it were
opened; this fills in what had been typed, whatever form the view made.
"""

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

# Never put back: the page's own token is the valid one.
OWN = "csrfmiddlewaretoken"
BUTTONS = {"submit", "button", "image", "reset", "file"}
TICKED = {"checkbox", "radio"}
# Sent by pages, never typed: an operation or a revision, or a whole signed table.
MACHINE = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|.{2000,}", re.DOTALL)


@dataclass
class Control:
    """One control of a form: where its tag stands, and for a textarea also its text."""

    tag: str
    attrs: dict
    start: int
    end: int
    text: tuple = ()  # (start, end) of a textarea's text
    options: list = field(default_factory=list)  # of a select: Control

    @property
    def name(self):
        return self.attrs.get("name") or ""

    @property
    def kind(self):
        if self.tag == "input":
            return (self.attrs.get("type") or "text").lower()
        return (self.attrs.get("type") or "submit").lower() if self.tag == "button" else self.tag


@dataclass
class Found:
    """One form of the page that posts: its address, its place and its controls."""

    attrs: dict
    start: int
    folds: list  # the <details> around it: Control
    controls: list = field(default_factory=list)


@dataclass(frozen=True)
class Refilled:
    """The page with the values in it; `at` is where a notice before the form belongs (an offset).

    `left` are the values that found no place: [(name, value)]. `found` says whether there was a
    form for this address at all.
    """

    html: str
    at: int
    left: list
    found: bool


def refill(html, *, page, to, fields):
    """This function will return the page with the fields put back, as Refilled.

    `page` is the page's own address and `to` the one that the form posts to, both without host;
    `fields` is {name: [values]}. Of several forms to that address the one that fits best is
    filled. A tick that was taken away is taken away again. With `fields` None nothing is known of
    what was typed, and the form stays as it is.
    """
    reader = _Reader(html)
    forms = [form for form in reader.forms if _target(form, page) == urlsplit(to).path]
    best = max(forms, key=lambda form: _fit(form, fields or {}), default=None)
    if fields is None:
        return Refilled(html, best.start if best else reader.main, [], best is not None)
    typed = {name: list(values) for name, values in fields.items() if name != OWN}
    if best is None:
        return Refilled(html, reader.main, _left(typed), False)
    edits, at = [], best.start
    for control in best.controls:
        edits += _edits(control, typed, fields)
    for fold in best.folds:
        if "open" not in fold.attrs:
            edits.append((fold.start, fold.end, _tag("details", {**fold.attrs, "open": None})))
    for start, end, text in sorted(edits, reverse=True):
        html = html[:start] + text + html[end:]
        if end <= best.start:
            at += len(text) - (end - start)
    return Refilled(html, at, _left(typed), True)


def _edits(control, typed, fields):
    name, attrs, kind = control.name, control.attrs, control.kind
    if kind in BUTTONS or control.tag == "button":
        typed.pop(name, None)
        return []
    if name == OWN or not name or "disabled" in attrs:
        return []
    if kind in TICKED:
        value = attrs.get("value") or "on"
        ticked = value in fields.get(name, [])
        _take(typed, name, value)
        bare = {key: text for key, text in attrs.items() if key != "checked"}
        return [(control.start, control.end, _tag("input", _with(bare, "checked", ticked)))]
    if name not in fields:
        return []
    if control.tag == "select":
        edits = []
        for option in control.options:
            value = option.attrs.get("value") or ""
            chosen = value in fields[name]
            _take(typed, name, value)
            bare = {key: text for key, text in option.attrs.items() if key != "selected"}
            edits.append(
                (option.start, option.end, _tag("option", _with(bare, "selected", chosen)))
            )
        # A value that is no longer offered must not silently become another one.
        return edits if any(_chosen(option, fields[name]) for option in control.options) else []
    if not typed.get(name):
        return []
    value = typed[name].pop(0)
    if control.tag == "textarea":
        # The first line break of a textarea is dropped by browsers.
        return [(*control.text, "\n" + escape(value))]
    return [(control.start, control.end, _tag("input", {**attrs, "value": value}))]


def _chosen(option, values):
    return (option.attrs.get("value") or "") in values


def _take(typed, name, value):
    if value in typed.get(name, []):
        typed[name].remove(value)


def _with(attrs, name, wanted):
    return {**attrs, name: None} if wanted else attrs


def _tag(name, attrs):
    said = "".join(
        f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attrs.items()
    )
    return f"<{name}{said}>"


def _target(form, page):
    return urlsplit(form.attrs.get("action") or page).path


def _fit(form, fields):
    score = 0
    for name in {control.name for control in form.controls} & set(fields) - {OWN}:
        mine = [control for control in form.controls if control.name == name]
        if all(control.kind == "submit" for control in mine):
            values = {control.attrs.get("value") or "" for control in mine}
            score += 2 if values & set(fields[name]) else 0
        else:
            score += 1
    return score


def _left(typed):
    return [
        (name, value)
        for name, values in typed.items()
        for value in values
        if value.strip() and not MACHINE.fullmatch(value)
    ]


class _Reader(HTMLParser):
    """Finds the forms that post, and where the page's own matter begins (`main`)."""

    def __init__(self, html):
        super().__init__(convert_charrefs=False)
        self.lines = [0]
        for line in html.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.forms, self.main = [], 0
        self.form = self.area = self.select = None
        self.folds, self.ids, self.outside = [], {}, []
        self.feed(html)
        self.close()
        for control, owner in self.outside:
            if owner in self.ids:
                self.ids[owner].controls.append(control)

    def place(self):
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag, attrs):
        start = self.place()
        control = Control(tag, dict(attrs), start, start + len(self.get_starttag_text()))
        if tag == "main":
            self.main = control.end
        elif tag == "details":
            self.folds.append(control)
        elif tag == "form":
            self.form = Found(control.attrs, start, list(self.folds))
            if (control.attrs.get("method") or "").lower() == "post":
                self.forms.append(self.form)
                if control.attrs.get("id"):
                    self.ids[control.attrs["id"]] = self.form
        elif tag == "option" and self.select is not None:
            self.select.options.append(control)
        elif tag in {"input", "textarea", "select", "button"}:
            if tag == "textarea":
                self.area = control
            elif tag == "select":
                self.select = control
            owner = control.attrs.get("form")
            if owner:
                self.outside.append((control, owner))
            elif self.form is not None:
                self.form.controls.append(control)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "details" and self.folds:
            self.folds.pop()
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area is not None:
            self.area.text = (self.area.end, self.place())
            self.area = None
