"""The year 2022: from the rules to the public notice, all of it done and published."""

import datetime

from competitions import actions
from competitions.models import Involvement
from publication.demo import cast, papers
from publication.demo.year import Year

REVIEW_DAYS = {"review1": (6, 15), "review2": (8, 11)}
SITES = {
    "review1": {
        "狼山镇": ["设施蔬菜园区", "党群服务中心", "人居环境整治村组"],
        "新华镇": ["特色种植基地", "乡村书屋"],
        "双河镇": ["冷链仓储项目", "农村污水处理站"],
    },
    "review2": {
        "狼山镇": ["葡萄产业园", "返乡创业车间"],
        "白脑包镇": ["肉羊养殖小区", "文化广场"],
    },
}
# Who marked on paper: typed in by the clerk and read a second time by somebody else.
ON_PAPER = {
    "review1": ["pingwei07"],
    "review2": [],
    "arena": ["pingwei13", "pingwei15", "pingwei16"],
}


def live(people):
    """This function will let the year 2022 happen and return it, ready to be tabulated."""
    year = Year(2022, people)
    set_up(year)
    spring(year)
    reviews(year)
    routine(year)
    arena(year)
    year.live_through()
    return year


def set_up(year):
    """This function will create the competition, its terms, judges and timetable, and publish."""
    year.create(year.at(2, 18))
    now = year.at(2, 21)
    for member, unit in zip(cast.SECRETARIES, year.entries, strict=True):
        first = cast.FORMER if unit == "城关镇" else member
        since = datetime.date(2019 + len(unit) % 3, 3 + len(first.username) % 5, 16)
        actions.record_term(
            competition=year.competition,
            unit=year.unit(unit),
            person=year.people[first.username],
            since=since,
            op_id=year.op("term", unit),
            **year.who("zuzhi1", now),
        )
    year.appoint(
        [member.username for member in cast.REVIEWERS],
        "review",
        ["review1", "review2"],
        year.at(2, 24),
    )
    year.appoint(
        [member.username for member in cast.ARENA_JUDGES],
        "arena",
        ["arena", "sec-arena"],
        year.at(2, 24, 10),
    )
    _tie(year, "pingwei03", "双河镇", Involvement.Kind.IN_CHARGE, "联系该镇的区级包联干部")
    _tie(year, "pingwei13", "干召庙镇", Involvement.Kind.HELD_OFFICE, "2016年至2019年任副镇长")
    _plan(year)
    for round_key, sites in SITES.items():
        actions.set_sites(
            competition=year.competition,
            round_key=round_key,
            sites={year.entries[unit]: names for unit, names in sites.items()},
            op_id=year.op("sites", round_key),
            **year.who("zuzhi2", year.at(2, 28)),
        )
    year.publish_rules(year.at(3, 3), year.at(3, 4))


def _tie(year, username, unit, kind, note):
    actions.record_involvement(
        competition=year.competition,
        person=year.people[username],
        unit=year.unit(unit),
        kind=kind,
        note=note,
        op_id=year.op("tie", username),
        **year.who("zuzhi1", year.at(2, 25)),
    )


def _plan(year):
    plans = {
        "review1": ((6, 13), (6, 17, 18), "11个乡镇（农场）现场"),
        "review2": ((8, 9), (8, 12, 18), "11个乡镇（农场）现场"),
        "routine": ((3, 10), (8, 10, 18), ""),
        "arena": ((8, 20), (8, 20, 18), "临河区会议中心"),
        "sec-vote": ((8, 12), (8, 16, 18), "各乡镇（农场）"),
        "sec-arena": ((8, 20), (8, 20, 18), "临河区会议中心"),
    }
    actions.plan_rounds(
        competition=year.competition,
        plans={
            key: {"starts_on": year.at(*first).date(), "due_at": year.at(*due), "venue": venue}
            for key, (first, due, venue) in plans.items()
        },
        op_id=year.op("plan"),
        **year.who("zuzhi2", year.at(2, 28)),
    )


def spring(year):
    """This function will note last year's figures, the targets, and a change of secretary."""

    def baselines(now):
        routine = year.figures_of("routine", {"baseline", "target"})
        entered = year.enter_figures("routine", "baselines", routine, now)
        year.later(year.at(3, 22), lambda now: check(entered, now))

    def check(entered, now):
        year.baselines = year.verify_figures("routine", "baselines", entered, now)

    def succeed(now):
        change = actions.record_term(
            competition=year.competition,
            unit=year.unit("城关镇"),
            person=year.people["shuji06"],
            since=datetime.date(2022, 6, 1),
            ends_former=True,
            reason="演示任〔2022〕12号：城关镇党委书记任免",
            op_id=year.op("term", "城关镇", "successor"),
            **year.who("zuzhi1", now),
        )
        year.later(year.at(6, 3), lambda now: confirm(change, now))

    def confirm(change, now):
        actions.verify_term_change(
            change=change,
            op_id=year.op("term", "城关镇", "successor", "confirmed"),
            **year.who("zuzhi2", now),
        )

    year.later(year.at(3, 18), baselines)
    year.later(year.at(6, 2), succeed)
    year.rule_out(
        cast.FORMER.username,
        "年内任职5个月，不满6个月，不参加书记榜排名。",
        (6, 10),
        "演示纪要〔2022〕5号",
    )


def reviews(year):
    """This function will mark both joint reviews, most on the pad and one tour on paper."""
    for round_key, day in REVIEW_DAYS.items():
        for number, member in enumerate(cast.REVIEWERS):
            if member.username in ON_PAPER[round_key]:
                again = year.at(*day, 20, 10)
                year.paper_later(member.username, round_key, year.at(*day, 19), again)
            else:
                year.mark_later(member.username, round_key, year.at(*day, 17, 5 + 4 * number))


def routine(year):
    """This function will enter the year's figures, the bonuses and deductions, and the votes."""
    note = year.note
    note("双河镇", "city-honour", (4, 21), "冷链仓储做法获市级经验推广")
    note(
        "新华镇",
        "region-honour",
        (5, 12),
        "获评自治区级乡村治理示范镇",
        matter="乡村治理示范",
        file=papers.page(
            "新华镇示范镇证明.pdf",
            "演示数据，非真实结果",
            "佐证材料：新华镇获评自治区级乡村治理示范镇",
            "二〇二二年五月十二日",
        ),
    )
    note("新华镇", "city-honour", (4, 28), "获评市级乡村治理示范镇", matter="乡村治理示范")
    note(
        "八一乡",
        "inspection",
        (5, 24),
        "“四不两直”检查发现两处垃圾堆放点长期未清",
        points="1.5",
        file=papers.picture("检查现场照片.png"),
    )
    note("狼山镇", "region-honour", (6, 8), "设施农业做法获自治区级经验推广")
    note("狼山农场", "overdue", (7, 4), "灌溉渠系改造逾期，经提醒仍未整改")
    note("干召庙镇", "city-honour", (7, 12), "获市级返乡创业工作表彰")
    note("曙光乡", "inspection", (7, 19), "村务公开栏更新不及时，限期内已整改", points="0.5")
    note(
        "狼山镇",
        "city-honour",
        (7, 26),
        "“党建联建”做法获市级推广",
        file=papers.picture("现场推进会.png"),
    )
    note("八一乡", "overdue", (8, 2), "两项重点任务逾期，经提醒仍未整改", points="2")
    note("城关镇", "city-honour", (8, 5), "获市级文明镇称号")
    year.later(year.at(8, 9), lambda now: _enter_values(year, now))
    year.later(year.at(8, 16, 10), lambda now: _enter_votes(year, now))


def _enter_values(year, now):
    values = year.figures_of("routine", None)
    known = {**year.baselines}
    entered = year.enter_figures("routine", "values", values, now, revisions=known)
    check = year.at(8, 10)
    year.later(check, lambda now: year.verify_figures("routine", "values", entered, now))


def _enter_votes(year, now):
    entered = year.enter_figures("sec-vote", "votes", year.figures_of("sec-vote", None), now)
    check = year.at(8, 16, 15)
    year.later(check, lambda now: year.verify_figures("sec-vote", "votes", entered, now))


def arena(year):
    """This function will mark the arena of 20 August: each judge after each speaker, some
    on paper."""
    for number, member in enumerate(cast.ARENA_JUDGES):
        if member.username in ON_PAPER["arena"]:
            again = year.at(8, 20, 15, 30 + number)
            year.paper_later(member.username, "arena", year.at(8, 20, 15, number), again)
        else:
            year.mark_later(member.username, "arena", year.at(8, 20, 11, 3 * number))
