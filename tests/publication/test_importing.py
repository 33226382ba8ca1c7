"""A whole competition leaves one installation in a bundle and stands in another as it stood."""

import io
import json
import re
import uuid
import zipfile

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse
from django.utils import timezone

from competitions import actions as setup
from competitions.models import Competition, ImportedRecord, PartySecretary, Person, Unit, User
from competitions.roles import RoleKind
from publication.actions import withdraw_version
from publication.bundle.read import read_bundle
from publication.bundle.verify import verify_bundle
from publication.bundles import export_bundle
from publication.carried import FILES, SHARED, TABLES
from publication.importing import import_bundle
from publication.models import PublicationVersion, PublishedPage
from record.actions import AUDIT
from record.models import Revision
from record.queries import revisions, verify_chain
from scoring.actions.ledger import enter_ledger_event
from scoring.models import LedgerEvent
from scoring.queries.evidence import load_evidence
from scoring.rules.evidence import to_document
from tests import factories
from tests.database import reset_database
from tests.properties.small_year import SmallYear
from tests.rewards.case import PDF

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
ONCE = re.compile(r'value="(?:[A-Za-z0-9]{64}|[0-9a-f-]{36})"')
SLUG = "travel"

NOTE = re.compile(r'\n<p class="muted">第 1—\d+ 条随卷宗导入.*?</p>')


def live_a_year():
    """A year in which there is something of everything, some of it still waiting."""
    factories.PersonFactory.create_batch(3)
    staff = [factories.UserFactory(person__name=f"演示·{name}").person for name in "甲乙"]
    year = SmallYear(units=3, judges=3, slug=SLUG, staff=staff)
    year.fill()
    entry = year.entries("unit")[1]
    enter_ledger_event(
        draft=year.draft_event(entry.key, reason="受表彰"),
        file=SimpleUploadedFile("表彰决定.pdf", PDF),
        **year.once(),
    )
    year.finish()
    withdrawn = PublicationVersion.objects.get(competition=year.competition, circle="public")
    withdraw_version(version=withdrawn, reason="电话有误", **year.by())
    year.begin_again()
    setup.record_recusal(
        competition=year.competition,
        judge=year.appoint_judge().judge,
        entry=entry,
        reason="曾联系该镇",
        **year.by(),
    )
    return year


def leave(competition, **options):
    """The bundle of a competition, after which the installation is as good as new."""
    data = export_bundle(competition, now=NOW, **options)
    reset_database()
    return data


@pytest.fixture
def settle():
    """A function that imports bytes into the database as it is; by an organiser of the county."""
    opened = []

    def run(data, **options):
        person = options.pop("by", None) or factories.PersonFactory(name="演示·接收人")
        opened.append(read_bundle(io.BytesIO(data)))
        return import_bundle(bundle=opened[-1], by=person, now=NOW, **options)

    yield run
    for bundle in opened:
        bundle.files.close()


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
        # What is drawn anew for every page: the token and the operation of a form.
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
