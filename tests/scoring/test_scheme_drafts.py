"""Drafts of the rules: wrong ones, earlier ones, stale tabs, double clicks, and handing one in."""

import tomllib

import pytest

from competitions.models import SchemeDraft
from competitions.queries.drafts import working_draft
from competitions.scheme.read import read_toml
from competitions.scheme.write import to_document
from tests.scoring.editor_case import EDIT, GROWTH, press, send, table


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


def test_draft_may_be_wrong_and_then_cannot_be_handed_in(client, linhe):
    send(client, GROWTH, full="很多")
    page = client.get(GROWTH)
    assert page.context["form"].errors["full"] == ["「满分」应为数字，请改正。"]
    line, url = page.context["problems"][0]
    assert (line.where.split(" · ")[-1], url) == ("满分", f"{GROWTH}#id_full")
    assert 'value="很多"' in page.content.decode()
    page = client.get("/work/linhe/rules/submit/")
    assert ">定稿</button>" not in page.content.decode()
    values = {name: page.context["form"][name].value() for name in ("op", "revision")}
    answer = client.post("/work/linhe/rules/submit/", values)
    assert "还有 1 处要改" in answer.content.decode()
    assert linhe.scheme_versions.count() == 1


def test_draft_is_downloaded_as_text_also_while_it_is_wrong(client, linhe):
    address = "/work/linhe/rules/draft.toml"
    whole = client.get(address)
    assert whole["Content-Disposition"] == 'attachment; filename="linhe-draft-1.toml"'
    assert to_document(read_toml(whole.content.decode())) == working_draft(linhe).document
    send(client, GROWTH, full="很多")
    text = client.get(address).content.decode()
    first, *_ = text.splitlines()
    assert first == "# 第 2 稿，还有 1 处要改，改好以前不能定稿，也不能导入："
    assert "# tracks[0]" in text
    assert tomllib.loads(text) == working_draft(linhe).document
    page = client.get(EDIT)
    assert address in page.content.decode()


def test_second_click_saves_once(client, linhe):
    page = client.get(GROWTH)
    for _ in range(2):
        assert send(client, GROWTH, page, full="9").status_code == 302
    address = f"{EDIT}tracks.0.rounds/"
    page = client.get(address)
    answers = [press(client, address, "add", page) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert working_draft(linhe).number == 3
    assert len(table(linhe, "tracks.0")["rounds"]) == 5


def test_second_of_two_tabs_is_told_with_both_versions_and_loses_nothing(
    client, linhe, colleague, organiser
):
    page = client.get(GROWTH)
    client.force_login(colleague)
    send(client, GROWTH, full="9")
    send(client, f"{EDIT}tracks.0.rounds.0/", title="首轮联评")
    client.force_login(organiser)
    answer = send(client, GROWTH, page, full="7")
    assert answer.status_code == 200
    assert answer.context["stale"] == [{"label": "满分", "left": "7", "right": "9"}]
    assert "您修改的内容已被别人先改过" in answer.content.decode()
    assert table(linhe, "tracks.0.rounds.2.criteria.0")["full"] == "9"
    assert send(client, GROWTH, answer).status_code == 302
    assert table(linhe, "tracks.0.rounds.2.criteria.0")["full"] == "7"
    assert table(linhe, "tracks.0.rounds.0")["title"] == "首轮联评"


def test_form_follows_its_criterion_when_somebody_moved_it(client, linhe):
    page = client.get(GROWTH)
    key = page.context["form"].values["was"]
    press(client, f"{EDIT}tracks.0.rounds.2.criteria/", "down:0")
    answer = send(client, GROWTH, page, full="7")
    answer = send(client, GROWTH, answer)
    assert answer.url == f"{EDIT}tracks.0.rounds.2.criteria.1/"
    moved = table(linhe, "tracks.0.rounds.2.criteria.1")
    assert (moved["key"], moved["full"]) == (key, "7")


def test_earlier_draft_is_shown_line_by_line_and_comes_back(client, linhe):
    send(client, GROWTH, full="9")
    send(client, f"{EDIT}tracks.0/", title="总榜")
    address = "/work/linhe/rules/drafts/2/"
    page = client.get(address)
    assert [(c.old, c.new) for c in page.context["changes"]] == [("8", "9")] or any(
        (c.old, c.new) == ("8", "9") for c in page.context["changes"]
    )
    assert any(c.new == "总榜" for c in page.context["since"])
    press(client, address, "")
    assert table(linhe, "tracks.0")["title"] != "总榜"
    assert table(linhe, "tracks.0.rounds.2.criteria.0")["full"] == "9"
    assert [d.number for d in SchemeDraft.objects.order_by("number")] == [1, 2, 3, 4]


def test_draft_is_begun_from_nothing_and_from_a_shipped_scheme(client, linhe):
    address = "/work/linhe/rules/start/"

    def begin(source):
        form = client.get(address).context["form"]
        values = {name: form[name].value() for name in ("op", "revision")}
        return client.post(address, {**values, "source": source})

    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in ("op", "revision")} | {"source": "text"}
    values["text"] = client.get("/work/linhe/rules/draft.toml").content.decode()
    same = client.post(address, values, follow=True)
    assert "与第 1 稿没有不同，没有另存新稿。" in same.content.decode()
    values["text"] = values["text"].replace("2022.1", "2022.2")
    for _ in range(2):
        answer = client.post(address, values, follow=True)
        assert "导入规则文本，已保存为第 2 稿。" in answer.content.decode()
    assert begin("nothing").status_code == 302
    page = client.get(EDIT)
    assert page.context["problems"]
    assert press(client, f"{EDIT}tracks/", "add").url == f"{EDIT}tracks.0/"
    assert begin("shipped:linhe-2022").status_code == 302
    # What the shipped scheme leaves to fill in is listed with the way to its fields.
    lines = client.get(EDIT).context["problems"]
    assert [line.message for line, _url in lines] == ["还没有写好，请填写。"] * 4
    line, url = lines[1]
    assert line.where.endswith("干事创业好党委 · 资金来源")
    page = client.get(url).content.decode()
    assert f'id="{url.partition("#")[2]}"' in page and "还没有写好，请填写。" in page
    linhe.__class__.objects.filter(id=linhe.id).update(year=2024)
    assert begin("shipped:linhe-2022").status_code == 302
    assert linhe.scheme_drafts.latest("number").document["version"] == "2024.1"


def test_draft_is_handed_in_as_the_version_that_is_published_next(client, linhe):
    send(client, f"{EDIT}", version="2022.9")
    address = "/work/linhe/rules/submit/"
    page = client.get(address)
    assert [(c.old, c.new) for c in page.context["changes"]] == [("2022.1", "2022.9")]
    values = {name: page.context["form"][name].value() for name in ("op", "revision")}
    for _ in range(2):
        assert client.post(address, values).url == "/work/linhe/rules/"
    assert linhe.scheme_versions.get(state="draft").document["version"] == "2022.9"
    assert linhe.scheme_versions.count() == 2
    assert working_draft(linhe).document["version"] == "2022.9"


def test_rules_in_the_archive_are_not_edited(client, linhe):
    page = client.get(GROWTH)
    linhe.stage = "closed"
    linhe.save()
    assert client.get(GROWTH).url == "/work/linhe/rules/"
    assert send(client, GROWTH, page, full="9").status_code == 403
    assert SchemeDraft.objects.count() == 1
