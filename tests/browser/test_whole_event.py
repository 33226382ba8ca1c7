"""A whole event in real browsers, from the process that serves it: eleven contestants come on
stage, five judges mark them, the hall watches, and the ceremony reveals what came of it."""

import re
import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from arena.actions.cards import make_cards
from competitions.roles import RoleKind
from record.queries import verify_chain
from scoring.actions.late_sheets import propose_late, verify_late
from scoring.models import LateSheet, Sheet
from tests import factories
from tests.arena.ceremony_case import CeremonyCase
from tests.browser import whole_case
from tests.browser.harness import assert_accessible, assert_fits, picture, sign_in
from tests.browser.pad_case import hand_in, state
from tests.rewards.case import tabulate

# It takes its time, and what a database does to it is tested nearer: tests/arena, test_feed.py.
pytestmark = pytest.mark.sqlite
WORK = "/work/linhe-2022/"
LIVE, CEREMONY = f"{WORK}arena/arena/", f"{WORK}ceremony/"
SOON = 20_000
# The one who comes in by card, the one who loses the network, and the one who leaves early.
WITH_PHONES = (0, 3, 4)
WALLS = [(1920, 1080), (1024, 768), (3840, 1080)]
OUTSIDE = """() => [...document.querySelectorAll(".stage *")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.bottom > innerHeight || box.right > innerWidth || box.top < 0 || box.left < 0;
}).map(one => one.outerHTML)"""
# What the hall reads and is smaller than 32 px; beside the marks of a crowd on a screen of 4:3 more
# may be, and the marks of a very large one anywhere.
SMALL = """() => [...document.querySelectorAll(".stage *, .demo-ribbon")].filter(one =>
    [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
    && !one.closest(".visually-hidden")
    && !(innerWidth <= 1.5 * innerHeight
        && one.closest(".stage-many, .stage-wide, .stage-ticks-most"))
    && !one.closest(":is(.stage-broad-4, .stage-broad-5, .stage-broad-6) .stage-panel")
    && parseFloat(getComputedStyle(one).fontSize) < 32
).map(one => one.outerHTML)"""
# Marks handed in as the pad hands them in, without the fingers: kept on the phone, then sent.
SEND = """([key, url, marks]) => {
    LeitaiPad.write(key, {
        op: LeitaiPad.uuid(), url, title: key, page: location.pathname, marks, state: "pending",
        problems: null, trouble: "",
    });
    LeitaiPad.flush();
}"""


class Hall:
    """Who is there: the operator's console, the large screen, and three of the five judges with
    their phones; what the other two give comes in as their phones would bring it."""

    def __init__(self, page_at, live, operator):
        self.live, self.played = live, []
        self.console, self.screen = page_at(1280), page_at(1920)
        self.phones = {judge: page_at(360) for judge in WITH_PHONES}
        for page in (self.console, self.screen):
            sign_in(page, operator)
        self.console.goto(LIVE)
        self.screen.goto(f"{LIVE}screen/")
        self.stage = self.screen.locator("#slot-stage")

    def press(self, button):
        """Press a button of the console."""
        self.console.get_by_role("button", name=button).click(timeout=SOON)

    def shows(self, text):
        """The large screen follows by itself."""
        expect(self.stage).to_contain_text(text, timeout=SOON)

    def hides(self, turn):
        """Nothing that is a score of the turn, or a judge's total, is on a page of the hall."""
        alone = rf"(?<![\d.:])(?:{scores_of(turn)})(?![\d.:])"
        expect(self.console.locator("main")).not_to_contain_text(re.compile(alone))
        assert not re.search(rf">\s*(?:{scores_of(turn)})\s*<", self.screen.content())
        assert self.screen.locator(".stage-score, .stage-marks").count() == 0

    def begin(self, turn):
        self.press(f"请「{turn.name}」登台")
        expect(self.stage.locator("h1")).to_have_text(turn.name, timeout=SOON)

    def open_marking(self, turn):
        self.press(f"「{turn.name}」讲完，开放打分")
        self.shows("评委打分中")

    def tap(self, turn, judge):
        """One judge marks on his pad by hand, as far as the question whether to hand in."""
        phone = self.phones[judge]
        phone.goto(f"/judge/linhe-2022/arena/{turn.key}/")
        for name, text in turn.marks[judge].items():
            phone.locator(f'input[name="{name}"]').fill(text)

    def send(self, turn, judges):
        for judge in judges:
            if judge in self.phones:
                url = "/judge/linhe-2022/arena/submit/"
                self.phones[judge].evaluate(SEND, [f"arena.{turn.key}", url, turn.marks[judge]])
            else:
                whole_case.hand_in(self.live, turn, judge)

    def ticks(self, count):
        expect(self.stage.locator(".stage-tick")).to_have_count(count, timeout=SOON)

    def close(self, turn):
        self.hides(turn)
        self.press(f"关闭「{turn.name}」的打分")
        self.shows("打分结束")

    def reveal(self, turn):
        """The score as it was worked out by hand, the marks that are dropped, and who leads."""
        self.hides(turn)
        self.press(f"亮「{turn.name}」的分")
        expect(self.stage.locator(".stage-score")).to_have_text(f"{turn.score}分", timeout=SOON)
        expect(self.stage.locator(".stage-dropped .stage-judge")).to_have_text(turn.dropped)
        expect(self.stage.locator(".stage-second strong")).to_have_text(turn.second)
        shown = re.findall(rf">\s*({scores_of(turn)})\s*<", self.screen.content())
        assert {turn.score, turn.second} < set(shown)
        self.played.append(turn)
        ordered = sorted(self.played, key=lambda one: float(one.score), reverse=True)
        expect(self.stage.locator(".stage-standing .stage-points")).to_have_text(
            [one.score for one in ordered]
        )
        expect(self.stage.locator(".stage-own .stage-place")).to_have_text(str(turn.place))
        expect(self.stage.locator(".stage-own .stage-name")).to_contain_text(turn.name)

    def play(self, turn, by_hand=False):
        """A turn without any trouble; `by_hand`: the first judge marks with his own fingers."""
        self.begin(turn)
        self.open_marking(turn)
        self.send(turn, range(by_hand, 5))
        if by_hand:
            self.tap(turn, 0)
            hand_in(self.phones[0])
        self.ticks(5)
        self.close(turn)
        self.reveal(turn)

    def fits_every_wall(self):
        for width, height in WALLS:
            self.screen.set_viewport_size({"width": width, "height": height})
            assert self.screen.evaluate(OUTSIDE) == [], f"{width} × {height}"
            assert self.screen.evaluate(SMALL) == [], f"{width} × {height}"


def scores_of(turn):
    """Every number that would tell a turn's score, as a pattern."""
    totals = [sum(map(float, [*marks.values()][:2])) for marks in turn.marks]
    numbers = [turn.score, turn.second, *(f"{total:g}" for total in totals)]
    return "|".join(map(re.escape, numbers))


@pytest.fixture
def people(transactional_db):
    users = whole_case.people()
    for user in users:
        factories.grant(user.person, RoleKind.ORGANISER)
    return users


@pytest.fixture
def hall(hall_page_at, people):
    competition = factories.CompetitionFactory(slug="linhe-2022", title="临河区2022年擂台比武")
    live = whole_case.build_event(competition, people[0])
    return Hall(hall_page_at, live, people[0])


def test_eleven_contestants_from_the_draw_to_the_end_of_the_ceremony(hall, people, faults):
    faults.expect(409)  # a hand-in before the marking is open
    turns = whole_case.read_turns()
    judges_sign_in(hall, people[0])
    first, second, third, on_paper, _, without_fifth, *_ = turns
    play_first(hall, first)
    play_with_step_back(hall, second)
    play_with_judge_off_line(hall, third, faults)
    name_absent(hall)
    play_with_paper(hall, on_paper, people)
    hall.play(turns[4])
    play_without_fifth_judge(hall, without_fifth, people)
    for turn in turns[6:10]:
        hall.play(turn)
    hall.press("补排到最后")
    hall.play(turns[10])
    hall.fits_every_wall()
    chain = hall.live.hall.competition.chain
    assert (Sheet.objects.count(), LateSheet.objects.count()) == (108, 1)
    decide(hall, people)
    hold_ceremony(hall)
    assert verify_chain(chain).ok


def judges_sign_in(hall, operator):
    """The first by his card and the code that the operator approves, the others before the day."""
    ((_judge, secret),) = make_cards(
        competition=hall.live.hall.competition,
        judge_keys=["j01"],
        op=uuid.uuid4(),
        by=operator.person,
        now=timezone.now(),
    )
    phone = hall.phones[0]
    phone.goto(f"/card/{secret}/")
    phone.get_by_role("button", name="请求登录").click()
    hall.press(f"核对码是 {phone.locator('#card-code').inner_text()}，批准")
    phone.wait_for_url("**/judge/", timeout=SOON)
    for number in WITH_PHONES[1:]:
        sign_in(hall.phones[number], hall.live.hall.judges[number].user)
        hall.phones[number].goto("/judge/linhe-2022/arena/")
    expect(hall.console.locator(".arena-ticks li").first).to_contain_text("已连接", timeout=SOON)


def play_first(hall, turn):
    """Marks handed in too early stay on the phone; slides in between by keys beside the buttons."""
    phone, console = hall.phones[0], hall.console
    hall.shows(f"候场：{turn.name}")
    hall.tap(turn, 0)
    hand_in(phone)
    expect(phone.locator("#pad-tell")).to_contain_text(f"「{turn.name}」还没有开放打分")
    expect(state(phone)).to_contain_text("草稿")
    assert_fits(console)
    assert_accessible(console)
    hall.begin(turn)
    # Without a reload: the screen follows the feed, and its clock runs.
    expect(hall.screen.locator("[data-clock-text]")).not_to_have_text("3:00", timeout=SOON)
    # A key typed into a field is none.
    field = console.get_by_role("textbox", name=f"{turn.name}的代表发言人")
    field.press("b")
    expect(field).to_have_value("b")
    console.locator("h1").first.click()
    for key, title, shown in (("b", "黑屏", ""), ("e", "会标", "2022"), ("Escape", "现场", "短片")):
        console.keyboard.press(key)
        expect(console.locator("[data-code][aria-pressed=true]")).to_contain_text(title)
        if shown:
            hall.shows(shown)
        else:
            expect(hall.stage).to_be_empty(timeout=SOON)
    hall.press("进入“汇报”")
    hall.shows("汇报")
    hall.open_marking(turn)
    hand_in(phone)
    expect(state(phone)).to_contain_text("已提交")
    hall.send(turn, [1, 2, 3, 4])
    hall.ticks(5)
    hall.close(turn)
    hall.reveal(turn)


def play_with_step_back(hall, turn):
    """The operator called too early: back to before the turn, with a reason, and again."""
    hall.begin(turn)
    back = hall.console.locator("form", has=hall.console.get_by_role("button", name="退回一步"))
    back.get_by_label("理由").fill("主持人还在串场")
    back.get_by_role("button").click()
    # The hall sees again what it saw before.
    expect(hall.stage.locator(".stage-score")).to_have_text("90.67分", timeout=SOON)
    hall.play(turn, by_hand=True)


def play_with_judge_off_line(hall, turn, faults):
    """The fourth judge's phone loses the network with the marks on it, and sends them by itself."""
    phone = hall.phones[3]
    hall.begin(turn)
    hall.tap(turn, 3)
    hall.open_marking(turn)
    phone.context.set_offline(True)
    hand_in(phone)
    expect(state(phone)).to_contain_text("待上传 1 份")
    hall.send(turn, [0, 1, 2, 4])
    hall.ticks(4)
    hall.press(f"关闭「{turn.name}」的打分")
    expect(hall.console.locator("main")).to_contain_text("还缺 4 号评委的打分，不能关闭")
    phone.context.set_offline(False)
    expect(state(phone)).to_contain_text("已提交", timeout=SOON)
    faults.found[:] = [one for one in faults.found if "ERR_INTERNET_DISCONNECTED" not in one]
    hall.ticks(5)
    hall.close(turn)
    hall.reveal(turn)


def name_absent(hall):
    """The fourth of the draw is not there; it may be put at the end later."""
    form = hall.console.locator("form", has=hall.console.get_by_role("button", name="登记缺席"))
    expect(form).to_contain_text(whole_case.ABSENT, timeout=SOON)
    form.get_by_label("理由").fill("车在路上")
    form.get_by_role("button").click()


def play_with_paper(hall, turn, people):
    """The fifth judge gives up his phone: two clerks type in his numbered sheet."""
    hall.begin(turn)
    hall.open_marking(turn)
    hall.send(turn, [0, 1, 2, 3])
    hall.ticks(4)
    whole_case.mark_on_paper(hall.live, turn, 4, people)
    hall.ticks(5)
    hall.close(turn)
    hall.reveal(turn)


def play_without_fifth_judge(hall, turn, people):
    """Nobody waits for the fifth judge; what he hands in after the closing is late."""
    phone = hall.phones[4]
    hall.begin(turn)
    hall.tap(turn, 4)
    hall.open_marking(turn)
    hall.send(turn, [0, 1, 2, 3])
    hall.ticks(4)
    whole_case.wait_no_longer(hall.live, turn, 4, people)
    hall.close(turn)
    hand_in(phone)
    expect(state(phone)).to_contain_text("迟到，待裁定")
    expect(phone.locator("#pad-tell")).to_contain_text("打分已经关闭，这一份迟到，待裁定")
    phone.reload()
    expect(phone.locator("#main")).to_contain_text("现在不计入成绩")
    hall.reveal(turn)


def decide(hall, people):
    """After the event: the late sheet is dismissed, the year tabulated, the meeting decides."""
    competition = hall.live.hall.competition
    decision = propose_late(
        late=LateSheet.objects.get(),
        admit=False,
        reason="评委已按裁定不计",
        decided_by="擂台办",
        op=uuid.uuid4(),
        by=people[0].person,
        now=timezone.now(),
    )
    verify_late(late_decision=decision, op=uuid.uuid4(), by=people[1].person, now=timezone.now())
    tabulate(competition, people[0])
    ceremony = CeremonyCase(competition, *people)
    ceremony.decide()
    ceremony.make()


def hold_ceremony(hall):
    """From the last to the first by keys; one name is taken back, and nobody comes too early."""
    console, screen = hall.console, hall.screen
    screen.goto(f"{CEREMONY}screen/")
    console.goto(f"{CEREMONY}?names=1")
    assert_fits(console)
    console.goto(CEREMONY)
    assert_fits(console)
    assert_accessible(console)
    hall.press("开始仪式")
    expect(console.get_by_role("button", name="进入“红旗”")).to_be_visible()
    beats = whole_case.read_beats()
    expect_beat(hall, beats[0])
    for number, beat in enumerate(beats[1:], 1):
        step_ceremony(hall, "ArrowRight", number)
        expect_beat(hall, beat)
        if number == 2:
            step_ceremony(hall, "ArrowLeft", 1)
            expect_beat(hall, beats[1])
            step_ceremony(hall, "ArrowRight", 2)
            expect_beat(hall, beat)
        if number == 4:
            hall.fits_every_wall()
            picture(screen, "whole-ceremony")
    hall.press("结束仪式")
    expect_beat(hall, ("颁奖仪式结束", set()))


def step_ceremony(hall, key, position):
    """Press a key, as soon as the console has loaded: before, nobody listens for it."""
    hall.console.wait_for_load_state()
    hall.console.keyboard.press(key)
    expect(hall.console.locator("main")).to_contain_text(f"第 {position} 步，", timeout=SOON)


def expect_beat(hall, beat):
    title, names = beat
    expect(hall.stage.locator("h1")).to_have_text(title, timeout=SOON)
    page = hall.screen.content()
    assert {name for name in whole_case.KEYS if name in page} == names
