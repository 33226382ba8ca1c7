"""Putting typed values back into the form of a finished page."""

import pytest

from competitions.refill import refill

PAGE = """<!doctype html><body><main id="main">
<form method="get"><input name="q" value="old"></form>
<form method="post" novalidate><input type="hidden" name="csrfmiddlewaretoken" value="fresh">
<input type="hidden" name="op" value="new"><input name="a" value="1">
<input name="b" disabled value="2">
<textarea name="why">
old &amp; text</textarea>
<select name="unit"><option value="">请选择</option><option value="e1" selected>甲</option>
<option value="e2">乙</option></select>
<input type="checkbox" name="late" checked><input type="radio" name="c" value="x" checked>
<input type="radio" name="c" value="y"><button name="do" value="save">保存</button></form>
<details><summary>退回</summary>
<form method="post" action="/there/?x=1"><textarea name="why"></textarea>
<button name="do" value="return">退回</button></form></details>
<details open><form method="post" action="/there/"><textarea name="why"></textarea>
<button name="do" value="withdraw">撤回</button></form></details>
</main>"""


def fill(fields, to="/here/"):
    return refill(PAGE, page="/here/?round=1", to=to, fields=fields)


def test_refill_puts_back_every_kind_of_control_and_nothing_else():
    page = fill(
        {
            "csrfmiddlewaretoken": ["stale"],
            "op": ["old-op"],
            "a": ['<b>"9'],
            "b": ["7"],
            "why": ["\n<script>\r\n第二行"],
            "unit": ["e2"],
            "c": ["y"],
            "do": ["save"],
        }
    )
    changed = PAGE
    for before, after in [
        ('name="op" value="new"', 'name="op" value="old-op"'),
        ('name="a" value="1"', 'name="a" value="&lt;b&gt;&quot;9"'),
        ("\nold &amp; text", "\n\n&lt;script&gt;\r\n第二行"),
        ('value="e1" selected', 'value="e1"'),
        ('value="e2"', 'value="e2" selected'),
        ('name="late" checked', 'name="late"'),
        ('name="c" value="x" checked', 'name="c" value="x"'),
        ('name="c" value="y"', 'name="c" value="y" checked'),
    ]:
        changed = changed.replace(before, after, 1)
    assert page.html == changed
    assert page.html[page.at :].startswith('<form method="post" novalidate>')
    assert page.left == [("b", "7")]


def test_refill_says_what_found_no_place():
    op = "0f8fad5b-d9cb-469f-a165-70867728950e"
    page = fill({"a": ["5"], "row-7": ["甲"], "gone": [" "], "seen": [op], "unit": ["e9"]})
    assert page.left == [("row-7", "甲"), ("unit", "e9")]
    # What is not offered any more does not become the empty choice.
    assert 'value="e1" selected' in page.html


@pytest.mark.parametrize(("do", "folds"), [("return", 0), ("withdraw", 1)])
def test_refill_takes_the_form_of_the_button_and_unfolds_it(do, folds):
    page = fill({"why": ["数字有误"], "do": [do]}, to="/there/")
    parts = page.html.split("<details")
    assert "数字有误" in parts[folds + 1] and "数字有误" not in parts[2 - folds]
    assert page.html.count("<details open>") == 2 - folds
    assert page.html[page.at :].startswith("<form")


def test_refill_of_a_page_without_the_form_keeps_it_and_names_the_values():
    page = fill({"a": ["5"]}, to="/elsewhere/")
    assert (page.html, page.found, page.left) == (PAGE, False, [("a", "5")])
    assert PAGE[: page.at].endswith('<main id="main">')


def test_refill_fills_controls_that_stand_outside_their_form():
    html = '<form method="post" id="f"></form><p>é</p>\n<input form="f" name="a"><input name="a">'
    page = refill(html, page="/p/", to="/p/", fields={"a": ["1"]})
    assert page.html.endswith('<input form="f" name="a" value="1"><input name="a">')


def test_refill_leaves_ticks_as_they_are_where_what_was_typed_did_not_come_along():
    page = fill(None, to="/here/?round=1")
    assert (page.html, page.left, page.found) == (PAGE, [], True)
    assert PAGE[page.at :].startswith('<form method="post" novalidate>')
    assert fill(None, to="/elsewhere/").found is False
