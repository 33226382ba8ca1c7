"""The large screen with a panel of thirty and up to 99 marks, and with a row of marks for each
criterion: nothing is cut off at the edge of the hall's screens. The fragment alone, without a
server."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from arena.queries.crowd import SIZES, find_crowd
from arena.queries.scores import Deduction, Mark, Score, Standing
from tests.browser.pad_case import LINHE
from tests.browser.test_whole_event import OUTSIDE, SMALL, WALLS

# How much of the standing its box cuts off.
CUT = """() => Math.max(0, ...[...document.querySelectorAll(".stage-standing")].map(box =>
    Math.max(box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth)))"""
SHEETS = ("vendor/bootstrap/bootstrap", "css/base", "css/stage")


def marks(count, points="92.50", label="{} 号"):
    return [Mark(label.format(n), points, n in (1, count)) for n in range(1, count + 1)]


def screen(**view):
    """The whole page of the screen in a moment."""
    name = SimpleNamespace(entry=SimpleNamespace(heading="乌兰图克镇", key="e04"), position=4)
    view = SimpleNamespace(**{"turn": name, "following": name, "scores": [], **view})
    fragment = render_to_string(
        "arena/_screen.html",
        {
            "competition": SimpleNamespace(title="临河区2022年“乡村振兴擂台比武”"),
            "round": SimpleNamespace(title="擂台比武"),
            "view": view,
            "ticks": getattr(view, "ticks", []),
            "cover": "",
        },
    )
    styles = "".join(
        (settings.BASE_DIR / "static" / f"{name}.css").read_text("utf-8-sig") for name in SHEETS
    )
    return (
        f'<!doctype html><html lang="zh-Hans" class="stage-html"><style>{styles}</style>'
        f'<body class="has-demo stage-body"><aside class="demo-ribbon">演练，不计入成绩</aside>'
        f'<main class="stage">{fragment}</main></body></html>'
    )


def revealed(*rows):
    charged = Deduction("92.80", "0.30", "0:18")
    standing = [
        Standing(place, True, name, "92.50", f"e{place:02d}")
        for place, name in enumerate(LINHE.split(), 1)
    ]
    first = Score("e04", "乌兰图克镇", "擂台比武", "92.50", list(rows), [], charged)
    second = Score("s04", "书记", "擂台现场评人", "89.50", [], [])
    return screen(face="revealed", scores=[first, second], standing=standing)


def ticking(count):
    tick = SimpleNamespace(owed=True, state="in")
    return screen(face="marking", ticks=[("欧阳某某", tick)] * count)


@pytest.mark.parametrize(
    "picture",
    [
        lambda: revealed(("评委总分", "", marks(12))),
        lambda: revealed(("评委总分", "", marks(30))),
        lambda: revealed(("评委总分", "", marks(30, label="欧阳某某"))),
        lambda: revealed(("评委总分", "", marks(60, "100.00", "欧阳某某"))),
        lambda: revealed(("评委总分", "", marks(99, "100.00", "欧阳某某"))),
        lambda: revealed(*((f"干事创业实绩{n}", "18.50", marks(9, "18.5")) for n in range(1, 6))),
        lambda: revealed(*((f"干事创业实绩{n}", "9.50", marks(11, "9.50")) for n in range(1, 10))),
        lambda: ticking(30),
        lambda: ticking(99),
    ],
    ids=[
        "twelve",
        "thirty",
        "thirty-names",
        "sixty",
        "ninety-nine",
        "criteria",
        "grid",
        "ticks",
        "all-ticks",
    ],
)
def test_whole_panel_fits_every_screen_of_a_hall(browser, picture):
    page = browser.new_page(reduced_motion="reduce")
    try:
        page.set_content(picture())
        for width, height in WALLS:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(OUTSIDE) == [], f"{width} × {height}"
            assert page.evaluate(SMALL) == [], f"{width} × {height}"
            assert page.evaluate(CUT) == 0, f"{width} × {height}"
    finally:
        page.close()


def test_sixty_marks_are_of_twenty_pixels_on_the_smallest_screen():
    pixels = 11.264  # the screen's unit at 1024 × 768
    for count, least in ((31, 24), (60, 20), (99, 14)):
        for label in ("{} 号", "欧阳某某"):
            classes = find_crowd([("评委总分", "", marks(count, "100.00", label))])
            step = int(classes.partition("stage-narrow-")[2][0])
            assert SIZES[step - 1] * pixels >= least, (count, label)
    assert [find_crowd([("", "", marks(count))]) for count in (0, 12, 30)] == ["", "", "stage-many"]
