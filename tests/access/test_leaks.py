"""What must not be seen: judges' names, others' marks, the unpublished, promotions.

Evidence of another kind than what was published is put under the pages, and everybody's pages are
read: it may come up nowhere outside /work/.
"""

import io
import json
import zipfile

import pytest
from django.utils import timezone

from competitions.models import Entry, Judge, PartySecretary
from publication.models import Circle, PublicationVersion, PublishedPage
from rewards.models import MeetingDecision
from scoring.models import LedgerEvent, Measurement, Ruling, Sheet, Tabulation
from tests.access.addresses import addresses_of
from tests.access.test_matrix import COLUMNS, PROMOTED
from tests.demo.crawl import text_of

# What stands on a page is the same from every database; that pages open there: tests/demo.
pytestmark = pytest.mark.once
SECRET, SECRET_POINTS = "这是没有公布的内容", "731.37"
YEARS = ("linhe-2022", "linhe-2023")


def read_outside(client, year):
    """This function will return {address: text} of every page outside /work/ that opens."""
    found = {}
    own = addresses_of(year)
    addresses = {address for group in own.values() for address in group}
    for slug in YEARS:
        addresses |= {address.replace(year.slug, slug) for address in addresses}
        addresses |= {f"/judge/{slug}/{key}/" for key in ("review1", "review2", "arena")}
        addresses |= {f"/judge/{slug}/arena/e{number:02d}/" for number in range(1, 12)}
    for address in sorted(addresses):
        if not address.startswith(("/work/", "/styleguide/")):
            answer = client.get(address)
            if answer.status_code == 200:
                found[address] = text_of(answer)
    return found


def judge_names(slug):
    """This function will return the names of the competition's judges who never were secretaries:
    a secretary's name is public in his own right."""
    judges = Judge.objects.filter(competition__slug=slug, person__terms__isnull=True)
    return set(judges.values_list("person__name", flat=True))


def pages_in_force():
    """This function will return (circle, path, text) of every stored page, and of every file in
    the public bundles; the verifier beside them is the same for all and knows of no competition."""
    pages = PublishedPage.objects.filter(version__withdrawn_at__isnull=True)
    for circle, path, body in pages.values_list("version__circle", "path", "body"):
        if path.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(body)) as bundle:
                for name in bundle.namelist():
                    yield circle, f"{path}/{name}", bundle.read(name).decode()
        elif not path.endswith(".pyz"):
            yield circle, path, bytes(body).decode()


def hide_secrets(but_of):
    """This function will put secrets into everything that is kept under published pages, except
    the sheets of one account's judge, and why points were given to a secretary's own units."""
    Sheet.objects.exclude(judge__person=but_of.person).update(
        marks={"a-results": SECRET_POINTS, "r1-projects": SECRET_POINTS}
    )
    Measurement.objects.update(values={"value": SECRET_POINTS})
    LedgerEvent.objects.update(points=SECRET_POINTS)
    own = PartySecretary.objects.filter(person=but_of.person).values("unit")
    LedgerEvent.objects.exclude(entry__unit__in=own).update(reason=SECRET)
    Ruling.objects.update(reason=SECRET)
    Tabulation.objects.update(result={"tracks": SECRET}, evidence={"sheets": SECRET})
    MeetingDecision.objects.update(note=SECRET, meeting=SECRET)


def test_no_stored_page_names_a_judge_or_shows_single_marks_to_all():
    names = judge_names(YEARS[0])
    assert len(names) >= 15
    for circle, path, text in pages_in_force():
        assert not [name for name in names if name in text], (circle, path)
        assert path.startswith("own/") or "号评委" not in text, (circle, path)
    for contents in PublicationVersion.objects.values_list("contents", flat=True):
        assert not [name for name in names if name in json.dumps(contents, ensure_ascii=False)]


def test_own_fragment_names_no_other_entrant(year):
    units = dict(
        Entry.objects.filter(competition=year.competition).values_list("key", "unit__name")
    )
    fragments = [page for page in pages_in_force() if page[1].startswith("own/")]
    assert len(fragments) >= 2 * len(units) - 2
    for circle, path, text in fragments:
        own = units[path.removeprefix("own/")]
        assert not [name for name in set(units.values()) - {own} if name in text], (circle, path)


@pytest.mark.parametrize("visitor", COLUMNS)
def test_visitor_sees_no_judge_and_nothing_unpublished(visitor, attend, year):
    client = attend(visitor)
    hide_secrets(client.user or attend("jdg").user)
    own_name = client.user.person.name if client.user else ""
    names = {slug: judge_names(slug) - {own_name} for slug in YEARS}
    for address, text in read_outside(client, year).items():
        assert SECRET not in text, address
        assert SECRET_POINTS not in text, address
        if address.startswith(("/accounts/", "/audit/")):
            # Administrator and auditor see whose accounts there are; here not who judges.
            assert "号评委" not in text, address
            continue
        hidden = names[YEARS[1]] if YEARS[1] in address else names[YEARS[0]]
        assert not [name for name in hidden if name in text], address
        assert PROMOTED not in text or "/rules/" in address, address


@pytest.mark.parametrize("visitor", ["anon", "lead", "sec", "nbr", "frm", "adm", "jdg", "org"])
def test_nothing_is_left_outside_when_all_is_withdrawn(visitor, attend, year):
    result = Tabulation.objects.get(competition=year.competition).result
    totals = {
        entry["total"]
        for track in result["tracks"].values()
        for entry in track["entries"].values()
        if entry["total"]
    }
    PublicationVersion.objects.update(withdrawn_at=timezone.now())
    texts = read_outside(attend(visitor), year)
    assert not [address for address in texts if address.startswith(("/c/", "/g/"))]
    for address, text in texts.items():
        if not address.startswith("/judge/"):
            assert not [total for total in totals if total in text], address


def test_no_circle_opens_the_private_fragments(attend, year):
    paths = [
        f"/{circle}/{year.slug}/own/{key}"
        for circle in ("c", "g", "leading")
        for key in ("e01", "e02", "s01")
    ]
    for visitor in ("anon", "org", "lead", "sec", "adm"):
        client = attend(visitor)
        assert {client.get(path).status_code for path in paths} <= {302, 403, 404}


def test_secretary_reads_her_own_entry_and_her_neighbour_his(attend, year):
    for visitor, own, other in (("sec", "新华镇", "狼山镇"), ("nbr", "狼山镇", "新华镇")):
        text = text_of(attend(visitor).get(f"/mine/{year.slug}/"))
        assert own in text
        assert other not in text


def test_every_circle_was_read():
    """The tests above would pass on an empty house."""
    circles = {circle for circle, _path, _text in pages_in_force()}
    assert circles == set(Circle.values)
