"""The pages of a live event: what each audience sees at each step, and what it never sees."""

import dataclasses
import json
import re
import uuid

import pytest

from arena.actions.draw import draw_order
from arena.models import Event, FeedItem, Turn
from arena.queries.scores import Scores
from arena.queries.stage import load_live
from competitions.models import SchemeVersion
from competitions.queries import scheme_of
from competitions.scheme.event_types import Event as EventRules
from competitions.scheme.write import to_document
from record.chain.digests import document_digest
from scoring.models import LateSheet, Sheet
from tests.arena.live_case import SEED, announce, build_case, exclude
from tests.arena.markup import attributes, find_all, read_markup, sent_by, text_of
from tests.scoring.stage import NOW, build_stage

pytestmark = pytest.mark.django_db
SCREENS = ["screen/", "host/", "timer/"]


def address(live, page=""):
    return f"/work/{live.hall.competition.slug}/arena/arena/{page}"


def read(client, live, page=""):
    answer = client.get(address(live, page))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def press(client, live, button):
    """Press a button of the console by its words, with everything that its form sends."""
    for form in find_all(read_markup(read(client, live)), "form"):
        for found in find_all(form, "button"):
            if text_of(found) == button:
                said = attributes(found)
                data = sent_by(form, "设备故障")
                if said.get("name"):
                    data[said["name"]] = said["value"]
                return client.post(attributes(form)["action"], data, follow=True)
    raise AssertionError(f"没有「{button}」这个按钮。")


def hold(competition, **rules):
    """Let the published rules hold the arena live as said."""
    version = SchemeVersion.objects.get(competition=competition)
    scheme = scheme_of(version)
    track = scheme.tracks[0]
    rounds = tuple(
        dataclasses.replace(item, event=EventRules(**rules)) if item.key == "arena" else item
        for item in track.rounds
    )
    track = dataclasses.replace(track, rounds=rounds)
    document = to_document(dataclasses.replace(scheme, tracks=(track, *scheme.tracks[1:])))
    digest = document_digest(document)
    SchemeVersion.objects.filter(pk=version.pk).update(document=document, digest=digest)


def marks_of(number):
    """Marks of one entrant by its number, such that every total tells whose it is."""
    return lambda judge: {"a-results": f"{30 + number}{['', '.5'][judge % 2]}"}


def telling_numbers(scores, key):
    """Every number that would give a turn's score away."""
    found = scores.of_turn(key)
    numbers = {score.points for score in found}
    numbers |= {mark.points for score in found for row in score.rows for mark in row[2]}
    return numbers - {None, ""}


def stands_in(numbers, text):
    """The numbers that stand in a text by themselves: not within an address or a time."""
    return {item for item in numbers if re.search(rf"(?<![\w.]){re.escape(item)}(?!\w)", text)}


def scores_of(live):
    return Scores(load_live(live.fresh()))


# --- the draw ------------------------------------------------------------------------------------


def test_draw_is_announced_drawn_and_printed(client, competition, organiser):
    hall = build_stage(competition)
    client.force_login(organiser)
    here = f"/work/{competition.slug}/arena/arena/draw/"
    assert "还没有开设现场" in client.get(here.replace("draw/", "")).content.decode()
    said = {"op": uuid.uuid4(), "method": "seed", "source": "第 2022096 期开奖号码"}
    assert client.post(here, said).status_code == 302
    event = Event.objects.get()
    assert "取消现场" in client.get(here).content.decode()
    notice = client.get(f"{here}print/").content.decode()
    assert "抽签公告" in notice and all(f">{key}</code>" in notice for key in ("e01", "e02", "e03"))
    client.post(here, {"op": uuid.uuid4(), "step": 0, "seed": "抄错的种子"})
    again = {"op": uuid.uuid4(), "step": 1, "seed": SEED, "reason": "种子抄错一位"}
    assert client.post(here, again).status_code == 302
    page = client.get(f"{here}print/").content.decode()
    assert "抄错的种子" in page and "种子抄错一位" in page
    for turn in event.turns.all():
        assert f"printf &#x27;%s&#x27; &#x27;{SEED}|{turn.entry.key}&#x27; | sha256sum" in page
    assert len(hall.entries) == 6 and event.turns.count() == 3


def test_slips_with_one_number_twice_are_refused(client, competition, organiser):
    client.force_login(organiser)
    announce(build_stage(competition), organiser.person, method="slips", source="当场摸签")
    here = f"/work/{competition.slug}/arena/arena/draw/"
    lots = {"lot-e01": 2, "lot-e02": 2, "lot-e03": 1}
    answer = client.post(here, {"op": uuid.uuid4(), "step": 0, **lots})
    assert "有两个单位填了同一个签号" in answer.content.decode()
    lots["lot-e02"] = 3
    assert client.post(here, {"op": uuid.uuid4(), "step": 0, **lots}).status_code == 302
    order = list(Event.objects.get().turns.values_list("entry__key", flat=True))
    assert order == ["e03", "e01", "e02"]


# --- the console ---------------------------------------------------------------------------------


def test_operator_plays_a_turn_from_the_console(client, live, clerk):
    client.force_login(clerk)
    name = live.event.turns.first().entry.unit.name
    press(client, live, f"请「{name}」登台")
    press(client, live, f"「{name}」讲完，开放打分")
    live.hand_in(0)
    page = press(client, live, f"关闭「{name}」的打分").content.decode()
    assert "还缺 2 号评委、3 号评委的打分" in page and "已交" in page
    live.hand_in(1)
    live.hand_in(2)
    press(client, live, f"关闭「{name}」的打分")
    press(client, live, f"亮「{name}」的分")
    assert live.states() == ["revealed", "waiting", "waiting"]


def test_two_operators_with_the_same_page_make_one_step(client, live, organiser):
    client.force_login(organiser)
    stale = {"op": uuid.uuid4(), "step": 1, "move": "begin"}
    client.post(address(live, "move/"), stale)
    answer = client.post(address(live, "move/"), {**stale, "op": uuid.uuid4()}, follow=True)
    assert "现场已由别人推进" in answer.content.decode()
    assert live.fresh().step == 2


def test_special_cases_are_handled_from_the_console(client, live, organiser):
    client.force_login(organiser)
    first, second, third = live.order()
    press(client, live, "登记缺席")
    press(client, live, "补排到最后")
    press(client, live, "对调")
    assert live.order() == [third, second, first]
    press(client, live, "登记")
    assert live.event.turns.filter(speaker="设备故障").count() == 1
    printed = read(client, live, "draw/print/")
    told = [text_of(row) for row in find_all(read_markup(printed), "tr")[1:]]
    names = {key: live.event.turns.get(entry__key=key).entry.heading for key in live.order()}
    drawn = [f"{number}{names[key]}" for number, key in enumerate((first, second, third), 1)]
    assert [row[: len(said)] for row, said in zip(told, drawn, strict=True)] == drawn
    now = f"现在依次是：3 {names[third]}、2 {names[second]}、1 {names[first]}。"
    assert now in text_of(read_markup(printed))
    live.move("begin", "open_marking")
    assert all("出场序号 3" in read(client, live, page) for page in SCREENS)
    press(client, live, "退回一步")
    assert live.states()[0] == "speaking"


def test_console_has_scores_only_when_asked_and_closed(client, live, organiser):
    client.force_login(organiser)
    live.move("begin", "open_marking")
    live.everybody()
    numbers = telling_numbers(scores_of(live), live.order()[0])
    for page in (read(client, live), read(client, live, "?scores=1")):
        assert not stands_in(numbers, page)
    live.move("close")
    assert not stands_in(numbers, read(client, live))
    asked = read(client, live, "?scores=1")
    assert stands_in(numbers, asked) == numbers


def test_auditor_reads_and_does_not_move(client, live, auditor):
    client.force_login(auditor)
    assert "请「" not in read(client, live)
    answer = client.post(address(live, "move/"), {"op": uuid.uuid4(), "step": 1, "move": "begin"})
    assert answer.status_code == 403 and live.fresh().step == 1


def test_event_is_called_off_with_a_reason(client, live, organiser):
    client.force_login(organiser)
    data = {"op": uuid.uuid4(), "step": 1}
    assert "请写明理由" in client.post(address(live, "off/"), data).content.decode()
    client.post(address(live, "off/"), {**data, "reason": "停电"})
    assert Event.objects.get().called_off
    assert "还没有开设现场" in read(client, live)


def test_road_map_has_the_live_event(client, live, organiser):
    client.force_login(organiser)
    page = client.get(f"/work/{live.hall.competition.slug}/").content.decode()
    assert "擂台现场" in page and "已抽签，待开始" in page


# --- the screens ---------------------------------------------------------------------------------


def test_screens_follow_the_stage(client, live, organiser):
    client.force_login(organiser)
    name = live.event.turns.first().entry.unit.name
    assert f"候场：{name}" in read(client, live, "screen/")
    live.move("begin")
    for page in SCREENS:
        assert name in read(client, live, page) and "data-clock" in read(client, live, page)
    live.move("open_marking")
    live.hand_in(0)
    screen = read_markup(read(client, live, "screen/"))
    assert [text_of(item) for item in find_all(find_all(screen, "ul")[0], "li")] == [
        "1 号已交",
        "2 号",
        "3 号",
    ]
    assert "已交 1 名，应交 3 名" in read(client, live, "host/")


def test_revealed_score_is_what_the_rules_compute(client, competition, organiser):
    live = build_case(competition, judges=5)
    client.force_login(organiser)
    live.move("begin", "open_marking")
    for judge, mark in enumerate(["30", "36", "33", "31.5", "40"]):
        live.hand_in(judge, **{"a-results": mark})
    live.move("close", "reveal")
    screen = read_markup(read(client, live, "screen/"))
    # (36 + 33 + 31.5) ÷ 3 + 54 for the other criteria = 87.50; 30 and 40 are dropped.
    assert text_of(find_all(screen, "p", "stage-score")[0]) == "87.50分"
    assert sorted(text_of(item) for item in find_all(screen, "s")) == ["84", "94"]
    assert "最后得分 87.50 分" in read(client, live, "host/")
    assert [text_of(item) for item in find_all(screen, "span", "stage-points")] == ["87.50"]


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"reveal": "one_later"},
        {"reveal": "held", "held": 2},
        {"reveal": "at_end"},
    ],
)
def test_no_screen_holds_what_is_not_revealed(rules, client, competition, organiser):
    live = build_case(competition)
    if rules:
        hold(competition, **rules)
    client.force_login(organiser)
    order = live.order()

    def check():
        scores, pages = scores_of(live), {page: read(client, live, page) for page in SCREENS}
        pages |= {item.id: json.dumps(item.data) for item in FeedItem.objects.all()}
        revealed = set(
            live.event.turns.filter(state=Turn.State.REVEALED).values_list("entry__key", flat=True)
        )
        shown = set().union(*(telling_numbers(scores, key) for key in revealed))
        for key in set(order) - revealed:
            secret = telling_numbers(scores, key) - shown
            for page, text in pages.items():
                assert not stands_in(secret, text), (page, key)

    for number, key in enumerate(order):
        live.move("begin", "open_marking")
        live.everybody(key, marks_of(number))
        check()
        live.move("close")
        check()
        while load_live(live.fresh()).stage.due:
            live.move("reveal")
            check()
    assert live.states() == ["revealed"] * 3


def test_all_are_shown_at_the_end_where_the_persons_score_depends_on_others(
    client, competition, organiser
):
    live = build_case(competition)
    version = SchemeVersion.objects.get(competition=competition)
    document = version.document
    found = [item for track in document["tracks"] for item in track["rounds"]]
    person = next(item for item in found if item["key"] == "sec-arena")
    person["panel"]["trim"] = "criterion"
    for part in person["panel"]["parts"]:
        part |= {"standard": "population", "equal_standard": "fifty"}
    digest = document_digest(document)
    SchemeVersion.objects.filter(pk=version.pk).update(document=document, digest=digest)
    client.force_login(organiser)
    for key in live.order():
        assert not load_live(live.fresh()).stage.due
        live.move("begin", "open_marking")
        live.everybody(key)
        live.move("close")
    live.move("reveal")
    assert "最后得分" in read(client, live, "host/")


def test_judges_are_withheld_on_the_screen_where_the_scheme_says_so(client, live, organiser):
    client.force_login(organiser)
    version = SchemeVersion.objects.get()
    disclosure = {**version.document["disclosure"], "judges": "none"}
    document = {**version.document, "disclosure": disclosure}
    SchemeVersion.objects.update(document=document, digest=document_digest(document))
    live.move("begin", "open_marking")
    screen = find_all(read_markup(read(client, live, "screen/")), "main")[0]
    assert not re.search(r"\d ?号", text_of(screen))
    live.everybody()
    live.move("close", "reveal")
    screen = read_markup(read(client, live, "screen/"))
    assert not find_all(screen, "ul", "stage-marks") and find_all(screen, "p", "stage-score")


def test_every_step_and_mark_is_told_to_its_audiences(client, live, organiser):
    client.force_login(organiser)
    told = lambda: [  # noqa: E731
        (item.channel.rsplit("/", 1)[-1], item.kind) for item in FeedItem.objects.order_by("id")
    ]
    live.move("begin", "open_marking")
    FeedItem.objects.all().delete()
    live.hand_in(0)
    assert told() == [("console", "marked"), ("screen", "marked"), ("host", "marked")]
    for audience in ("screen", "host"):
        (slot,) = FeedItem.objects.get(channel__endswith=f"/{audience}").data["slots"].values()
        assert slot.startswith(("<ul", "<p")) and slot in read(client, live, f"{audience}/")
    call = f"/feed/{live.hall.competition.slug}/arena/screen/?poll=1"
    assert [item["kind"] for item in client.get(call).json()] == ["marked"]


def test_outsider_follows_no_feed_of_the_event(client, live, admin):
    client.force_login(admin)
    for audience in ("console", "screen", "host", "timer"):
        address = f"/feed/{live.hall.competition.slug}/arena/{audience}/?poll=1"
        assert client.get(address).status_code == 403


# --- late marks ----------------------------------------------------------------------------------


def test_late_marks_are_admitted_on_their_page_by_two(client, live, organiser, colleague):
    live.move("begin", "open_marking")
    live.hand_in(0)
    live.hand_in(1)
    exclude(live, "j03", [organiser, colleague])
    live.move("close")
    live.hand_in(2)
    late = LateSheet.objects.get()
    here = f"/work/{live.hall.competition.slug}/rounds/arena/late/{late.id}/"
    client.force_login(organiser)
    assert here in read(client, live)
    assert "申请撤回" in client.get(here).content.decode()
    said = {"op": uuid.uuid4(), "admit": "no", "reason": "离场后补交", "decided_by": "评委会"}
    assert client.post(here, said).status_code == 302
    assert "请提出人以外的一位工作人员核对" in client.get(here).content.decode()
    client.force_login(colleague)
    forms = find_all(read_markup(client.get(here).content.decode()), "form")
    form = next(one for one in forms if attributes(one).get("action") == f"{here}settle/")
    data = {**sent_by(form, ""), "verify": "1"}
    answer = client.post(f"{here}settle/", data, follow=True)
    assert "已核准：迟到，不予计入" in answer.content.decode()
    assert Sheet.objects.filter(judge=live.hall.judges[2]).count() == 0


def test_second_draw_is_told_on_the_page_with_its_reason(client, live, organiser):
    draw_order(
        event=live.event,
        step=1,
        seed="重抽号码",
        reason="漏了一个单位",
        op=uuid.uuid4(),
        by=organiser.person,
        now=NOW,
    )
    client.force_login(organiser)
    page = read(client, live, "draw/")
    assert "漏了一个单位" in page and "重抽号码" in page and SEED in page
