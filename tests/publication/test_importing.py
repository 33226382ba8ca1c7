"""A whole competition leaves one installation in a bundle and stands in another as it stood."""

import datetime
import re

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from arena.models import AudiencePage, Card, Cover, Device, Presence
from competitions import actions as setup
from competitions.models import Competition, ImportedRecord, PartySecretary, Person, Unit, User
from competitions.roles import RoleKind
from publication.bundles import export_bundle
from publication.carried import FILES, SHARED, TABLES
from publication.models import PublishedPage
from record.actions import AUDIT
from record.models import Revision
from record.queries import revisions, verify_chain
from scoring.models import LedgerEvent
from scoring.queries.evidence import load_evidence
from scoring.rules.evidence import to_document
from tests import factories
from tests.publication.travel import NOW, SLUG, leave, live_a_year
from tests.rewards.case import PDF

pytestmark = pytest.mark.django_db(transaction=True)


ONCE = re.compile(r'value="(?:[A-Za-z0-9]{64}|[0-9a-f-]{36})"|data-person="\d+"')
NOTE = re.compile(r'\n<p class="muted">第 1—\d+ 条随卷宗导入.*?</p>')


def open_pages(client, slug):
    """{address: page} of what an organiser and an auditor see, and of what is published."""
    user = factories.UserFactory(person__name="演示·阅卷人")
    factories.grant(user.person, RoleKind.AUDITOR)
    client.force_login(user)
    names = ("work_overview", "work_rules", "work_entrants", "work_recusals", "work_judge_history")
    addresses = [reverse(name, args=[slug]) for name in (*names, "work_ledger", "work_rulings")]
    addresses += [
        reverse("work_tabulation_result", args=[slug, 1]),
        reverse("work_explanation", args=[slug, 1, "township", "e01"]),
        reverse("work_record", args=[slug]) + "?verify=1",
        reverse("county_page", args=[slug, "ranking/"]),
        reverse("county_page", args=[slug, "verify/"]),
        reverse("work_publish", args=[slug]),
        reverse("work_ledger_evidence", args=[slug, "l004"]),
    ]
    found = {}
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        content = b"".join(response) if response.streaming else response.content
        # What is drawn anew for every page, the token and the operation of a form, and its reader.
        found[address] = ONCE.sub("", content.decode("utf-8", "replace"))
    return found


def test_year_travels_without_loss(client, settle):
    year = live_a_year()
    before = open_pages(client, SLUG)
    rows = [revision.as_row() for revision in revisions(year.competition.chain)]
    facts = to_document(load_evidence(year.competition, year.scheme))
    data = leave(year.competition)
    # Other people have the low ids here.
    factories.PersonFactory.create_batch(20)
    competition = settle(data)
    assert [revision.as_row() for revision in revisions(competition.chain)] == rows
    assert verify_chain(competition.chain).ok and verify_chain(AUDIT).ok
    assert to_document(load_evidence(competition, year.scheme)) == facts
    assert export_bundle(competition, now=NOW) == data
    after = open_pages(client, SLUG)
    record = reverse("work_record", args=[SLUG]) + "?verify=1"
    after[record], notes = NOTE.subn("", after[record])
    assert (after, notes) == (before, 1)
    event = LedgerEvent.objects.exclude(evidence="").get()
    assert event.evidence.read() == PDF


def test_every_row_that_belongs_to_a_competition_travels():
    own = {"record", "competitions", "scoring", "rewards", "publication", "arena"}
    # A page travels as its bytes; an import says where this installation has the rows from.
    carried = {*(table.model for table in TABLES), *SHARED.values(), PublishedPage, ImportedRecord}
    belonging = {Competition}
    while True:
        found = {
            model
            for model in apps.get_models()
            if model._meta.app_label in own
            and any(field.related_model in belonging for field in model._meta.concrete_fields)
        }
        if found <= belonging:
            break
        belonging |= found
    # What the hall shows at a moment, and to whom, stays here, and who is signed in here on what.
    assert belonging - {Competition, AudiencePage, Cover, Card, Device, Presence} <= carried
    for table in TABLES:
        fields = table.model._meta.concrete_fields
        files = [field for field in fields if isinstance(field, models.FileField)]
        assert [field.name for field in files] == ([FILES[table.model][0]] if files else [])


def test_nobody_gets_an_account_and_everybody_is_who_he_was(bundle, settle, client):
    # Somebody else has the id that the record means somebody by.
    for _ in range(30):
        factories.UserFactory(person__name="演示·外人")
    competition = settle(bundle)
    assert User.objects.filter(person__name__startswith="演示·外人").count() == User.objects.count()
    assert not Person.objects.filter(name="演示·甲").exclude(accounts=None).exists()
    user = factories.UserFactory()
    factories.grant(user.person, RoleKind.AUDITOR)
    client.force_login(user)
    text = client.get(reverse("work_record", args=[SLUG])).content.decode()
    assert "演示·甲" in text and "演示·乙" in text and "演示·外人" not in text
    text = client.get(reverse("work_judge_history", args=[SLUG])).content.decode()
    assert "演示·甲" in text and "演示·外人" not in text
    said = Revision.objects.of_chain(AUDIT).of_kind("bundle.imported").get()
    assert said.facts["chain"] == competition.chain
    assert said.facts["head"] == competition.imported.head


def test_year_goes_on_in_its_new_house_and_moves_again(bundle, settle, client):
    competition = settle(bundle)
    length = competition.imported.seq
    by = factories.PersonFactory(name="演示·新人")
    setup.appoint_judge(
        competition=competition,
        person=factories.PersonFactory(name="演示·新评委"),
        group_key="panel",
        by=by,
        now=NOW,
    )
    assert verify_chain(competition.chain).ok
    again = leave(competition)
    factories.PersonFactory.create_batch(50, name="演示·外人")
    competition = settle(again)
    assert [span["until"] >= length for span in competition.imported.spans] == [True, True]
    user = factories.UserFactory()
    factories.grant(user.person, RoleKind.AUDITOR)
    client.force_login(user)
    text = client.get(reverse("work_judge_history", args=[SLUG])).content.decode()
    assert "演示·甲" in text and "演示·新人" in text and "演示·外人" not in text
    assert export_bundle(competition, now=NOW) == again


def test_unit_and_secretary_who_are_here_are_met_again(bundle, settle):
    unit = factories.UnitFactory(name=f"{SLUG}第1镇", host_code=factories.HOST)
    competition = settle(bundle)
    assert Unit.objects.filter(name=unit.name).count() == 1
    assert competition.entries.filter(unit=unit).exists()
    term = PartySecretary.objects.filter(unit=unit).select_related("person").get()
    again = leave(competition)
    # Typed in by hand here, before the bundle came.
    unit = factories.UnitFactory(name=f"{SLUG}第1镇", host_code=factories.HOST)
    person = factories.PersonFactory(name=term.person.name)
    here = factories.PartySecretaryFactory(person=person, unit=unit, since=term.since)
    competition = settle(again)
    assert PartySecretary.objects.filter(unit=unit).get() == here
    assert competition.entries.filter(term=here).exists()


def test_term_that_says_otherwise_here_must_be_settled_first(bundle, settle):
    competition = settle(bundle)
    term = PartySecretary.objects.filter(unit__name=f"{SLUG}第1镇").select_related("person").get()
    again = leave(competition)
    unit = factories.UnitFactory(name=f"{SLUG}第1镇", host_code=factories.HOST)
    person = factories.PersonFactory(name=term.person.name)
    here = factories.PartySecretaryFactory(
        person=person, unit=unit, since=term.since, until=datetime.date(2022, 6, 30)
    )
    with pytest.raises(ValidationError, match="请先在本系统里核对更正"):
        settle(again)
    # What came after the year says nothing about it.
    here.until = datetime.date(2023, 6, 30)
    here.save()
    assert settle(again).entries.filter(term=here).exists()
