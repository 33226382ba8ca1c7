"""Lists cost the same queries for one entrant and for eleven; a whole sheet is saved in twenty."""

import uuid
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from competitions.roles import RoleKind
from scoring.actions.corrections import propose_correction, verify_correction
from scoring.actions.measurements import enter_measurements, return_measurements
from scoring.actions.paper_sheets import enter_paper_sheets, verify_paper_sheets
from scoring.actions.sheets import submit_sheets
from scoring.models import Sheet
from tests import factories
from tests.database import reset_database
from tests.properties.small_year import RULES, SmallYear

# The same questions are asked of either database: counted once.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ORGANISER, JUDGE, SECRETARY, LEADER, ADMIN = "organiser", "judge", "secretary", "leader", "admin"
WORK = "/work/{slug}/"
# Under the address, who asks. Every list that grows with entrants, judges or evidence is here.
PAGES = [
    (ORGANISER, "/work/"),
    (ORGANISER, WORK),
    (ORGANISER, WORK + "rules/"),
    (ORGANISER, WORK + "entrants/"),
    (ORGANISER, WORK + "entrants/?order=strokes"),
    (ORGANISER, WORK + "entrants/template.xlsx"),
    (ORGANISER, WORK + "secretaries/"),
    (ORGANISER, WORK + "secretaries/template.xlsx"),
    (ORGANISER, WORK + "judges/"),
    (ORGANISER, WORK + "signin/"),
    (ORGANISER, WORK + "recusals/"),
    (ORGANISER, WORK + "recusals/add/"),
    (ORGANISER, WORK + "schedule/"),
    (ORGANISER, WORK + "rounds/review1/"),
    (ORGANISER, WORK + "rounds/arena/"),
    (ORGANISER, WORK + "rounds/arena/blank/"),
    (ORGANISER, WORK + "rounds/arena/paper/{late}/"),
    (ORGANISER, WORK + "rounds/review1/verify/{late}/"),
    (ORGANISER, WORK + "rounds/review1/verify/{late}/?how=paper"),
    (ORGANISER, WORK + "measurements/routine/"),
    (ORGANISER, WORK + "measurements/routine/criterion/jobs/"),
    (ORGANISER, WORK + "measurements/routine/entry/e01/"),
    (ORGANISER, WORK + "measurements/routine/verify/"),
    (ORGANISER, WORK + "measurements/routine/template.xlsx"),
    (ORGANISER, WORK + "measurements/sec-vote/"),
    (ORGANISER, WORK + "ledger/"),
    (ORGANISER, WORK + "ledger/new/"),
    (ORGANISER, WORK + "rulings/"),
    (ORGANISER, WORK + "rulings/new/part_year/"),
    (ORGANISER, WORK + "tabulation/"),
    (ORGANISER, WORK + "tabulation/1/"),
    (ORGANISER, WORK + "tabulation/1/?order=official"),
    (ORGANISER, WORK + "tabulation/1/?track=secretary"),
    (ORGANISER, WORK + "tabulation/1/print/"),
    (ORGANISER, WORK + "tabulation/1/export.xlsx?track=township"),
    (ORGANISER, WORK + "tabulation/1/township/e01/"),
    (ORGANISER, WORK + "awards/"),
    (ORGANISER, WORK + "awards/print/"),
    (ORGANISER, WORK + "awards/payments.xlsx"),
    (ORGANISER, WORK + "awards/decision/"),
    (ORGANISER, WORK + "awards/decision/1/verify/"),
    (ORGANISER, WORK + "publish/"),
    (ORGANISER, WORK + "judges/history/"),
    (ORGANISER, WORK + "publish/{sent}/own/"),
    (ORGANISER, WORK + "publish/{sent}/own/e01/"),
    (ORGANISER, WORK + "record/"),
    (ORGANISER, WORK + "record/?verify=1"),
    (JUDGE, "/judge/"),
    (JUDGE, "/judge/{slug}/review1/"),
    (JUDGE, "/judge/{slug}/arena/"),
    (JUDGE, "/judge/{slug}/arena/e01/"),
    (SECRETARY, "/mine/"),
    (SECRETARY, "/mine/{slug}/"),
    (LEADER, "/leading/"),
    (LEADER, "/leading/{slug}/ranking/"),
    (None, "/"),
    (None, "/c/{slug}/"),
    (None, "/c/{slug}/ranking/"),
    (None, "/g/{slug}/"),
]


@pytest.fixture(scope="module")
def years(django_db_setup, django_db_blocker):
    """Two finished years, of one entrant and of eleven, published in every circle."""
    with django_db_blocker.unblock():
        people = [_account(RoleKind.ORGANISER), _account(RoleKind.ORGANISER)]
        staff = [user.person for user in people]
        few = SmallYear(units=1, judges=3, slug="few", staff=staff)
        # Two judges more tell as well as eight whether a page asks for each of them.
        many = SmallYear(units=11, judges=5, slug="many", staff=staff)
        for year in (few, many):
            year.fill()
            year.finish()
            year.begin_again()
            year.users = {
                ORGANISER: people[1],
                JUDGE: year.judges[0],
                SECRETARY: year.secretaries[0],
                LEADER: _account(RoleKind.LEADER),
            }
        yield SimpleNamespace(few=few, many=many)
        reset_database()


def _account(kind):
    user = factories.UserFactory()
    factories.grant(user.person, kind, "" if kind is RoleKind.ADMIN else factories.HOST)
    return user


def count(client, address):
    """This function will return how many queries a page takes."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        assert answer.status_code == 200, address
    return len(queries)


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_list_takes_the_same_queries_at_1_and_11_entrants(who, address, years):
    counts = []
    for year in (years.few, years.many):
        client = Client()
        if who:
            client.force_login(year.users[who])
        address_here = address.format(
            slug=year.competition.slug, late=year.late.key, sent=year.sent
        )
        counts.append(count(client, address_here))
    assert counts[0] == counts[1] <= 60


@pytest.mark.parametrize("address", ["/accounts/", "/accounts/{}/"])
def test_accounts_take_the_same_queries_whatever_their_number(address, client, admin, organiser):
    client.force_login(admin)
    address = address.format(organiser.id)
    before = count(client, address)
    for number in range(10):
        _account(RoleKind.CLERK)
        factories.grant(organiser.person, RoleKind.CLERK, str(150801 + number))
    assert count(client, address) == before


def with_criteria(number):
    """This function will return the rules with so many criteria in the first review and routine."""
    review = "".join(
        f"""
[[tracks.rounds.criteria]]
key = "r1-{i}"
title = "现场{i}"
dimension = "industry"
full = {100 // number}
rule = {{ kind = "marks", low = 0, high = {100 // number}, step = 0.5 }}
"""
        for i in range(number)
    )
    figures = "".join(
        f"""
[[tracks.rounds.criteria]]
key = "m-{i}"
title = "指标{i}"
dimension = "industry"
full = {100 // number}
unit = "人"
rule = {{ kind = "measured", quantity = "value", conversion = {{ kind = "direct", factor = 1 }} }}
"""
        for i in range(number)
    )
    before, _, rest = RULES.partition('[[tracks.rounds.criteria]]\nkey = "r1-industry"')
    middle, _, rest = rest[rest.index("[[tracks.rounds]]") :].partition(
        '[[tracks.rounds.criteria]]\nkey = "jobs"'
    )
    return before + review + middle + figures + rest[rest.index("[[tracks.rounds]]") :]


def save_everything(number):
    """This function will save a whole sheet of each kind and return how many queries each took."""
    staff = [factories.PersonFactory() for _ in range(3)]
    year = SmallYear(
        units=1, judges=3, slug=f"wide-{number}", staff=staff, rules=with_criteria(number)
    )
    pad, paper = (user.judge for user in year.judges[:2])
    tour = year.sheets("review1", year.entries("unit"), "1")
    figures = {("e01", f"m-{i}"): {"value": "1"} for i in range(number)}
    review, routine = {"round_key": "review1"}, {"round_key": "routine"}
    taken = {}

    def take(name, action, by, **call):
        with CaptureQueriesContext(connection) as queries:
            done = action(op=uuid.uuid4(), **year.by(by), **call)
        taken[name] = len(queries)
        return done

    own = {"competition": year.competition}
    take("hand in", submit_sheets, pad.person, judge=pad, sheets=tour, **review)
    call = {"judge": paper, "sheets": tour, **own, **review}
    typed = take("type paper", enter_paper_sheets, staff[0], revisions={}, **call)
    seen = {("e01", ""): typed.op_id.hex}
    take("read again", verify_paper_sheets, staff[1], revisions=seen, **call)
    sheet = Sheet.objects.get(judge=pad)
    marks = dict.fromkeys(sheet.marks, "0")
    call = {"sheet": sheet, "marks": marks, "reason": "更正", "revision": sheet.revision.hex}
    correction = take("propose", propose_correction, staff[0], **call)
    take("settle", verify_correction, staff[1], correction=correction)
    call = {**own, **routine}
    first = take("enter", enter_measurements, staff[0], values=figures, revisions={}, **call)
    seen = dict.fromkeys(figures, first.op_id.hex)
    call["revisions"] = seen
    take("return", return_measurements, staff[1], reason="请核对", **call)
    return taken


def test_whole_sheet_is_saved_in_twenty_queries_whatever_the_number_of_criteria():
    few, many = save_everything(2), save_everything(20)
    assert few == many
    assert max(many.values()) <= 20
