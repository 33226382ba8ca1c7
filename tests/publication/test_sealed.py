"""What somebody with the database in his hands changes is never published nor shown as a result."""

import copy
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from competitions.models import SchemeVersion
from competitions.queries import _read, scheme_of
from competitions.scheme.read import read_toml
from publication import actions
from publication.models import Circle, PublicationVersion
from record.chain.digests import RESULT_TAG, document_digest
from rewards.queries import TabulationMismatch, find_outcome
from scoring.actions.tabulation import tabulate_competition
from scoring.models import Tabulation
from scoring.queries.sealed import check_tabulation
from scoring.rules.evidence import from_document
from scoring.rules.tabulate import tabulate
from tests.scoring.evidence_case import RULES, add_judge, fill, publish


def release(tabulation, who):
    """This function will publish a tabulation, freshly read, to the county."""
    return actions.publish_results(
        competition=tabulation.competition,
        circle=Circle.COUNTY,
        tabulation=Tabulation.objects.get(id=tabulation.id),
        notice=None,
        by=who.person,
        now=timezone.now(),
        op=uuid.uuid4(),
    )


def refused(tabulation, who, words):
    """This function will require that neither pages nor publications use the tabulation."""
    with pytest.raises(TabulationMismatch, match=words):
        find_outcome(Tabulation.objects.get(id=tabulation.id))
    with pytest.raises(ValidationError, match=words):
        release(tabulation, who)
    assert not PublicationVersion.objects.exists()


def store(tabulation, **columns):
    Tabulation.objects.filter(id=tabulation.id).update(**columns)


def with_marks_turned(tabulation):
    """Evidence in which the last is first, and the result that it gives."""
    evidence = copy.deepcopy(tabulation.evidence)
    last = tabulation.result["tracks"]["township"]["order"][-1]
    for mark in evidence["marks"]:
        mark[4] = "100" if mark[1] == last else "1"
    scheme = scheme_of(tabulation.scheme_version)
    return evidence, tabulate(scheme, from_document(evidence)).to_document()


def test_what_is_as_recorded_is_published(tabulation, organiser):
    check_tabulation(tabulation)
    assert release(tabulation, organiser).number == 1


def test_a_ruling_put_into_stored_evidence_is_found(tabulation, organiser):
    find_outcome(tabulation)
    evidence = copy.deepcopy(tabulation.evidence)
    evidence["rulings"].append(
        {"key": "r99", "kind": "revoke_flag", "of": "red", "entry": "e01", "track": "township"}
    )
    store(tabulation, evidence=evidence)
    refused(tabulation, organiser, "存储的依据与存证不符")


def test_evidence_and_result_changed_together_are_found(tabulation, organiser):
    evidence, result = with_marks_turned(tabulation)
    store(tabulation, evidence=evidence, result=result)
    refused(tabulation, organiser, "与存证不符")


def test_a_result_whose_digest_was_changed_with_it_is_found(tabulation, organiser):
    _, result = with_marks_turned(tabulation)
    store(tabulation, result=result, result_digest=document_digest(result, RESULT_TAG))
    refused(tabulation, organiser, "登记与存证不符")


def test_a_result_changed_after_it_was_looked_at_is_found(tabulation, organiser):
    find_outcome(tabulation)
    result = copy.deepcopy(tabulation.result)
    entries = result["tracks"]["township"]["entries"]
    entries["e01"]["place"], entries["e02"]["place"] = 2, 1
    store(tabulation, result=result)
    refused(tabulation, organiser, "存储的结果与存证不符")


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.update(tie_reason="另一句话"),
        lambda entry: entry["tree"].update(formula="1 + 1"),
        lambda entry: entry["tree"].update(label="另一个名称"),
        lambda entry: entry["tree"].update(notes=["另一句说明"]),
    ],
)
def test_changed_words_of_a_result_are_found(tabulation, organiser, change):
    result = copy.deepcopy(tabulation.result)
    change(result["tracks"]["township"]["entries"]["e01"])
    store(tabulation, result=result)
    refused(tabulation, organiser, "存储的结果与存证不符")


def test_rules_changed_in_place_are_found(tabulation, organiser):
    version = tabulation.scheme_version
    document = copy.deepcopy(version.document)
    document["tracks"][0]["awards"][0]["quota"] = 1
    SchemeVersion.objects.filter(id=version.id).update(document=document)
    refused(tabulation, organiser, "规则第 1 版存储的内容与存证不符")
    with pytest.raises(ValidationError, match="规则第 1 版"):
        actions.publish_rules(
            competition=tabulation.competition, by=organiser.person, now=timezone.now()
        )
    with pytest.raises(ValidationError, match="规则第 1 版"):
        tabulate_competition(
            competition=tabulation.competition,
            by=organiser.person,
            now=timezone.now(),
            op=uuid.uuid4(),
        )


def test_changed_rules_are_not_kept_once_they_are_put_right(case):
    version = SchemeVersion.objects.get(competition=case)
    true = copy.deepcopy(version.document)
    _read.cache_clear()
    SchemeVersion.objects.filter(id=version.id).update(document={**true, "title": "另一个办法"})
    assert scheme_of(version).title == "另一个办法"
    SchemeVersion.objects.filter(id=version.id).update(document=true)
    assert scheme_of(version).title == true["title"]


def test_pages_of_a_changed_result_open_and_say_so(client, tabulation, organiser):
    store(tabulation, result={"tracks": {}})
    client.force_login(organiser)
    slug = tabulation.competition.slug
    for name in ("work_publish", "work_awards", "work_overview"):
        answer = client.get(reverse(name, args=[slug]))
        assert answer.status_code == 200
        assert "存储的结果与存证不符" in answer.content.decode(), name


def test_sealing_costs_two_queries_and_reads_no_document_twice(
    tabulation, django_assert_num_queries
):
    check_tabulation(tabulation)
    with django_assert_num_queries(2) as asked:
        check_tabulation(tabulation)
    assert all(len(query["sql"]) < 5000 for query in asked)


@pytest.mark.parametrize("key", ["official", "strokes", "custom", "place", "reason", "notes"])
def test_a_track_called_like_an_order_or_a_word_is_published(
    client, competition, organiser, colleague, key
):
    rules = RULES.replace('key = "township"', f'key = "{key}"', 1)
    publish(competition, organiser.person, read_toml(rules))
    judges = [add_judge(competition, number, "arena") for number in (1, 2, 3)]
    fill(competition, organiser, colleague, judges=judges)
    made = tabulate_competition(
        competition=competition, by=organiser.person, now=timezone.now(), op=uuid.uuid4()
    )
    release(made, organiser)
    for path in ("", "_strokes/", "_custom/", f"{key}/", f"{key}/_official/"):
        assert client.get(f"/c/{competition.slug}/ranking/{path}").status_code == 200
    result = copy.deepcopy(made.result)
    result["tracks"][key]["entries"]["e01"]["total"] = "1"
    store(made, result=result)
    with pytest.raises(TabulationMismatch):
        find_outcome(made)
