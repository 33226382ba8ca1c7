"""Every table stands in each order that it offers, on the page, in print and in its spreadsheet."""

import io
import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.test import Client
from openpyxl import load_workbook

from competitions.models import Entry
from competitions.orders import LABELS, NO_PLACES
from competitions.roles import RoleKind
from tests import factories
from tests.database import reset_database
from tests.properties.small_year import RULES, SmallYear

pytestmark = pytest.mark.django_db
# By place; the other orders are all different from it and from each other.
UNITS = ["狼山镇", "新华镇", "八一乡", "曙光乡"]
OFFICIAL = ["新华镇", "曙光乡", "狼山镇", "八一乡"]
CUSTOM = ["曙光乡", "八一乡", "狼山镇", "新华镇"]
STROKES = ["八一乡", "狼山镇", "新华镇", "曙光乡"]  # 2, 10, 13 and 17 strokes
SECRETARIES = {"狼山镇": "赵一", "新华镇": "丁二", "八一乡": "孙三", "曙光乡": "王四"}
# 丁 2, 王 4, 孙 6, 赵 9 strokes.
BY_SURNAME = ["新华镇", "曙光乡", "八一乡", "狼山镇"]
SURNAMES = [f"{name}（" for name in SECRETARIES.values()]
JUDGES = ["钱甲", "于乙", "何丙"]  # in order of seniority; 于 3, 何 7, 钱 10 strokes
ENTRY_ORDERS = {"official": OFFICIAL, "place": UNITS, "strokes": STROKES, "custom": CUSTOM}
SECRETARY_ORDERS = ENTRY_ORDERS | {"strokes": BY_SURNAME}
JUDGE_ORDERS = {
    "seniority": JUDGES,
    "strokes": ["于乙", "何丙", "钱甲"],
    "custom": ["何丙", "钱甲", "于乙"],
}
ORDERS = [("order", ENTRY_ORDERS)]
OF_SECRETARIES = [("order", SECRETARY_ORDERS)]
OF_JUDGES = [("judges", JUDGE_ORDERS)]
WORK = "/work/year/"
THREE_FLAGS = RULES.replace('colour = "red"\nplaces = 1', 'colour = "red"\nplaces = 3')
# Address, the first order, what stands in order there.
PAGES = [
    (WORK + "entrants/", "official", ORDERS),
    (WORK + "secretaries/", "official", ORDERS),
    (WORK + "judges/", "seniority", OF_JUDGES),
    (WORK + "recusals/", "official", ORDERS + OF_JUDGES),
    (WORK + "rounds/review1/", "official", ORDERS + OF_JUDGES),
    (WORK + "rounds/review1/blank/", "official", ORDERS + OF_JUDGES),
    (WORK + "rounds/arena/blank/", "official", ORDERS + OF_JUDGES),
    (WORK + "rounds/review1/paper/{late}/", "official", ORDERS),
    (WORK + "rounds/review1/verify/{late}/", "official", ORDERS),
    (WORK + "rounds/review1/verify/{late}/?how=paper", "official", ORDERS),
    (WORK + "measurements/routine/", "official", ORDERS),
    (WORK + "measurements/routine/criterion/jobs/", "official", ORDERS),
    (WORK + "measurements/routine/verify/", "official", ORDERS),
    (WORK + "measurements/sec-vote/", "official", OF_SECRETARIES),
    (WORK + "ledger/", "date", ORDERS),
    (WORK + "tabulation/1/", "place", ORDERS),
    (WORK + "tabulation/1/?track=secretary", "place", OF_SECRETARIES),
    (WORK + "tabulation/1/?track=township&round=arena", "place", ORDERS),
    (WORK + "tabulation/1/print/", "place", ORDERS),
    (WORK + "awards/", "place", ORDERS),
    (WORK + "awards/print/", "place", ORDERS),
    (WORK + "awards/decision/", "place", ORDERS),
    (WORK + "awards/decision/1/verify/", "place", ORDERS),
    (WORK + "publish/{sent}/own/", "official", ORDERS),
]
SHEETS = [
    (WORK + "entrants/template.xlsx", ENTRY_ORDERS),
    (WORK + "secretaries/template.xlsx", ENTRY_ORDERS),
    (WORK + "measurements/routine/template.xlsx", ENTRY_ORDERS),
    (WORK + "measurements/sec-vote/template.xlsx", SECRETARY_ORDERS),
    (WORK + "tabulation/1/export.xlsx?track=township", ENTRY_ORDERS),
    (WORK + "tabulation/1/export.xlsx?track=secretary", SECRETARY_ORDERS),
    (WORK + "awards/payments.xlsx", ENTRY_ORDERS),
]
# Of a circle's stored pages: path, first order, the other orders below it.
STORED = [
    ("ranking/", "place"),
    ("ranking/township/", "place"),
    ("flags/", "place"),
    ("awards/", "place"),
    ("entries/", "official"),
]


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker):
    """A finished year of four units and three judges, in which every order is another one."""
    with django_db_blocker.unblock():
        staff = [factories.UserFactory() for _ in range(2)]
        for user in staff:
            factories.grant(user.person, RoleKind.ORGANISER)
        people = [user.person for user in staff]
        made = SmallYear(units=4, judges=3, slug="year", staff=people, rules=THREE_FLAGS)
        name_everybody(made)
        made.fill()
        put_in_order(made)
        made.finish()
        made.begin_again()
        reader, checker = Client(), Client()
        reader.force_login(staff[0])
        checker.force_login(staff[1])
        yield SimpleNamespace(reader=reader, checker=checker, late=made.late.key, sent=made.sent)
        reset_database()


def name_everybody(year):
    """This function will give units, secretaries and judges names whose strokes are known."""
    for entry, name in zip(year.entries("unit"), UNITS, strict=True):
        entry.unit.name = name
        entry.unit.save()
        held = entry.members.get(term__isnull=False).term.person
        held.name = SECRETARIES[name]
        held.save()
    for user, name in zip(year.judges, JUDGES, strict=True):
        user.person.name = name
        user.person.save()
        user.judge.hand_order = JUDGE_ORDERS["custom"].index(name) + 1
        user.judge.save()


def put_in_order(year):
    """This function will give the units, and their secretaries, the orders of this file."""
    for name in UNITS:
        Entry.objects.filter(competition=year.competition, unit__name=name).update(
            official_order=OFFICIAL.index(name) + 1, hand_order=CUSTOM.index(name) + 1
        )


def ask(year, address):
    """This function will return a page's main part; a second person's pages are for her alone."""
    client = year.checker if "/verify/" in address else year.reader
    answer = client.get(address.format(late=year.late, sent=year.sent))
    assert answer.status_code == 200, address
    return answer.content.decode().partition("<main")[2]


def tables_of(page):
    """This function will return the texts of row headers, column headers, cards and check boxes,
    part by part of a page: each list should stand in one order. Yellow flags come after red ones.
    """
    for table in re.findall(r"<table.*?</table>", page, re.S):
        rows = re.findall(r'<tr[^>]*>(?:(?!</tr>).)*?scope="row".*?</tr>', table, re.S)
        for part in by_colour(rows):
            yield [re.search(r"<th.*?</th>", row, re.S)[0] for row in part]
        yield re.findall(r'<th[^>]*scope="col".*?</th>', table, re.S)
    for wall in re.findall(r'<ul class="(?:flag-wall|award-wall|entry-list).*?</ul>', page, re.S):
        yield from by_colour(re.findall(r"<li.*?</li>", wall, re.S))
    yield re.findall(r"<section class=\"panel sheet-check.*?</section>", page, re.S)
    yield re.findall(r'<section class="blank-sheet.*?</header>', page, re.S)


def by_colour(rows):
    """This function will return the rows without a yellow flag, and those with one."""
    return [[row for row in rows if ("黄旗" in row) is yellow] for yellow in (False, True)]


def names_in(texts, names):
    """This function will return which of the names each text holds, repeats told once."""
    texts = [re.sub("<[^>]*>", "", text) for text in texts]
    found = [next((name for name in names if name in text), None) for text in texts]
    return list(dict.fromkeys(name for name in found if name))


def in_order(names, expected):
    """This function will say whether names stand as in the expected order."""
    return names == [name for name in expected if name in names]


def offered(page, param):
    """This function will return {order: address} as a page's switch links them."""
    links = re.findall(r'<a href="(\?[^"]*)"[^>]*>([^<]+)</a>', page)
    keys = {label: key for key, label in LABELS.items()}
    return {
        keys[label]: unescape(url)
        for url, label in links
        if label in keys and re.search(rf"[?;&]{param}={keys[label]}\b", url)
    }


def assert_arranged(page, orders, order, address):
    """This function will check every table of a page, and that one at least was there to check.

    A table whose rows name the secretaries themselves stands by their surnames.
    """
    seen = []
    for texts in tables_of(page):
        people = orders is ENTRY_ORDERS and names_in(texts, SURNAMES)
        expected = (SECRETARY_ORDERS if people else orders)[order]
        names = names_in(texts, expected)
        assert in_order(names, expected), (address, names, expected)
        seen.append(len(names))
    assert max(seen) >= 2, f"nothing to order at {address}"


@pytest.mark.parametrize(("address", "first", "switches"), PAGES)
def test_table_stands_in_each_order_that_it_offers(address, first, switches, year):
    page = ask(year, address)
    for param, orders in switches:
        links = offered(page, param)
        extra = {"date"} if first == "date" else set()
        assert set(links) == set(orders) | extra, address
        if first in orders:
            assert_arranged(page, orders, first, address)
        path = address.partition("?")[0]
        for order in orders:
            assert_arranged(ask(year, path + links[order]), orders, order, path + links[order])


@pytest.mark.parametrize(("address", "orders"), SHEETS)
def test_spreadsheet_stands_in_the_order_asked(address, orders, year):
    for order, expected in orders.items():
        mark = "&" if "?" in address else "?"
        answer = year.reader.get(f"{address}{mark}order={order}")
        assert answer.status_code == 200, address
        rows = load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
        texts = [" ".join(str(cell) for cell in row if cell) for row in rows]
        names = names_in([text for text in texts if "比武" not in text], expected)
        assert len(names) >= 2 and in_order(names, expected), (address, order, names)


@pytest.mark.parametrize(("path", "first"), STORED)
@pytest.mark.parametrize("base", ["/c/year/", "/leading/year/"])
def test_stored_page_is_stored_in_each_order(base, path, first, year):
    page = ask(year, base + path)
    links = {
        label: url
        for url, label in re.findall(r'<a href="([^"?]*)"[^>]*>([^<]+)</a>', page)
        if label in {LABELS[order] for order in ENTRY_ORDERS}
    }
    assert set(links) == {LABELS[order] for order in ENTRY_ORDERS}
    assert_arranged(page, ENTRY_ORDERS, first, base + path)
    for order in ENTRY_ORDERS:
        assert links[LABELS[order]].startswith(base + path.split("/")[0])
        shown = ask(year, links[LABELS[order]]).partition('class="chart')[0]
        assert f'aria-current="true">{LABELS[order]}</a>' in shown
        assert_arranged(shown, ENTRY_ORDERS, order, links[LABELS[order]])


def test_places_are_not_offered_before_there_is_a_result(client, linhe, organiser):
    client.force_login(organiser)
    page = client.get(f"/work/{linhe.slug}/entrants/?order=place").content.decode()
    assert f'title="{NO_PLACES}"' in page
    assert set(offered(page, "order")) == {"official", "strokes", "custom"}
    assert 'aria-current="true">建制顺序</a>' in page


def test_sites_stand_in_the_order_of_their_units(client, linhe, organiser):
    client.force_login(organiser)
    address = f"/work/{linhe.slug}/schedule/review1/sites/?order=strokes"
    listed = client.get(address).context["listed"]
    assert [entry.name for entry, _sites in listed] == ["狼山农场", "狼山镇", "新华镇"]
