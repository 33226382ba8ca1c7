"""Rules, timetable and road map in the browser's requests."""

import datetime
import re
import uuid

import pytest
from django.utils import timezone

from competitions import actions
from competitions.models import RoundPlan, Site
from competitions.queries.drafts import working_draft
from competitions.queries.year import reminder
from competitions.roadmap import find_todos
from competitions.scheme.shipped import read_shipped
from competitions.scheme.write import to_toml
from record.actions import append
from tests import factories

RULES = "/work/linhe/rules/"
SCHEDULE = "/work/linhe/schedule/"


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


def hidden(response, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return found[1] if found else ""


def test_rules_page_says_every_round_criterion_and_assumption(client, linhe, scheme):
    text = client.get(RULES).content.decode()
    for track in scheme.tracks:
        for item in track.rounds:
            assert item.title in text
            for criterion in item.criteria:
                assert criterion.title in text
    for sentence in scheme.assumptions:
        assert sentence in text


def test_rules_are_published_once_for_two_clicks_and_frozen(client, ready):
    page = client.get(f"{RULES}publish/")
    assert page.context["blocked"] == []
    post = {"op": hidden(page, "op"), "digest": hidden(page, "digest")}
    for _ in range(2):
        assert client.post(f"{RULES}publish/", post).status_code == 302
    ready.refresh_from_db()
    assert ready.stage == "running"
    answer = client.post(f"{RULES}draft/", {"op": uuid.uuid4(), "text": to_toml_text()})
    assert "规则已经公布" in answer.content.decode()
    assert ready.scheme_versions.count() == 1


def to_toml_text(**changes):
    text = to_toml(read_shipped("linhe-2022"))
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def test_publishing_says_what_is_missing_and_offers_no_button(client, linhe):
    page = client.get(f"{RULES}publish/")
    assert any("评委只安排了 0 席" in sentence for sentence in page.context["blocked"])
    assert 'type="submit">公布规则' not in page.content.decode()
    post = {"op": hidden(page, "op"), "digest": hidden(page, "digest")}
    answer = client.post(f"{RULES}publish/", post)
    assert any("请先安排评委席" in text for text in answer.context["form"].non_field_errors())
    linhe.refresh_from_db()
    assert linhe.stage == "draft"


def test_publishing_a_draft_that_was_replaced_meanwhile_is_refused(
    client, ready, scheme, colleague, now
):
    page = client.get(f"{RULES}publish/")
    changed = read_shipped("linhe-2022").__class__(**{**scheme.__dict__, "version": "另一版"})
    actions.draft_scheme(competition=ready, scheme=changed, by=colleague.person, now=now)
    post = {"op": hidden(page, "op"), "digest": hidden(page, "digest")}
    client.post(f"{RULES}publish/", post)
    ready.refresh_from_db()
    assert ready.stage == "draft"


def test_draft_with_errors_lists_all_of_them_and_saves_nothing(client, linhe):
    text = (
        to_toml_text()
        .replace("weight = 20", "weight = 25")
        .replace('kind = "arena"', 'kind = "stadium"')
    )
    answer = client.post(f"{RULES}draft/", {"op": uuid.uuid4(), "text": text})
    problems = answer.context["form"].non_field_errors()
    assert len(problems) > 1
    assert linhe.scheme_versions.count() == 1


@pytest.mark.parametrize("text", ["[" * 9000, "a = 1\na = 2", "x = nan", ""])
def test_draft_that_is_hostile_or_empty_is_refused(client, linhe, text):
    answer = client.post(f"{RULES}draft/", {"op": uuid.uuid4(), "text": text})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_draft_is_replaced_by_another_scheme(client, linhe):
    page = client.get(f"{RULES}draft/")
    post = {name: hidden(page, name) for name in ("op", "digest", "revision")}
    text = client.get(f"{RULES}rules.toml").content.decode()
    same = client.post(f"{RULES}draft/", post | {"text": text}, follow=True)
    assert "与规则草稿第 1 版没有不同，没有另存。" in same.content.decode()
    text = to_toml_text().replace('version = "2022.1"', 'version = "2022.2"')
    post = {name: hidden(page, name) for name in ("op", "digest", "revision")} | {"text": text}
    for _ in range(2):
        assert client.post(f"{RULES}draft/", post).status_code == 302
    states = linhe.scheme_versions.order_by("number").values_list("number", "state")
    assert list(states) == [(1, "superseded"), (2, "draft")]
    assert "2022.2" in client.get(f"{RULES}rules.toml").content.decode()


def test_text_pasted_over_a_draft_saved_meanwhile_is_told_and_both_are_kept(client, linhe, clerk):
    page = client.get(f"{RULES}draft/")
    text = to_toml_text().replace('version = "2022.1"', 'version = "2022.2"')
    stale = {name: hidden(page, name) for name in ("op", "digest", "revision")} | {"text": text}
    draft = working_draft(linhe)
    actions.save_draft(
        competition=linhe,
        document={**draft.document, "version": "同事的一稿"},
        what="改版次",
        revision=draft.revision,
        by=clerk.person,
        now=timezone.now(),
    )
    answer = client.post(f"{RULES}draft/", stale)
    shown = answer.content.decode()
    assert "草稿已被别人改过" in shown and "2022.2" in shown and "改版次" in shown
    assert linhe.scheme_versions.count() == 1
    fresh = {name: hidden(answer, name) for name in ("op", "digest", "revision")}
    assert client.post(f"{RULES}draft/", {**fresh, "text": text}).status_code == 302
    kept = [row.document["version"] for row in linhe.scheme_drafts.order_by("number")]
    assert kept[-2:] == ["同事的一稿", "2022.2"]


def schedule_post(page, **values):
    return {"op": hidden(page, "op"), "revision": hidden(page, "revision"), **values}


def test_timetable_is_saved_in_local_time(client, linhe):
    values = {
        "starts:review1": "2022-05-16",
        "due:review1": "2022-05-18T18:00",
        "venue:review1": "各乡镇",
    }
    assert client.post(SCHEDULE, schedule_post(client.get(SCHEDULE), **values)).status_code == 302
    plan = RoundPlan.objects.get(round_key="review1")
    assert timezone.localtime(plan.due_at) == datetime.datetime(
        2022, 5, 18, 18, tzinfo=timezone.get_default_timezone()
    )
    page = client.get(SCHEDULE)
    assert 'value="2022-05-18T18:00"' in page.content.decode()


def test_round_due_before_it_begins_is_refused(client, linhe):
    values = {"starts:review1": "2022-05-19", "due:review1": "2022-05-18T18:00"}
    answer = client.post(SCHEDULE, schedule_post(client.get(SCHEDULE), **values))
    assert answer.context["form"].non_field_errors() == [
        "「第一次联评」的截止时间早于开始日期，请调整后再保存。"
    ]


def test_timetable_from_an_old_page_is_shown_beside_the_saved_one(client, linhe, colleague, now):
    page = client.get(SCHEDULE)
    actions.plan_round(
        competition=linhe, round_key="arena", venue="会议中心", by=colleague.person, now=now
    )
    post = schedule_post(page, **{"venue:arena": "礼堂"})
    answer = client.post(SCHEDULE, post)
    text = answer.content.decode()
    assert "已保存：会议中心" in text
    assert 'value="礼堂"' in text
    assert RoundPlan.objects.get(round_key="arena").venue == "会议中心"


def test_sites_are_saved_in_their_order(client, linhe):
    address = f"{SCHEDULE}review1/sites/"
    page = client.get(address)
    post = schedule_post(page, **{"sites:e01": "果园\n育苗厂、广场"})
    assert client.post(address, post).status_code == 302
    names = Site.objects.order_by("position").values_list("entry__key", "name")
    assert list(names) == [("e01", "果园"), ("e01", "育苗厂"), ("e01", "广场")]


def test_site_that_is_named_twice_is_said_to_be_one(client, linhe):
    address = f"{SCHEDULE}review1/sites/"
    post = schedule_post(client.get(address), **{"sites:e01": "果园、广场、果园"})
    page = client.post(address, post, follow=True).content.decode()
    assert "同一单位同名的点位只记一个" in page and "「果园」" in page and "「广场」" not in page
    names = Site.objects.order_by("position").values_list("name", flat=True)
    assert list(names) == ["果园", "广场"]


def test_round_that_is_not_marked_by_site_has_no_sites(client, linhe):
    assert client.get(f"{SCHEDULE}routine/sites/").status_code == 404


def test_reminder_names_who_what_and_until_when(linhe):
    until = datetime.datetime(2022, 10, 31, 18, tzinfo=timezone.get_default_timezone())
    assert reminder(linhe, "狼山镇", "补报“旅游接待人次”2022年完成值", until) == (
        "【临河区2022年擂台比武】请狼山镇于10月31日18:00前补报“旅游接待人次”2022年完成值。"
    )


def test_todos_of_setting_up_name_each_missing_thing(client, linhe, scheme, now):
    own = [todo for todo in find_todos(linhe, scheme, now) if todo.kind == "missing"]
    titles = {todo.title for todo in own}
    assert {
        "狼山镇没有登记党委书记",
        "还没有评委",
        "6 个环节没有截止时间",
    } <= titles
    page = client.get("/work/linhe/")
    assert all(todo.reminder in page.context["reminders"] for todo in own)


def test_many_units_without_a_secretary_are_one_line_that_names_them_all(linhe, scheme, now):
    for name in ("双河镇", "城关镇"):
        unit = factories.UnitFactory(name=name)
        factories.EntryFactory(competition=linhe, unit=unit, official_order=9)
    asked = [todo for todo in find_todos(linhe, scheme, now) if "党委书记" in todo.title]
    assert [todo.title for todo in asked] == ["5 个参评单位没有登记党委书记"]
    names = "狼山镇、新华镇、狼山农场、双河镇、城关镇"
    assert asked[0].who == names and f"请{names}报送" in asked[0].reminder


def test_every_todo_has_a_text_to_paste_that_says_who_and_what(linhe, scheme, now):
    found = find_todos(linhe, scheme, now)
    assert found
    for todo in found:
        assert todo.reminder.startswith(f"【{linhe.title}】请")


def test_rules_wait_for_a_second_person_and_then_for_publication(linhe, scheme, colleague, now):
    def told():
        found = find_todos(linhe, scheme, now)
        return [(todo.kind, todo.title) for todo in found if "规则" in todo.title]

    (todo,) = [item for item in find_todos(linhe, scheme, now) if "规则" in item.title]
    assert todo.kind == "second_person"
    assert todo.url == "/work/linhe/rules/approve/"
    assert "审定规则第 1 版" in todo.reminder
    actions.approve_scheme(competition=linhe, by=colleague.person, now=now)
    assert told() == [("decide", "规则第 1 版已审定，还没有公布")]


def test_steps_of_setting_up_are_done_when_everything_is_there(client, ready, organiser, now):
    def states():
        steps = client.get("/work/linhe/").context["steps"]
        return {step.key: step.state for step in steps[:4]}

    assert states() == {
        "rules": "todo",
        "entrants": "done",
        "judges": "done",
        "schedule": "current",
    }
    due = now + datetime.timedelta(days=90)
    plans = {
        key: {"starts_on": None, "due_at": due, "venue": ""}
        for key in ("review1", "review2", "routine", "arena", "sec-vote", "sec-arena")
    }
    actions.plan_rounds(competition=ready, plans=plans, by=organiser.person, now=now)
    assert states()["rules"] == "current"
    actions.publish_scheme(competition=ready, by=organiser.person, now=now)
    assert set(states().values()) == {"done"}


def test_publishing_after_the_first_mark_is_refused_on_the_page(client, ready, now):
    page = client.get(f"{RULES}publish/")
    append(chain=ready.chain, kind="sheets.submitted", body={}, by="1", now=now)
    post = {"op": hidden(page, "op"), "digest": hidden(page, "digest")}
    answer = client.post(f"{RULES}publish/", post)
    assert answer.context["form"].non_field_errors() == ["已经有打分或数据录入，不能再公布规则。"]


def test_second_person_approves_the_rules_on_the_page(client, linhe, colleague):
    page = client.get(f"{RULES}approve/")
    assert 'type="submit">审定规则' not in page.content.decode()
    post = {"op": hidden(page, "op"), "digest": hidden(page, "digest")}
    answer = client.post(f"{RULES}approve/", post)
    assert "必须是两个人" in answer.content.decode()
    client.force_login(colleague)
    page = client.get(f"{RULES}approve/")
    post = {"op": hidden(page, "op"), "digest": hidden(page, "digest")}
    for _ in range(2):
        assert client.post(f"{RULES}approve/", post).url == RULES
    assert linhe.scheme_versions.get().approved_by == colleague.person
    assert "公布规则" in client.get(RULES).content.decode()
    assert client.get(f"{RULES}approve/").url == RULES
