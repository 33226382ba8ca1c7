"""What people write in free text stays out of the record and of everything that is published, and
can be erased wherever it stands: a whole small year with one marker in every such field."""

import datetime
import gzip
import io
import json
import uuid
import zipfile
from dataclasses import replace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from competitions.actions import appoint_judge, record_recusal, record_term, return_term_change
from competitions.roles import RoleKind
from publication.actions import publish_results, withdraw_version
from publication.bundle.read import read_bundle
from publication.bundle.verify import verify_bundle
from publication.bundles import export_bundle, export_public_bundle
from publication.closing import propose_closing, return_closing
from publication.models import Circle, Closing, PublicationVersion, PublishedPage
from record.actions import erase_private
from record.chain.commitments import commitments_in
from record.models import PrivateValue, Revision
from record.private import ERASED, reveal
from record.queries import verify_chain
from rewards.actions import record_decision, return_decision, verify_decision
from rewards.queries import find_outcome
from scoring.actions import corrections, ledger, measurements, rulings
from scoring.models import LedgerEvent, Measurement, Ruling, Sheet, Tabulation
from tests import factories
from tests.kept import keep
from tests.properties.small_year import RULES, SmallYear

pytestmark = pytest.mark.django_db
MARKER = "密语王二麻子"
OPEN = """
[disclosure]
judges = "name"
scores_public = true
last_places_public = true
yellow_flags_public = true
"""
NOTICE = {
    "since": "2022年9月1日",
    "until": "2022年9月7日",
    "telephone": "0478-0000000",
    "address": "县委大院",
}


def said(what):
    """A text in the named field, so that a find says where it came from."""
    return f"{MARKER}：{what}"


@pytest.fixture
def year():
    return keep("words", build_year, alone=True)


def build_year():
    """This function will live a small year with the marker in every text, and publish it."""
    staff = [factories.PersonFactory() for _ in range(3)]
    rules = RULES.replace("[[tracks]]", f"{OPEN}\n[[tracks]]", 1)
    year = SmallYear(units=4, judges=4, slug="words", staff=staff, rules=rules)
    year.fill()
    write_everywhere(year)
    year.tabulation = year.tabulate()
    decide(year)
    year.versions = [publish(year, circle) for circle in (Circle.COUNTY, Circle.PUBLIC)]
    open_again(year)
    return year


def open_again(year):
    """As if the year had been closed and somebody had wanted it open again."""
    year.competition.stage = year.competition.Stage.CLOSED
    year.competition.save()
    closing = propose_closing(kind=Closing.Kind.REOPEN, reason=said("重新打开"), **year.once())
    act = {"op": uuid.uuid4(), **year.by(year.staff[1])}
    return_closing(closing=closing, reason=said("退回重新打开"), **act)
    year.competition.stage = year.competition.Stage.RUNNING
    year.competition.save()


def write_everywhere(year):
    first, second, *_ = year.staff
    units = year.entries("unit")
    for settle in ("return", "verify"):
        change = record_term(
            competition=year.competition,
            unit=units[3].unit,
            person=factories.PersonFactory(),
            since=datetime.date(2022, 12, 31),
            ends_former=True,
            reason=said("任期变更"),
            **year.by(first),
        )
        if settle == "return":
            return_term_change(change=change, reason=said("退回任期"), **year.by(second))
    outsider = appoint_judge(
        competition=year.competition,
        person=factories.PersonFactory(),
        group_key="panel",
        **year.by(),
    )
    record_recusal(
        competition=year.competition,
        judge=outsider,
        entry=units[3],
        reason=said("回避"),
        **year.by(),
    )
    for number in (1, 2, 3, 4):
        draft = replace(
            year.draft_event(units[0].key, reason=said("加分")), matter=said("同一事项")
        )
        event = ledger.enter_ledger_event(draft=draft, **year.once())
        seen = {"key": event.key, "revision": event.revision.hex}
        if number == 1:
            ledger.return_ledger_event(reason=said("退回加分"), **seen, **year.once(second))
            continue
        event = ledger.verify_ledger_event(**seen, **year.once(second))
        seen["revision"] = event.revision.hex
        if number == 2:
            ledger.withdraw_ledger_event(reason=said("撤回加分"), **seen, **year.once(first))
    for number, (kind, subject) in enumerate(
        (
            ("exclude_judge", {"round": "arena", "judge": year.judges[0].judge.key, "entry": ""}),
            ("exclude_entry", {"track": "secretary", "entry": year.entries("secretary")[3].key}),
            ("tie_order", {"track": "township", "entries": [units[0].key, units[1].key]}),
            ("tie_order", {"track": "township", "entries": [units[1].key, units[0].key]}),
        )
    ):
        draft = rulings.RulingDraft(
            kind=kind,
            subject=subject,
            reason=said("裁定"),
            decided_by=said("谁决定"),
            decided_on=year.draft_ruling("s01").decided_on,
            document_number="" if number == 1 else "临办发〔2022〕3号",
        )
        ruling = rulings.enter_ruling(draft=draft, **year.once())
        seen = {"key": ruling.key, "revision": ruling.revision.hex}
        if number == 3:
            rulings.return_ruling(reason=said("退回裁定"), **seen, **year.once(second))
            continue
        ruling = rulings.verify_ruling(**seen, **year.once(second))
        if number == 2:
            seen["revision"] = ruling.revision.hex
            rulings.withdraw_ruling(reason=said("撤回裁定"), **seen, **year.once(first))
    value = {(units[0].key, "jobs"): {"value": "91", "target": "100"}}
    row = Measurement.objects.get(entry=units[0], criterion_key="jobs")
    place = {(units[0].key, "jobs"): row.revision.hex}
    call = {"round_key": "routine"}
    again = measurements.enter_measurements(values=value, revisions=place, **call, **year.once())
    seen = {(units[0].key, "jobs"): again.op_id.hex}
    measurements.return_measurements(
        revisions=seen, reason=said("退回指标"), **call, **year.once(second)
    )
    row.refresh_from_db()
    value[units[0].key, "jobs"]["value"] = "92"
    seen = {(units[0].key, "jobs"): row.revision.hex}
    again = measurements.enter_measurements(values=value, revisions=seen, **call, **year.once())
    seen = {(units[0].key, "jobs"): again.op_id.hex}
    measurements.verify_measurements(revisions=seen, **call, **year.once(second))
    sheet = Sheet.objects.filter(round_key="review1").order_by("id").first()
    for settle in ("return", "verify"):
        marks = dict.fromkeys(sheet.marks, "1")
        act = {"op": uuid.uuid4(), **year.by(first)}
        proposed = corrections.propose_correction(
            sheet=sheet, marks=marks, reason=said("更正"), revision=sheet.revision.hex, **act
        )
        act = {"correction": proposed, "op": uuid.uuid4(), **year.by(second)}
        if settle == "return":
            corrections.return_correction(reason=said("退回更正"), **act)
        else:
            corrections.verify_correction(**act)


def decide(year):
    award = find_outcome(year.tabulation).computed.awards[0]
    other = next(
        entry.key
        for entry in year.entries("unit")
        if entry.key not in {item.entry for item in find_outcome(year.tabulation).computed.awards}
    )
    changes = [
        {"award": award.award, "entry": award.entry, "give": False, "reason": said("取消")},
        {
            "award": award.award,
            "entry": other,
            "give": True,
            "reason": said("给予"),
            "amount": "1000",
        },
    ]
    for settle in ("return", "verify"):
        decision = record_decision(
            tabulation=year.tabulation,
            meeting=said("会议"),
            decided_on=year.draft_ruling("s01").decided_on,
            document_number="临常纪〔2022〕1号",
            changes=changes,
            note=said("说明"),
            **year.once(),
        )
        act = {"decision": decision, "op": uuid.uuid4(), **year.by(year.staff[1])}
        if settle == "return":
            return_decision(reason=said("退回决定"), **act)
        else:
            verify_decision(**act)


def publish(year, circle):
    call = {"tabulation": year.tabulation, "circle": circle, **year.once()}
    notice = NOTICE if circle == Circle.PUBLIC else None
    version = publish_results(notice=notice, **call)
    if circle == Circle.COUNTY:
        return version
    # One more, withdrawn, so that the reason for that is somewhere too.
    withdraw_version(version=version, reason=said("撤回公布"), op=uuid.uuid4(), **year.by())
    return publish_results(notice=notice, **{**call, "op": uuid.uuid4()})


def everything_in(data):
    """The text of all files of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


def as_text(data):
    return bytes(data).decode("utf-8", "replace")


def test_no_free_text_is_in_the_record_or_in_anything_published(year):
    for revision in Revision.objects.all():
        assert MARKER not in revision.body, revision.kind
    hidden = set(PrivateValue.objects.values_list("value", flat=True))
    assert {text.split("：")[1] for text in hidden if MARKER in text} == {
        *("回避", "加分", "同一事项", "退回加分", "撤回加分", "裁定", "谁决定", "退回裁定"),
        *("撤回裁定", "退回指标", "更正", "退回更正", "取消", "给予", "会议", "说明", "退回决定"),
        *("撤回公布", "任期变更", "退回任期", "重新打开", "退回重新打开"),
    }
    for stored in Tabulation.objects.all():
        assert MARKER not in json.dumps([stored.evidence, stored.result], ensure_ascii=False)
    for version in PublicationVersion.objects.all():
        assert MARKER not in json.dumps(version.contents, ensure_ascii=False)
    for page in PublishedPage.objects.all():
        packed = page.content_type == "application/zip"
        assert MARKER not in (everything_in(page.body) if packed else as_text(page.body))
        assert not page.gzipped or MARKER not in gzip.decompress(page.gzipped).decode()
    for version in PublicationVersion.objects.filter(kind="results"):
        assert MARKER not in everything_in(export_public_bundle(version, now=year.by()["now"]))


def test_pages_say_by_which_ruling_and_never_why(year):
    pages = {page.path: as_text(page.body) for page in PublishedPage.objects.all()}
    assert "经两人裁定（裁定 6）不参加排名" in pages["ranking/secretary/"]
    assert "经裁定（临办发〔2022〕3号）不计" in pages["own/e01"]
    assert "经会议研究决定（临常纪〔2022〕1号）" in pages["awards/"]


def test_bundles_of_both_kinds_verify_and_only_the_offices_own_has_the_texts(year):
    now = year.by()["now"]
    whole = export_bundle(year.competition, now=now)
    assert MARKER in everything_in(whole)
    for data in (whole, *(export_public_bundle(version, now=now) for version in year.versions)):
        with read_bundle(io.BytesIO(data)) as bundle:
            report = verify_bundle(bundle)
        assert [check for check in report.checks if check.problems] == []
        titles = {check.title for check in report.checks if check.state == "holds"}
        assert ("事由等文字" in titles) == (data is whole)


def test_bundle_with_a_changed_text_fails(year):
    data = export_bundle(year.competition, now=year.by()["now"])
    with read_bundle(io.BytesIO(data)) as bundle:
        digest = next(iter(bundle.private))
        bundle.private[digest][1] = "另一句话"
        bundle.private["0" * 64] = ["0" * 32, "没有说过的话"]
        checks = {check.title: check.problems for check in verify_bundle(bundle).checks}
    assert checks["事由等文字"] == [
        "文字「另一句话」与存证里的摘要不符，被改动过。",
        "文字「没有说过的话」不属于这份存证。",
    ]


def somebody(kind, host_code):
    """A new account with a role."""
    user = factories.UserFactory()
    factories.grant(user.person, kind, host_code)
    return user


def read(client, address, kind, year):
    client.force_login(somebody(kind, year.competition.host_code))
    return client.get(address).content.decode()


def test_auditor_reads_the_texts_beside_the_bodies(year, client):
    address = reverse("work_record", args=["words"])
    assert said("裁定") in read(client, address, RoleKind.AUDITOR, year)
    assert MARKER not in read(client, address, RoleKind.ORGANISER, year)


def test_own_unit_reads_why_points_were_given_and_others_do_not(year, client):
    units = year.entries("unit")
    for number, user in enumerate(year.secretaries[:2]):
        client.force_login(user)
        text = client.get(reverse("mine_competition", args=["words"])).content.decode()
        assert (said("加分") in text) == (number == 0), units[number]
        address = reverse(
            "work_own_part", args=["words", year.versions[0].number, f"s0{number + 1}"]
        )
        text = read(client, address, RoleKind.ORGANISER, year)
        assert (said("加分") in text) == (number == 0), units[number]


def test_staff_read_why_in_the_explanation(year, client):
    address = reverse("work_explanation", args=["words", 1, "township", "e01"])
    assert said("加分") in read(client, address, RoleKind.ORGANISER, year)


def find_marker():
    """Every row and field of the whole database that still has the marker."""
    return [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.split(".")[0]
        in {"record", "competitions", "scoring", "rewards", "arena", "publication"}
        for row in model.objects.all()
        for field in model._meta.concrete_fields
        if MARKER in _text(getattr(row, field.attname))
    ]


def _text(value):
    if isinstance(value, bytes | memoryview):
        return ""
    return json.dumps(value, ensure_ascii=False, default=str)


def test_erased_text_is_nowhere_and_nothing_else_changes(year):
    assert "LedgerEvent.reason" in find_marker()
    before = find_outcome(year.tabulation)
    for value in list(PrivateValue.objects.filter(value__startswith=MARKER)):
        if PrivateValue.objects.filter(pk=value.pk).exists():
            erase_private(digest=value.digest, by="1", now=year.by()["now"])
    assert find_marker() == []
    events = LedgerEvent.objects.exclude(matter="")
    assert set(events.values_list("matter", "matter_key")) == {(ERASED, "m001")}
    assert Ruling.objects.filter(reason=ERASED, decided_by=ERASED).exists()
    assert verify_chain(year.competition.chain).ok and verify_chain("audit").ok
    again = year.tabulate()
    assert again.evidence == year.tabulation.evidence
    assert again.result == year.tabulation.result
    after = find_outcome(again)
    assert [(item.award, item.entry) for item in after.final.awards] == [
        (item.award, item.entry) for item in before.final.awards
    ]
    bundle = everything_in(export_bundle(year.competition, now=year.by()["now"]))
    assert MARKER not in bundle


def test_text_is_erased_from_the_command_line_by_two_people(year, capsys):
    revision = Revision.objects.filter(kind="ruling.entered", body__contains="exclude_judge").get()
    digests = commitments_in(revision.facts)
    where = ("words", str(revision.seq))
    call_command("erase_private", *where)
    assert said("谁决定") in capsys.readouterr().out
    host = year.competition.host_code
    admin = somebody(RoleKind.ADMIN, "")
    auditor = somebody(RoleKind.AUDITOR, host)
    asked = {"digest": digests[0], "by": admin.username, "witness": auditor.username}
    for wrong, sentence in (
        ({"witness": None}, "要两个人办理"),
        ({"by": auditor.username}, "不是系统管理员"),
        ({"witness": admin.username}, "不是监督员"),
        ({"digest": "0" * 64}, "没有这个摘要"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("erase_private", *where, **{**asked, **wrong})
    call_command("erase_private", *where, **asked)
    last = Revision.objects.filter(chain="audit").order_by("seq").last()
    assert (last.kind, last.by) == ("private.erased", str(admin.person_id))
    assert last.facts["witness"] == str(auditor.person_id)
    assert ERASED in json.dumps(reveal(revision.facts), ensure_ascii=False)
    with pytest.raises(ValidationError, match="可能已经抹去"):
        erase_private(digest=digests[0], by="1", now=year.by()["now"])
