"""A whole competition leaves one installation in a bundle and stands in another as it stood."""

import datetime
import hashlib
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

_bundles = {}
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
def bundle(transactional_db):
    """The bytes of a whole year, in an empty database; lived once for all tests."""
    if "year" not in _bundles:
        _bundles["year"] = leave(live_a_year().competition)
    return _bundles["year"]


def rewrite(data, change):
    """The bundle as a forger makes it: `change(files)` alters {name: bytes}, and the cover agrees
    with it."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    cover = json.loads(files.pop("bundle.json"))
    cover["files"] = {
        name: {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        for name, body in files.items()
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in {**files, "bundle.json": json.dumps(cover).encode()}.items():
            packed.writestr(name, body)
    return stream.getvalue()


def change_line(table, change, name="tables.jsonl"):
    """A change for `rewrite`: the first row of a table, or the first page."""

    def apply(files):
        lines = [json.loads(line) for line in files[name].splitlines()]
        if table == "head":
            change(lines[0])
        else:
            line = next(line for line in lines if line.get("table") == (table or None))
            change(line["row"] if table else line)
        files[name] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)

    return apply


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
    assert belonging - {Competition} <= carried
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


def everything():
    """How many rows there are of each kind."""
    return {model: model.objects.count() for model in apps.get_models()}


FORGERIES = {
    "page": (
        change_line("", lambda line: line.update(text=line["text"] + " "), "pages.jsonl"),
        "公布的内容或页面与存证不符",
    ),
    "page that runs": (
        change_line("", lambda line: line.update(type="text/javascript"), "pages.jsonl"),
        "不认识的页面类型",
    ),
    "rules": (
        change_line("scheme_versions", lambda row: row["document"].update(title="改过")),
        "存储的内容与存证不符",
    ),
    "result": (
        change_line("tabulations", lambda row: row["result"].update(complete=False)),
        "与存证不符",
    ),
    "mark of nobody": (
        change_line("sheets", lambda row: row.update(revision=uuid.uuid4().hex)),
        "有一行不在存证里",
    ),
    "draft": (
        change_line("scheme_drafts", lambda row: row.update(document="{}")),
        "稿与它的摘要不符",
    ),
    "one person": (
        change_line("measurements", lambda row: row.update(verified_by=row["entered_by"])),
        "自相矛盾",
    ),
    "division": (
        change_line("units", lambda row: row.update(division_code="999999999")),
        "不在行政区划目录里",
    ),
    "unit elsewhere": (
        change_line("units", lambda row: row.update(host_code="371323")),
        "不属于主办县（区）",
    ),
    "county": (
        change_line("head", lambda line: line["competition"].update(host_code="371323")),
        "不是同一项比武",
    ),
    "strange column": (
        change_line("judges", lambda row: row.update(salary="1")),
        "不认识的「salary」",
    ),
    "wrong type": (change_line("judges", lambda row: row.update(number="一")), "不合要求"),
    "no such row": (change_line("judges", lambda row: row.update(person="0" * 32)), "不在卷宗里"),
    "year before": (
        change_line(
            "head",
            lambda line: line["competition"].update(
                previous={"chain": "0" * 32, "title": "临河区2021年擂台"}
            ),
        ),
        "请先导入那一届的卷宗",
    ),
    "ids": (change_line("head", lambda line: line.update(record=[])), "编号对照"),
    "attachment": (
        lambda files: files.update({"attachments/ledger-l004.pdf": PDF + b" "}),
        "与登记的摘要不符",
    ),
    "no attachment": (
        lambda files: files.pop("attachments/ledger-l004.pdf"),
        "请带附件重新导出",
    ),
    "record": (
        lambda files: files.update(
            {"record.jsonl": files["record.jsonl"].replace(b'"seq":2}', b'"seq":3}')}
        ),
        "没有通过核验",
    ),
    "tables": (lambda files: files.pop("tables.jsonl"), "没有 tables.jsonl"),
    "not a line": (lambda files: files.update({"tables.jsonl": b"[1, 2"}), "不是正确的 JSON"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_bundle_is_refused_and_leaves_nothing_behind(name, bundle, settle, settings):
    change, sentence = FORGERIES[name]
    by = factories.PersonFactory()
    before, stored = everything(), sorted(settings.MEDIA_ROOT.rglob("*.pdf"))
    with pytest.raises(ValidationError) as refused:
        settle(rewrite(bundle, change), by=by)
    assert sentence in "".join(refused.value.messages)
    assert everything() == before
    assert sorted(settings.MEDIA_ROOT.rglob("*.pdf")) == stored


def test_competition_that_is_here_is_not_imported_again(bundle, settle):
    settle(bundle)
    before = everything()
    with pytest.raises(ValidationError, match="已经在本系统里"):
        settle(bundle, by=Person.objects.first())
    assert everything() == before


def test_place_that_is_taken_is_not_taken_over(bundle, settle):
    other = factories.CompetitionFactory(slug=SLUG, title="另一项比武")
    with pytest.raises(ValidationError, match="已由「另一项比武」使用"):
        settle(bundle)
    with pytest.raises(ValidationError, match="不属于您办理的县"):
        settle(bundle, host_code="371323")
    other.delete()
    factories.CompetitionFactory(title=f"{SLUG}的比武", year=2022)
    with pytest.raises(ValidationError, match="已有同名"):
        settle(bundle)


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
