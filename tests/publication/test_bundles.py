"""A competition and its public versions as bundles: whole, verifiable, and nothing too much."""

import datetime
import io
import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from competitions.actions.listing import record_entries
from competitions.models import Unit
from competitions.scheme.read import read_document
from competitions.scheme.write import to_document as scheme_document
from publication import actions
from publication.bundle.read import read_bundle
from publication.bundle.verify import verify_bundle
from publication.bundles import export_bundle, export_public_bundle
from publication.models import Circle
from record.queries import revisions
from scoring.actions.ledger import LedgerDraft, enter_ledger_event
from scoring.actions.tabulation import tabulate_competition
from scoring.models import LedgerEvent
from scoring.queries.evidence import load_evidence
from scoring.rules.evidence import to_document
from tests.publication.releasing import NOTICE
from tests.publication.travel import rewrite
from tests.scoring.evidence_case import SCHEME, add_judge, fill, publish


def release(tabulation, organiser, circle):
    return actions.publish_results(
        competition=tabulation.competition,
        circle=circle,
        tabulation=tabulation,
        notice=NOTICE if circle == Circle.PUBLIC else None,
        by=organiser.person,
        now=timezone.now(),
        op=uuid.uuid4(),
    )


@pytest.fixture
def reopen():
    """A function that reads a bundle from its bytes."""
    opened = []

    def read(data):
        opened.append(read_bundle(io.BytesIO(data)))
        return opened[-1]

    yield read
    for bundle in opened:
        bundle.files.close()


def states(bundle):
    return {check.title: (check.state, check.problems) for check in verify_bundle(bundle).checks}


def test_whole_competition_travels_and_verifies(tabulation, organiser, reopen):
    version = release(tabulation, organiser, Circle.COUNTY)
    competition = tabulation.competition
    bundle = reopen(export_bundle(competition, now=timezone.now()))
    found = states(bundle)
    for title in ("其他名称", "核验页", "登记表"):
        assert found.pop(title) == ("left_out", [])
    assert found == {
        title: ("holds", [])
        for title in [
            "文件清单",
            "存证链",
            "办法",
            "统分存证",
            "总分、名次和得分过程",
            "按办法计算的旗、奖项和金额",
            "旗、奖项和金额",
            "第 1 版公布内容（全县（区））",
            "名称",
            "公布过的页面",
        ]
    }
    assert to_document(bundle.evidence) == tabulation.evidence
    assert bundle.scheme_document == tabulation.scheme_version.document
    assert bundle.result == tabulation.result
    assert bundle.publications[0]["contents"] == version.contents
    rows = [revision.as_row() for revision in revisions(competition.chain)]
    assert list(bundle.record_rows()) == rows
    assert bundle.name_of("e01") == "狼山镇"


def test_pages_names_and_attachments_changed_behind_the_list_of_files_are_found(
    case, organiser, reopen, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    enter_ledger_event(
        competition=case,
        draft=LedgerDraft("e02", "points", "honour", datetime.date(2022, 5, 4), "", "表彰"),
        file=SimpleUploadedFile("证.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"),
        by=organiser.person,
        now=timezone.now(),
        op=uuid.uuid4(),
    )
    tabulation = tabulate_competition(
        competition=case, by=organiser.person, now=timezone.now(), op=uuid.uuid4()
    )
    release(tabulation, organiser, Circle.COUNTY)
    data = export_bundle(case, now=timezone.now())

    def change(files):
        files["names.json"] = files["names.json"].replace("新华镇".encode(), "狼山镇".encode())
        files["pages.jsonl"] = files["pages.jsonl"].replace("新华镇".encode(), "狼山镇".encode())
        name = next(name for name in files if name.startswith("attachments/"))
        files[name] += b"x"

    assert "fails" not in {state for state, _ in states(reopen(data)).values()}
    found = states(reopen(rewrite(data, change)))
    failed = {title for title, (state, _) in found.items() if state == "fails"}
    assert failed == {"名称", "公布过的页面", "附件"}
    # The record says what units are called, and goes on doing so when another year renames one.
    record_entries(case, by=organiser.person, now=timezone.now())
    Unit.objects.filter(name="狼山镇").update(name="狼山新镇")
    later = export_bundle(case, now=timezone.now())
    assert states(reopen(later))["名称"] == ("holds", [])
    assert "在存证里是「新华镇」" in states(reopen(rewrite(later, change)))["名称"][1][0]


def test_same_state_gives_the_same_bytes(tabulation):
    now = timezone.now()
    first = export_bundle(tabulation.competition, now=now)
    assert export_bundle(tabulation.competition, now=now) == first


def test_competition_before_its_first_tabulation_travels_as_it_stands(case, reopen):
    bundle = reopen(export_bundle(case, now=timezone.now()))
    scheme = bundle.scheme
    assert to_document(bundle.evidence) == to_document(load_evidence(case, scheme))
    assert (bundle.result, bundle.outcome) == (None, None)


def test_changed_row_in_the_database_shows_in_the_bundle(tabulation, organiser, reopen):
    release(tabulation, organiser, Circle.COUNTY)
    result = tabulation.result
    result["tracks"]["township"]["entries"]["e01"]["total"] = "99.99"
    tabulation.result = result
    tabulation.save()
    found = states(reopen(export_bundle(tabulation.competition, now=timezone.now())))
    state, problems = found["总分、名次和得分过程"]
    assert state == "fails"
    assert problems[0].startswith("「乡镇榜」「狼山镇」总分：卷宗写的是 99.99 ，重新计算是 ")


def test_attachments_travel_with_their_keys_and_can_be_left_out(tabulation, reopen, settings):
    competition = tabulation.competition
    event = LedgerEvent.objects.create(
        competition=competition,
        key="l001",
        entry=competition.entries.get(key="e01"),
        round_key="routine",
        criterion_key="points",
        item_key="honour",
        happened_on="2022-07-01",
        points="1",
        reason="受表彰",
        entered_by=tabulation.made_by,
        entered_at=timezone.now(),
        revision=uuid.uuid4(),
    )
    event.evidence.save("x.pdf", ContentFile(b"%PDF-1.4 x"))
    name = f"attachments/ledger-{event.key}.pdf"
    bundle = reopen(export_bundle(competition, now=timezone.now()))
    assert bundle.files.read(name, 100) == b"%PDF-1.4 x"
    bare = reopen(export_bundle(competition, now=timezone.now(), attachments=False))
    assert name not in bare.files
    event.evidence.delete()


@pytest.mark.parametrize("circle", [Circle.LEADING, Circle.COUNTY, Circle.PUBLIC])
def test_public_bundle_shows_no_more_than_its_version_and_verifies(
    tabulation, organiser, reopen, circle
):
    version = release(tabulation, organiser, circle)
    data = export_public_bundle(version, now=timezone.now())
    bundle = reopen(data)
    found = states(bundle)
    assert {title: state for title, (state, _) in found.items()} == {
        "文件清单": "holds",
        "存证链": "holds",
        "核对点": "holds",
        "办法": "holds",
        "统分": "left_out",
        f"第 1 版公布内容（{version.get_circle_display()}）": "holds",
        "名称": "holds",
    }
    assert bundle.publications[0]["contents"] == version.contents
    assert bundle.files.names() == [
        "bundle.json",
        "names.json",
        "publications.json",
        "record.jsonl",
        "scheme.json",
        "核验说明.txt",
    ]
    bodies = {row["kind"] for row in bundle.record_rows() if row["body"] is not None}
    assert bodies <= {"publication.released", "scheme.published"}
    assert set(bundle.names["entries"]) == set(version.contents["names"])


def test_public_bundle_of_a_scheme_that_opens_everything_is_computed_again(
    competition, organiser, colleague, reopen
):
    document = scheme_document(SCHEME)
    document["disclosure"] = {
        "judges": "number",
        "scores_public": True,
        "last_places_public": True,
        "yellow_flags_public": True,
    }
    publish(competition, organiser.person, read_document(document))
    judges = [add_judge(competition, number, "arena") for number in (1, 2, 3)]
    fill(competition, organiser, colleague, judges=judges)
    tabulation = tabulate_competition(
        competition=competition, by=organiser.person, now=timezone.now(), op=uuid.uuid4()
    )
    version = release(tabulation, organiser, Circle.PUBLIC)
    bundle = reopen(export_public_bundle(version, now=timezone.now()))
    found = states(bundle)
    assert found["总分、名次和得分过程"] == ("holds", [])
    assert found["第 1 版公布内容（社会公示）"] == ("holds", [])
    text = json.dumps(to_document(bundle.evidence), ensure_ascii=False)
    assert {judge.key for judge in bundle.evidence.judges} == {"n1", "n2", "n3"}
    assert "judges" not in bundle.names
    for event in LedgerEvent.objects.filter(competition=version.competition):
        assert event.reason not in text


def test_version_that_units_read_their_part_of_gives_no_public_bundle(tabulation, organiser):
    version = release(tabulation, organiser, Circle.UNIT)
    with pytest.raises(ValidationError):
        export_public_bundle(version, now=timezone.now())
