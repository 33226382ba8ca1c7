"""A bundle goes out and comes in through the browser and from the command line."""

import io
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from competitions.models import Competition, ImportedRecord
from competitions.roles import RoleKind
from publication.bundle.read import read_bundle
from publication.import_plan import plan_import
from scoring.actions.rulings import RulingDraft, enter_ruling, verify_ruling
from scoring.queries.progress import load_progress
from tests import factories
from tests.database import reset_database
from tests.publication.travel import FORGERIES, SLUG, everything, rewrite

pytestmark = pytest.mark.django_db(transaction=True)


PAGE = "/work/import/"


@pytest.fixture
def staff(transactional_db, client):
    """An organiser of the county, signed in."""
    user = factories.UserFactory(person__name="演示·组织员")
    factories.grant(user.person, RoleKind.ORGANISER)
    client.force_login(user)
    return user


def upload(client, data):
    return client.post(PAGE, {"bundle": SimpleUploadedFile("卷宗.zip", data)})


def await_nobody(staff):
    """Rule, by two persons, that nobody waits for judges without a mark, or on unchecked paper."""
    competition, other = Competition.objects.get(), factories.PersonFactory()
    act = {"competition": competition, "now": timezone.now()}
    late = [
        (judge, key)
        for progress in load_progress(competition)
        for judge in progress.judges_with("missing", "entered")
        for key in progress.panel.round_keys
    ]
    for judge, round_key in late:
        draft = RulingDraft(
            kind="exclude_judge",
            reason="没有到会",
            decided_by="擂台办",
            decided_on=timezone.localdate(),
            subject={"round": round_key, "judge": judge.key},
        )
        ruling = enter_ruling(draft=draft, op=uuid.uuid4(), by=staff.person, **act)
        said = {"key": ruling.key, "revision": ruling.revision}
        verify_ruling(op=uuid.uuid4(), by=other, **said, **act)


def test_organiser_looks_at_a_bundle_and_then_imports_it(bundle, client, staff, settings):
    before = everything()
    page = upload(client, bundle)
    text = page.content.decode()
    assert everything() == before
    assert f"{SLUG}的比武" in text and "总分、名次和得分过程" in text and "评分表" in text
    token = page.context["confirm"]["token"].value()
    again = client.post(PAGE, {"token": token})
    assert "请核对后勾选" in again.content.decode()
    assert not Competition.objects.exists()
    answer = client.post(PAGE, {"token": token, "sure": "on"})
    assert answer.url == reverse("work_overview", args=[SLUG])
    assert client.get(answer.url).status_code == 200
    assert ImportedRecord.objects.get().imported_by == staff.person
    assert not list((settings.MEDIA_ROOT / "imports").iterdir())
    # A second click finds nothing to do.
    answer = client.post(PAGE, {"token": token, "sure": "on"}, follow=True)
    assert "没有重复导入" in answer.content.decode()
    assert "打开已有的这项比武" in upload(client, bundle).content.decode()
    whole = client.get(reverse("work_bundle", args=[SLUG]), follow=True)
    # Two judges who came last have not marked yet: the others' marks are nobody's to take out.
    text = whole.content.decode()
    assert "评分表还没有收齐" in text and "请在「裁定」中办理评委不计" in text
    await_nobody(staff)
    whole = client.get(reverse("work_bundle", args=[SLUG]))
    assert whole["Cache-Control"] == "private, no-store"
    with read_bundle(io.BytesIO(b"".join(whole))) as exported:
        assert plan_import(exported).problems == [f"「{SLUG}的比武」已经在本系统里，没有再导入。"]


def test_page_refuses_what_is_no_bundle_of_the_county(bundle, client, staff):
    for data, sentence in (
        (b"PK not a zip", "不是 zip 文件"),
        (b"", "这个文件是空的"),
        (rewrite(bundle, FORGERIES["tables"][0]), "只能核验和统分"),
        (rewrite(bundle, FORGERIES["division"][0]), "不在行政区划目录里"),
    ):
        page = upload(client, data)
        assert sentence in page.content.decode()
        assert "confirm" not in page.context
    other = factories.UserFactory()
    factories.grant(other.person, RoleKind.ORGANISER, "371323")
    client.force_login(other)
    assert "不属于您办理的县" in upload(client, bundle).content.decode()
    # What one person has uploaded another cannot confirm.
    client.force_login(staff)
    token = upload(client, bundle).context["confirm"]["token"].value()
    client.force_login(other)
    assert client.post(PAGE, {"token": token, "sure": "on"}).url == PAGE
    assert not Competition.objects.exists()


def test_page_says_which_files_of_published_pages_are_missing(bundle, client, staff):
    link = '<link href="/static/css/gone.0123.css">'

    def change(files):
        lines = [json.loads(line) for line in files["pages.jsonl"].splitlines()]
        # The one page for which nothing in the record speaks.
        page = next(line for line in lines if line["path"] == "verify/")
        page["text"] += link
        files["pages.jsonl"] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)

    page = upload(client, rewrite(bundle, change))
    assert page.context["plan"].missing == ["css/gone.0123.css"]
    assert "1 个样式文件不在本系统" in page.content.decode()
    assert upload(client, bundle).context["plan"].missing == []


def test_bundle_goes_out_and_comes_in_from_the_command_line(bundle, settle, tmp_path, capsys):
    settle(bundle)
    target = tmp_path / "out.zip"
    call_command("export_bundle", SLUG, str(target))
    with pytest.raises(CommandError, match="不能写"):
        call_command("export_bundle", SLUG, str(target))
    with pytest.raises(CommandError, match="没有网址名"):
        call_command("export_bundle", "nowhere", str(tmp_path / "x.zip"))
    reset_database()
    call_command("import_bundle", str(target), "--check")
    assert "可以导入" in capsys.readouterr().out
    admin = factories.UserFactory()
    for options in ({}, {"by": admin.username}):
        with pytest.raises(CommandError, match="系统管理员"):
            call_command("import_bundle", str(target), **options)
    factories.grant(admin.person, RoleKind.ADMIN, "")
    with pytest.raises(CommandError, match="不属于您办理的县"):
        call_command("import_bundle", str(target), by=admin.username, host="371323")
    call_command("import_bundle", str(target), by=admin.username, host=factories.HOST)
    assert "没有建立账号" in capsys.readouterr().out
    assert ImportedRecord.objects.get().imported_by == admin.person
