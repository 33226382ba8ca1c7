"""Last year's published results are what progress and flags in a row are counted from."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from competitions.actions import create_competition, name_previous
from competitions.scheme.read import read_toml
from competitions.scheme.shipped import read_shipped
from publication import actions
from publication.models import Circle, PublicationVersion
from record.chain.digests import document_digest
from scoring.models import Tabulation
from scoring.queries.evidence import load_evidence
from scoring.rules.evidence import from_document, to_document
from scoring.rules.tabulate import tabulate
from tests import factories
from tests.scoring.evidence_case import RULES

YEAR_ON = read_toml(
    RULES.replace(
        'colour = "red"\n', 'colour = "red"\nrepeat = 2\nrepeat_effect = "挂牌"\n', 1
    ).replace("quota = 5\n", "progress = [{ up = 1, amount = 1000 }]\n", 1)
)


@pytest.fixture
def published(tabulation, organiser):
    def release(circle):
        return actions.publish_results(
            competition=tabulation.competition,
            circle=circle,
            tabulation=tabulation,
            notice=None,
            by=organiser.person,
            now=timezone.now(),
            op=uuid.uuid4(),
        )

    return release


@pytest.fixture
def following(case):
    """Next year's competition of the same county: the same units under other keys."""
    made = factories.CompetitionFactory(year=case.year + 1, previous=case)
    for number, entry in enumerate(case.entries.filter(subject="unit"), 1):
        factories.EntryFactory(competition=made, unit=entry.unit, key=f"n{number}")
    return made


def keys_now(case, following):
    now = dict(following.entries.values_list("unit_id", "key"))
    rows = case.entries.filter(subject="unit").values_list("key", "unit_id")
    return {key: now[unit] for key, unit in rows}


def test_earlier_places_and_flags_come_from_the_published_version(
    case, tabulation, published, following
):
    published(Circle.COUNTY)
    evidence = load_evidence(following, YEAR_ON)
    entries = tabulation.result["tracks"]["township"]["entries"]
    now = keys_now(case, following)
    assert evidence.previous == {
        ("township", now[key]): entry["place"] for key, entry in entries.items()
    }
    first = [now[key] for key, entry in entries.items() if entry["place"] == 1]
    assert evidence.history == {("red", key): 1 for key in first}


def test_nothing_comes_from_results_that_are_not_published_or_were_withdrawn(
    following, published, organiser
):
    assert load_evidence(following, YEAR_ON).previous == {}
    version = published(Circle.COUNTY)
    actions.withdraw_version(
        version=version, reason="数据有误", by=organiser.person, now=timezone.now()
    )
    assert load_evidence(following, YEAR_ON).previous == {}


def missing(competition):
    """Whether the tabulation is complete but for the earlier year, and what is said of it."""
    evidence = load_evidence(competition, YEAR_ON)
    again = from_document(to_document(evidence))
    assert again.earlier == evidence.earlier
    result = tabulate(YEAR_ON, again)
    return result.complete, [m.message for m in result.missing if "上一届" in m.message]


def test_hiding_last_years_results_leaves_this_year_incomplete(following, published, organiser):
    assert "请先公布（或重新公布）上一届的结果" in missing(following)[1][0]
    published(Circle.LEADING)
    version = published(Circle.COUNTY)
    assert missing(following)[1] == []
    assert load_evidence(following, YEAR_ON).earlier == {
        "year": str(following.previous.year),
        "version": str(version.number),
        "contents": version.contents_digest,
    }
    actions.withdraw_version(
        version=version, reason="排版", by=organiser.person, now=timezone.now()
    )
    # Not the older version for the leading group either.
    assert load_evidence(following, YEAR_ON).previous == {}
    complete, said = missing(following)
    assert not complete and "上一届没有有效的公布结果" in said[0]


def test_results_changed_behind_the_record_give_nothing_to_this_year(following, published):
    version = published(Circle.COUNTY)
    stored = PublicationVersion.objects.filter(pk=version.pk)
    before = version.contents

    def change(**fields):
        stored.update(**fields)
        evidence = load_evidence(following, YEAR_ON)
        return evidence.previous, evidence.history, missing(following)[0]

    rows = [{**row, "place": 1} for row in before["tracks"][0]["rows"]]
    changed = {**before, "tracks": [{**before["tracks"][0], "rows": rows}]}
    assert change(contents=changed) == ({}, {}, False)
    # Nor with a digest that fits what was changed: the record has the first one.
    assert change(contents_digest=document_digest(changed)) == ({}, {}, False)
    stored.update(contents=before, contents_digest=version.contents_digest)
    assert load_evidence(following, YEAR_ON).previous
    evidence = {**version.tabulation.evidence, "history": [["red", "e01", 5]]}
    Tabulation.objects.filter(pk=version.tabulation_id).update(evidence=evidence)
    assert load_evidence(following, YEAR_ON).history == {}


def test_nothing_comes_where_no_rule_asks(following, published):
    published(Circle.COUNTY)
    evidence = load_evidence(following, read_toml(RULES))
    assert (evidence.history, evidence.previous) == ({}, {})


def test_a_year_that_names_no_earlier_one_counts_from_nothing_only_when_it_says_so(
    following, published
):
    published(Circle.COUNTY)
    following.previous = None
    complete, said = missing(following)
    assert not complete and "还没有写明上一届是哪一届" in said[0]
    following.is_first = True
    evidence = load_evidence(following, YEAR_ON)
    assert (evidence.history, evidence.previous) == ({}, {})
    assert evidence.earlier == {"first": "yes"}
    assert missing(following)[1] == []


def test_previous_year_stays_while_results_stand_that_were_counted_from_it(
    case, published, organiser
):
    version = published(Circle.COUNTY)
    call = {"competition": case, "by": organiser.person, "now": timezone.now(), "reason": "有误"}
    before = factories.CompetitionFactory(year=case.year - 1)
    with pytest.raises(ValidationError, match="请先撤回结果，再改上一届"):
        name_previous(previous=before, is_first=False, **call)
    actions.withdraw_version(
        version=version, reason="重算", by=organiser.person, now=timezone.now()
    )
    name_previous(previous=before, is_first=False, **call)
    case.refresh_from_db()
    assert case.previous == before and not case.is_first


@pytest.mark.parametrize(("year", "host"), [(2022, "150802"), (2023, "371323")])
def test_previous_year_is_an_earlier_one_of_the_same_county(organiser, competition, year, host):
    with pytest.raises(ValidationError, match="以前年度"):
        create_competition(
            host_code=host,
            host_name="某县",
            year=year,
            title="另一项比武",
            scheme=read_shipped("linhe-2022"),
            previous=competition,
            by=organiser.person,
            now=timezone.now(),
        )


def test_new_competition_names_its_previous_year_on_the_form(client, organiser, competition):
    client.force_login(organiser)
    page = client.get("/work/new/?host=150802").content.decode()
    assert "本届是第一届" in page and "以后再定" in page
    assert competition.title in page and "演示的比武和真实的比武不能互为上一届" not in page
    competition.demo = True
    competition.save()
    page = client.get("/work/new/?host=150802").content.decode()
    assert competition.title not in page and "演示的比武和真实的比武不能互为上一届" in page
