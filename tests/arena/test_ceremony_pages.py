"""The ceremony's pages: what the hall may not see yet is nowhere, and who may open what."""

import random

import pytest

from arena.feed.telling import channel_of
from arena.models import Ceremony, FeedItem
from arena.queries.ceremony import load_show
from arena.queries.ceremony_steps import find_ceremony_steps, find_ceremony_todos
from competitions.roles import RoleKind
from scoring.models import Measurement
from tests import factories
from tests.arena.ceremony_case import build_case
from tests.arena.markup import attributes, find_all, read_markup, sent_by, text_of
from tests.rewards import case
from tests.scoring.stage import NOW, build_stage

pytestmark = pytest.mark.django_db
HERE = "/work/{}/ceremony/{}"
# By the beats of the script of tests/rewards/case.py: the title, then from the last to the first.
BEATS = [
    ("", ""),
    ("", ""),
    ("狼山镇", "95.00"),
    ("", ""),
    ("新华镇", "90.00"),
    ("狼山镇", "95.00"),
    ("", ""),
    ("书记01（狼山镇）", "95.00"),
]
NAMES = {"狼山镇", "新华镇", "干召庙镇", "乌兰图克镇"}


@pytest.fixture
def hall(competition, organiser, colleague):
    made = build_case(competition, organiser, colleague)
    made.make()
    return made


@pytest.fixture
def read(client, hall, organiser):
    """What a page of the ceremony, its poll from the first number and its feed rows hold."""
    client.force_login(organiser)

    def read(audience):
        answer = client.get(HERE.format(hall.competition.slug, f"{audience}/"))
        assert "no-store" in answer["Cache-Control"]
        feed = f"/feed/{hall.competition.slug}/ceremony/ceremony-{audience}/"
        channel = channel_of(hall.competition, "ceremony", f"ceremony-{audience}")
        rows = FeedItem.objects.filter(channel=channel).order_by("number")
        assert rows.last().data["slots"]["stage"] in answer.content.decode()
        return {
            "page": answer.content.decode().replace(hall.competition.title, ""),
            "poll": str(client.get(f"{feed}?poll=1").json()),
            "stream": client.get(f"{feed}?after=0").content.decode(),
            "rows": str(list(rows.values_list("data", flat=True))),
        }

    return read


def shown_by(ceremony):
    """The names and points that the hall has seen of the group that it is at."""
    if ceremony.state != "running" or ceremony.cover:
        return set()
    if ceremony.position >= len(BEATS):
        return {"狼山镇", "新华镇", "95.00", "90.00"}
    return {
        word
        for number in range(ceremony.position + 1)
        for pair in [BEATS[number]]
        for word in (pair[0].split("（")[-1].rstrip("）"), pair[1])
        if word
    }


def test_whatever_the_operator_does_no_page_holds_what_is_not_revealed(hall, read):
    dice = random.Random(7)
    weighted = ["advance"] * 6 + ["back"] * 3 + ["black", "emblem", "resume", "end"]
    for move in ["start", *dice.choices(weighted, k=15)]:
        ceremony = hall.fresh()
        # The machine's refusals are tested beside it; here each move is one that fits.
        if move == "resume" and not ceremony.cover:
            continue
        if move == "advance" and ceremony.cover:
            move = "resume"
        if ceremony.state != "running":
            move = "back" if ceremony.state == "ended" else "start"
        if move == ceremony.cover:
            continue
        if move == "advance" and ceremony.position == load_show(ceremony).stage.last:
            move = "back"
        ceremony = hall.move(move)
        hidden = (NAMES | {"95.00", "90.00", "80.00", "70.00"}) - shown_by(ceremony)
        for where, text in read("screen").items():
            found = [word for word in hidden if word in text]
            assert not found, (move, ceremony.position, where, found)


def test_back_empties_what_the_feed_had_told(hall, read):
    hall.move("start", "advance", "advance")
    assert all("狼山镇" in text for text in read("screen").values())
    hall.move("back")
    assert not any("狼山镇" in text for text in read("screen").values())
    assert not any("狼山镇" in text for text in read("host").values())


def test_host_sees_whom_the_next_step_reveals_only_when_let(hall, read):
    hall.move("start", "advance")
    for text in read("host").values():
        assert "下一步：第 1 名" in text and "狼山镇" not in text
    hall.move("let_ahead")
    assert all("狼山镇" in text for text in read("host").values())
    assert not any("狼山镇" in text for text in read("screen").values())
    hall.move("advance", "keep_back", "black")
    assert "大屏暂停中" in read("host")["page"] and "红旗的是：狼山镇" in read("host")["page"]


def test_standing_closes_with_those_only_who_were_named(hall, read):
    hall.move("start", *["advance"] * 8)
    page = read("screen")["page"]
    assert "乡镇榜排名" in page and "狼山镇" in page and "新华镇" in page
    assert "干召庙镇" not in page and "推荐" not in page


def buttons(page):
    """{words: (form, button)} of the console."""
    return {
        text_of(button): (form, attributes(button))
        for form in find_all(read_markup(page), "form")
        for button in find_all(form, "button")
    }


def press(client, hall, words, page=None):
    here = HERE.format(hall.competition.slug, "")
    page = page or client.get(here).content.decode()
    form, button = buttons(page)[words]
    data = sent_by(form, "") | ({button["name"]: button["value"]} if "name" in button else {})
    return client.post(attributes(form)["action"], data, follow=True).content.decode()


def test_operator_runs_the_ceremony_from_the_console(client, hall, clerk):
    client.force_login(clerk)
    page = press(client, hall, "开始仪式")
    assert "揭晓第 1 名→" not in buttons(page)
    page = press(client, hall, "进入“红旗”→")
    assert "狼山镇" not in page and "防窥已开" in page
    stale = page
    page = press(client, hall, "揭晓第 1 名→")
    assert "狼山镇" in page and hall.fresh().position == 2
    page = press(client, hall, "退回一步←", stale)
    assert "已由别人推进" in page and hall.fresh().position == 2
    page = press(client, hall, "暂停：黑屏B")
    assert "揭晓" not in str(list(buttons(page)))
    press(client, hall, "继续Esc")
    press(client, hall, "结束仪式")
    assert hall.fresh().state == "ended"


def test_names_are_on_the_console_only_when_asked_for(client, hall, organiser):
    client.force_login(organiser)
    here = HERE.format(hall.competition.slug, "")
    # The units' names are nowhere on the page; the road map and the title hold none.
    assert not any(name in client.get(here).content.decode() for name in NAMES)
    page = client.get(here + "?names=1").content.decode()
    assert "新华镇 → 狼山镇" in page and "乌兰图克镇" not in page
    page = press(client, hall, "开始仪式", page)
    assert "收起名字" in page


def test_groups_are_put_in_order_on_the_console(client, hall, organiser):
    client.force_login(organiser)
    here = HERE.format(hall.competition.slug, "order/")
    sent = {"op": hall.act()["op"], "step": 0} | {f"at-g{n}": n for n in range(1, 6)}
    chosen = {"in-g2": "on", "in-g3": "on", "at-g2": 9}
    assert "颁发顺序已经保存" in client.post(here, sent | chosen, follow=True).content.decode()
    assert hall.fresh().groups == ["g3", "g2"]
    sent |= {"op": hall.act()["op"], "step": 1}
    text = client.post(here, sent | chosen | {"at-g1": ""}, follow=True).content.decode()
    assert "请填写「红旗」的次序" in text
    text = client.post(here, sent | {"in-g4": "on"}, follow=True).content.decode()
    assert "至少保留一组" in text and hall.fresh().groups == ["g3", "g2"]


def test_console_says_why_nothing_can_be_made_and_what_has_changed(
    client, competition, organiser, colleague
):
    hall = build_case(competition, organiser, colleague, decided=False)
    client.force_login(organiser)
    here = HERE.format(competition.slug, "")
    assert "还没有经核对的会议决定" in client.get(here).content.decode()
    hall.decide()
    assert "制作颁奖仪式脚本" in buttons(client.get(here).content.decode())
    assert "仪式" in press(client, hall, "制作颁奖仪式脚本")
    hall.move("start", "advance", "advance")
    hall.decide([case.withdraw("e02")])
    page = client.get(here).content.decode()
    assert "仪式不能继续" in page and "会议决定有变" in page
    todo = find_ceremony_todos(competition, None, NOW)[0]
    assert "会议决定有变" in todo.title and todo.url == here
    assert "重新制作脚本" in buttons(page) and "进入" not in str(list(buttons(page)))
    press(client, hall, "重新制作脚本")
    assert Ceremony.objects.get(state="prepared").number == 2
    assert "狼山镇" not in client.get(HERE.format(competition.slug, "screen/")).content.decode()


def test_console_offers_only_what_hides_while_the_tabulation_is_outdated(client, hall, organiser):
    client.force_login(organiser)
    hall.move("start", "advance")
    Measurement.objects.filter(entry__key="e01").update(values={"value": "60"})
    page = client.get(HERE.format(hall.competition.slug, "")).content.decode()
    assert "仪式不能继续" in page and "请重新统分后再重新制作颁奖仪式" in page
    offered = {"退回一步←", "暂停：黑屏B", "暂停：会标E", "结束仪式", "重新制作脚本"}
    assert offered == {words for words in buttons(page) if words in offered or "步" in words}


def test_road_map_has_the_ceremony_once_there_is_a_complete_tabulation(competition, hall):
    def step():
        return [item.note for _position, item in find_ceremony_steps(competition, None)]

    assert step() == ["脚本已制作，待开始"]
    hall.move("start", "end")
    assert step() == ["已举行"] and find_ceremony_todos(competition, None, NOW) == []
    Ceremony.objects.all().delete()
    assert step() == [""]
    competition.stage = "closed"
    assert step() == []


def test_pages_without_a_ceremony_show_a_title(client, competition, organiser):
    client.force_login(organiser)
    for audience in ("screen", "host"):
        assert (
            "颁奖仪式" in client.get(HERE.format(competition.slug, f"{audience}/")).content.decode()
        )
    assert client.post(HERE.format(competition.slug, "move/")).status_code == 404


def test_who_may_not_open_the_pages_may_not_follow_them(client, hall, organiser, auditor, outsider):
    slug = hall.competition.slug
    leader, judge = factories.UserFactory(), factories.JudgeFactory(competition=hall.competition)
    factories.grant(leader.person, RoleKind.LEADER)
    cases = [
        (None, 302),
        (organiser, 200),
        (auditor, 200),
        (outsider, 404),
        (leader, 403),
        (factories.UserFactory(person=judge.person), 403),
    ]
    for user, expected in cases:
        if user:
            client.force_login(user)
        for audience in ("screen", "host", "console"):
            place = "" if audience == "console" else f"{audience}/"
            assert client.get(HERE.format(slug, place)).status_code == expected
            feed = f"/feed/{slug}/ceremony/ceremony-{audience}/?poll=1"
            assert client.get(feed).status_code == expected
        client.logout()
    client.force_login(organiser)
    assert client.get(f"/feed/{slug}/arena/ceremony-screen/?poll=1").status_code == 404
    client.force_login(auditor)
    assert client.post(HERE.format(slug, "move/")).status_code == 403
    assert "开始仪式" not in buttons(client.get(HERE.format(slug, "")).content.decode())


def test_ceremony_without_a_tabulation_leads_to_it(client, competition, organiser):
    build_stage(competition)
    client.force_login(organiser)
    page = client.get(HERE.format(competition.slug, "")).content.decode()
    assert "还没有完整的统分" in page and "去统分" in page and "去授旗与奖励" not in page
