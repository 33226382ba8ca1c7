"""The pages of paper and of the tally: who sees what when, and never a mark of an open turn."""

import csv
import io
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arena.actions.draw import call_off, draw_order
from arena.actions.paper_entry import enter_paper
from arena.models import PaperSheet, Turn
from competitions.access import find_roles
from competitions.middleware import SESSION_KEY
from competitions.models import Judge
from competitions.roles import RoleKind
from competitions.sheets import read_table
from record.queries import head
from scoring.models import Sheet
from tests import factories
from tests.arena.live_case import SEED, announce, build_case, exclude
from tests.arena.markup import attributes, find_all, read_markup, sent_by, text_of
from tests.arena.paper_case import issue, once, paper_of, type_in, void
from tests.scoring.stage import recuse

pytestmark = pytest.mark.django_db
OTHER = {"a-results": "35.5"}


def address(live, page=""):
    return f"/work/{live.hall.competition.slug}/arena/arena/{page}"


def read(client, live, page):
    answer = client.get(address(live, page))
    assert answer.status_code == 200, answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


@pytest.fixture
def open_turn(live):
    issue(live)
    live.move("begin", "open_marking")
    return live


def act_as(client, user, kind):
    """Sign in somebody of several capacities in one of them."""
    client.force_login(user)
    session = client.session
    roles = find_roles(user.person)
    session[SESSION_KEY] = next(role.key for role in roles if role.kind is kind)
    session.save()


def fill(client, live, paper, **changes):
    """Type in a sheet by the page: the serial, then every mark, as its form sends them."""
    here = address(live, "paper/entry/")
    page = client.get(f"{here}?serial={paper.shown}").content.decode()
    forms = [
        form for form in find_all(read_markup(page), "form") if "data-paper" in attributes(form)
    ]
    data = sent_by(forms[0], "")
    for key, by_site in live.hall.speech(paper.entry.key, **changes).items():
        for criterion, mark in by_site[""].items():
            name = f"m.{key}..{criterion}"
            if name in data:
                data[name] = mark
    return client.post(here, data, follow=True).content.decode()


def test_run_is_numbered_printed_and_copied_from_the_pages(client, live, clerk):
    client.force_login(clerk)
    recuse(live.hall, live.hall.judges[2], live.order()[0])
    assert "给 8 张评分表编号" in read(client, live, "paper/")
    answer = client.post(address(live, "paper/issue/"), {"op": uuid.uuid4()}, follow=True)
    assert "已编号 8 张" in answer.content.decode()
    answer = client.post(address(live, "paper/print/"), {"op": uuid.uuid4()})
    page = client.get(answer["Location"]).content.decode()
    order = [
        PaperSheet.objects.filter(judge__number=1, entry__key=key).get() for key in live.order()
    ]
    places = [page.index(paper.shown) for paper in order]
    # Each judge's pack in the drawn order: all of the first judge's before the second's.
    second = paper_of(live, 1)
    assert places == sorted(places) and places[-1] < page.index(second.shown)
    for words in ("出场序号 1", "评委签名", "0–40", "间隔 0.5", "党委书记 书记1"):
        assert words in page
    # The scheme discloses judges by number: no name stands on the sheet.
    assert "评委：1 号" in page and live.hall.judges[0].person.name not in page
    by_turn = client.get(f"{answer['Location']}&by=turn").content.decode()
    assert by_turn.index(second.shown) < by_turn.index(order[1].shown)
    data = {"op": uuid.uuid4(), "serial": order[0].serial}
    answer = client.post(address(live, "paper/print/"), data)
    assert "补印，第 2 份" in client.get(answer["Location"]).content.decode()
    assert client.get(address(live, f"paper/print/?printing={uuid.uuid4()}")).status_code == 404
    # Who was absent and is called at the end keeps the number that stands on the printed sheet.
    live.move("miss")
    live.move("recall", entries=[order[0].entry.key])
    again = client.get(answer["Location"]).content.decode()
    assert live.order()[-1] == order[0].entry.key and "出场序号 1</span>" in again


def test_two_clerks_type_without_seeing_each_other(client, open_turn, clerk, organiser):
    paper = paper_of(open_turn)
    client.force_login(clerk)
    assert "等待另一人照原件录入" in fill(client, open_turn, paper)
    client.force_login(organiser)
    page = read(client, open_turn, f"paper/entry/?serial={paper.shown}")
    assert "等您录入第二次" in page and paper.shown in page
    assert "38.5" not in page and "92.5" not in page
    page = fill(client, open_turn, paper, **OTHER)
    assert "两次录入不一致" in page
    # Both see the cells that differ, and only these; nobody else sees a value.
    assert "35.5" in page and "38.5" in page and page.count("≠ 不同") == 1
    client.force_login(clerk)
    page = read(client, open_turn, f"paper/entry/?serial={paper.serial}")
    assert "35.5" in page and 'value="38.5"' in page
    assert "已计入" in fill(client, open_turn, paper, **OTHER)
    assert Sheet.objects.counted().count() == 2
    assert "这一张已由两人录入一致" in read(
        client, open_turn, f"paper/entry/?serial={paper.serial}"
    )


def test_third_person_is_told_of_a_difference_without_its_values(client, open_turn, people):
    clerk, organiser, third = people
    type_in(open_turn, clerk)
    type_in(open_turn, organiser, **OTHER)
    client.force_login(third)
    for page in ("paper/entry/", "paper/", "tally/", ""):
        text = read(client, open_turn, page)
        assert "35.5" not in text and "38.5" not in text and "不一致" in text


def test_unit_and_secretary_on_one_sheet_are_read_again_once(client, open_turn, people):
    clerk, organiser, _third = people
    type_in(open_turn, clerk)
    paper = paper_of(open_turn)
    sheets = open_turn.hall.speech(paper.entry.key, **OTHER)
    own = sheets[paper.entry.key.replace("e", "s")][""]
    own |= {key: str(Decimal(mark) - 1) for key, mark in own.items()}
    enter_paper(
        event=open_turn.fresh(), serial=paper.shown, sheets=sheets, **once(organiser.person)
    )
    client.force_login(organiser)
    page = read(client, open_turn, "paper/entry/")
    assert page.count("照原件重新录入") == 1
    assert "这 2 份在同一张评分表上，重新录入一次就够了。" in page


@pytest.fixture
def people(clerk, organiser, colleague):
    return clerk, organiser, colleague


def test_serial_that_is_wrong_void_or_of_a_phone_is_told(client, open_turn, clerk):
    client.force_login(clerk)
    paper = paper_of(open_turn)
    wrong = f"{paper.serial[:-1]}{(int(paper.serial[-1]) + 1) % 10}"
    assert "校验位不符" in read(client, open_turn, f"paper/entry/?serial={wrong}")
    _old, new = void(open_turn, paper, clerk.person)
    assert f"换发的是 {new.shown}" in read(client, open_turn, f"paper/entry/?serial={paper.serial}")
    open_turn.hand_in(0)
    page = read(client, open_turn, f"paper/entry/?serial={new.serial}")
    assert "已在手机上提交" in page and "data-paper" not in page
    assert "92.5" not in page


def test_sheet_is_voided_from_its_page(client, open_turn, clerk):
    client.force_login(clerk)
    paper = paper_of(open_turn)
    here = address(open_turn, f"paper/{paper.serial}/")
    assert "请写明作废原因" in client.post(f"{here}void/", {"op": uuid.uuid4()}).content.decode()
    data = {"op": uuid.uuid4(), "reason": "水浸", "renew": "on"}
    page = client.post(f"{here}void/", data, follow=True).content.decode()
    assert f"编号 {paper.shown} 已作废，换发" in page
    assert "水浸" in client.get(here).content.decode()


def test_pages_of_the_round_lead_to_the_numbered_sheets(client, live, clerk):
    client.force_login(clerk)
    here = f"/work/{live.hall.competition.slug}/rounds/arena"
    pages = [f"{here}/paper/j01/", f"{here}/verify/j01/", f"{here}/blank/"]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    issue(live)
    for page in pages:
        assert client.get(page)["Location"] == address(live, "paper/")


def test_judge_who_is_a_clerk_does_not_type_before_his_own_marks(client, open_turn):
    judge = open_turn.hall.judges[0]
    factories.grant(judge.person, RoleKind.CLERK)
    act_as(client, judge.user, RoleKind.CLERK)
    assert client.get(address(open_turn, "paper/entry/")).status_code == 403


def test_console_tells_how_far_the_paper_is_without_a_value(client, open_turn, clerk, organiser):
    client.force_login(organiser)
    type_in(open_turn, clerk)
    type_in(open_turn, clerk, judge=1)
    type_in(open_turn, organiser, judge=1)
    text = text_of(read_markup(read(client, open_turn, "")))
    assert "共 3 张：只录一次 1，两次一致 1，两次不一致 0，未录入 1" in text.replace("\n", "")
    assert "92.5" not in text and "38.5" not in text


def test_sheet_of_an_entrant_without_a_turn_has_a_dash_for_its_number(client, live, clerk):
    issue(live)
    Turn.objects.filter(event=live.event, entry__key=live.order()[-1]).delete()
    client.force_login(clerk)
    for page in ("paper/", "paper/originals/"):
        assert read(client, live, page).count('data-label="出场序号">—</td>') == 3


def test_originals_are_listed_printed_and_exported(client, open_turn, clerk, organiser, auditor):
    paper = paper_of(open_turn)
    _old, new = void(open_turn, paper, clerk.person, reason="=写错")
    type_in(open_turn, clerk, judge=1)
    type_in(open_turn, organiser, judge=1)
    client.force_login(auditor)
    page = read(client, open_turn, "paper/originals/")
    assert "共 10 个编号：已用 1，未用 8，作废 1" in page and f"代替 {paper.shown}" in page
    rows = list(
        csv.DictReader(
            io.StringIO(
                client.get(address(open_turn, "paper/originals.csv")).content.decode("utf-8-sig")
            )
        )
    )
    by_serial = {row["编号"]: row for row in rows}
    assert len(rows) == 10
    assert (by_serial[paper.shown]["原件"], by_serial[paper.shown]["说明"]) == (
        "作废",
        f"'=写错；换发 {new.shown}",
    )
    assert by_serial[paper_of(open_turn, 1).shown]["情况"] == "两次一致，已计入"
    book = client.get(address(open_turn, "paper/originals.xlsx"))
    table = read_table(io.BytesIO(book.content), "originals.xlsx")
    assert not table.problems and len(table.rows) >= 11


def test_sheets_of_an_event_that_was_called_off_stay_in_the_list(client, open_turn, organiser):
    old = paper_of(open_turn)
    event = open_turn.fresh()
    call_off(event=event, step=event.step, reason="停电", **once(open_turn.operator))
    client.force_login(organiser)
    assert "已取消的现场有编号评分表" in read(client, open_turn, "paper/")
    assert f"{old.shown}" in read(client, open_turn, "paper/originals/")
    open_turn.event = announce(open_turn.hall, open_turn.operator)
    draw = {"event": open_turn.fresh(), "step": 0, "seed": SEED}
    draw_order(**draw, **once(open_turn.operator))
    issue(open_turn)
    open_turn.move("begin", "open_marking")
    for by in (organiser, factories.UserFactory()):
        type_in(open_turn, by)
    page = read(client, open_turn, "paper/originals/")
    assert "共 18 个编号：已用 1，未用 17，作废 0" in page


# --- the tally supervisor ------------------------------------------------------------------------


def test_supervisor_sees_ticks_while_open_and_values_once_closed(client, open_turn, auditor, clerk):
    client.force_login(auditor)
    first, second, _third = open_turn.order()
    open_turn.hand_in(0, **{"a-results": "31.5"})
    type_in(open_turn, clerk, judge=1, **{"a-results": "32.5"})
    page = read(client, open_turn, "tally/")
    assert ">1</strong> 名，应交 3 名" in page
    assert "只录一次" in page and head(open_turn.hall.competition.chain).digest in page
    assert client.get(address(open_turn, f"tally/print/?turn={first}")).status_code == 404
    for values in (page, read(client, open_turn, "tally/print/")):
        assert not any(value in values for value in ("31.5", "32.5", "85.5", "86.5"))
    exclude(open_turn, "j02", [clerk, open_turn.hall.judges[2].user])
    open_turn.hand_in(2, **{"a-results": "33.5"})
    open_turn.move("close")
    page = read(client, open_turn, "tally/")
    assert all(value in page for value in ("31.5", "33.5", "85.50", "87.50"))
    # What does not count is not shown as if it did.
    assert "32.5" not in page and "手机" in page
    open_turn.move("reveal", "begin", "open_marking")
    open_turn.hand_in(0, second, **{"a-results": "21"})
    for text in (read(client, open_turn, "tally/"), read(client, open_turn, "tally/print/")):
        assert "75.00" not in text and "31.5" in text


def test_tally_sheet_strikes_what_the_rules_drop_and_is_signed(client, competition, auditor):
    live = build_case(competition, judges=7)
    live.move("begin", "open_marking")
    live.everybody(marks=lambda judge: {"a-results": str(30 + judge)})
    live.move("close")
    client.force_login(auditor)
    page = read(client, live, f"tally/print/?turn={live.order()[0]}")
    struck = [text_of(one) for one in find_all(read_markup(page), "s")]
    assert {"30", "36"} <= set(struck) and "33" not in struck
    for word in ("计票人", "监票人", "主持人", head(live.hall.competition.chain).digest):
        assert word in page


def test_judge_with_marks_to_give_sees_no_values(client, open_turn, auditor):
    open_turn.everybody()
    open_turn.move("close")
    Judge.objects.filter(pk=open_turn.hall.judges[0].pk).update(person=auditor.person)
    act_as(client, auditor, RoleKind.AUDITOR)
    assert "92.50" not in read(client, open_turn, "tally/")
    assert client.get(address(open_turn, "tally/print/")).status_code == 403


def test_pages_ask_the_database_a_constant_number_of_times(client, open_turn, auditor):
    client.force_login(auditor)

    def count(page):
        with CaptureQueriesContext(connection) as asked:
            read(client, open_turn, page)
        return len(asked)

    open_turn.everybody()
    open_turn.move("close", "reveal")
    before = {page: count(page) for page in ("tally/", "paper/", "paper/originals/")}
    open_turn.move("begin", "open_marking")
    open_turn.everybody(open_turn.order()[1])
    open_turn.move("close", "reveal")
    assert {page: count(page) for page in before} == before
