"""The year 2023 as it stands on 18 August, the day before the arena.

What is left is for whoever tries the product: a few figures to enter, some work of the first person
to be verified by the second, and the arena to be marked, tabulated, decided and published.
"""

import datetime

from competitions import actions
from publication.demo import cast, papers
from publication.demo.year import Year
from scoring.actions.measurements import return_measurements

ARENA_JUDGES = 5
EVE = (8, 18)
REVIEW_DAYS = {"review1": (6, 14), "review2": (8, 9)}
REVIEWERS = [*cast.REVIEWERS[:6], cast.FORMER]
# Not reported yet: the cell stays empty, and the list of what is missing names it.
NOT_REPORTED = [
    ("曙光乡", "sewage"),
    ("狼山农场", "collective"),
    ("八一乡", "requests"),
    ("乌兰图克镇", "jobs"),
]
# Entered by one person, waiting for another.
TO_VERIFY = [("visitors", None), ("civility", None), ("investment", "新华镇")]
RETURNED = ("临河农场", "farmland")
WITHOUT_VOTES = "八一乡"


def live(people, previous):
    """This function will let the year 2023 happen until the eve of the arena and return it."""
    year = Year(2023, people, arena_judges=ARENA_JUDGES)
    year.previous, year.shown_at = previous, year.at(*EVE)
    set_up(year)
    reviews(year)
    routine(year)
    year.live_through()
    return year


def set_up(year):
    """This function will create the competition, its judges and timetable, and publish."""
    year.create(year.at(2, 14))
    actions.record_term(
        competition=year.competition,
        unit=year.unit("白脑包镇"),
        person=year.people[cast.SUCCESSOR.username],
        since=datetime.date(2023, 3, 1),
        ends_former=True,
        op_id=year.op("term", "白脑包镇"),
        **year.who("zuzhi1", year.at(3, 1)),
    )
    reviewers = [member.username for member in REVIEWERS]
    year.appoint(reviewers, "review", ["review1", "review2"], year.at(3, 2))
    arena = [member.username for member in cast.ARENA_JUDGES[:ARENA_JUDGES]]
    year.appoint(arena, "arena", ["arena", "sec-arena"], year.at(3, 2, 10))
    _plan(year)
    year.publish_rules(year.at(3, 5), year.at(3, 6))


def _plan(year):
    plans = {
        "review1": ((6, 12), (6, 16, 18), "11个乡镇（农场）现场"),
        "review2": ((8, 8), (8, 11, 18), "11个乡镇（农场）现场"),
        "routine": ((3, 10), (8, 17, 18), ""),
        "arena": ((8, 19), (8, 19, 18), "临河区会议中心"),
        "sec-vote": ((8, 14), (8, 17, 18), "各乡镇（农场）"),
        "sec-arena": ((8, 19), (8, 19, 18), "临河区会议中心"),
    }
    actions.plan_rounds(
        competition=year.competition,
        plans={
            key: {"starts_on": year.at(*first).date(), "due_at": year.at(*due), "venue": venue}
            for key, (first, due, venue) in plans.items()
        },
        op_id=year.op("plan"),
        **year.who("zuzhi2", year.at(3, 3)),
    )


def reviews(year):
    """This function will mark both reviews; the last tour's paper waits for a second person."""
    for round_key, day in REVIEW_DAYS.items():
        for number, member in enumerate(REVIEWERS):
            if (round_key, member.username) == ("review2", "pingwei06"):
                year.paper_later(member.username, round_key, year.at(*day, 19))
            else:
                year.mark_later(member.username, round_key, year.at(*day, 17, 5 + 4 * number))


def routine(year):
    """This function will enter most of the year's figures, and leave something to do."""
    year.later(year.at(8, 16), lambda now: _enter_values(year, now))
    year.later(year.at(8, 17, 11), lambda now: _enter_votes(year, now))
    _ledger(year)


def _enter_values(year, now):
    key = {unit: entry.key for unit, entry in year.entries.items()}
    table = year.figures_of("routine", None)
    for unit, criterion in NOT_REPORTED:
        table[key[unit], criterion].pop("value")
        if not table[key[unit], criterion]:
            del table[key[unit], criterion]
    revisions = year.enter_figures("routine", "values", table, now)
    waiting = {
        place
        for place in revisions
        for criterion, unit in TO_VERIFY
        if place[1] == criterion and unit in (None, _unit_of(year, place[0]))
    }
    unreported = {(key[unit], criterion) for unit, criterion in NOT_REPORTED}
    returned = (key[RETURNED[0]], RETURNED[1])
    checked = {
        place: revision
        for place, revision in revisions.items()
        if place not in waiting | unreported | {returned}
    }
    year.later(year.at(8, 17), lambda now: year.verify_figures("routine", "values", checked, now))
    year.later(
        year.at(8, 17, 10),
        lambda now: return_measurements(
            competition=year.competition,
            round_key="routine",
            revisions={returned: revisions[returned]},
            reason="完成面积与上报文件不一致，请核对后重新填写。",
            op=year.op("figures returned"),
            **year.who("zuzhi2", now),
        ),
    )


def _enter_votes(year, now):
    votes = year.figures_of("sec-vote", None)
    unit_of = year.secretary_units()
    votes = {place: cells for place, cells in votes.items() if unit_of[place[0]] != WITHOUT_VOTES}
    entered = year.enter_figures("sec-vote", "votes", votes, now)
    check = year.at(8, 17, 15)
    year.later(check, lambda now: year.verify_figures("sec-vote", "votes", entered, now))


def _ledger(year):
    note = year.note
    note("新华镇", "city-honour", (4, 20), "获市级农村人居环境整治先进集体")
    note(
        "干召庙镇",
        "region-honour",
        (5, 18),
        "返乡创业孵化做法获自治区级经验推广",
        file=papers.page(
            "推广文件.pdf", "演示数据，非真实结果", "佐证材料：干召庙镇返乡创业做法获推广"
        ),
    )
    note("八一乡", "overdue", (6, 27), "渠道清淤逾期，经提醒仍未整改")
    note(
        "乌兰图克镇",
        "inspection",
        (7, 13),
        "“四不两直”检查发现村级账目公开不全",
        points="0.5",
        file=papers.picture("公开栏照片.png"),
    )
    note("双河镇", "city-honour", (8, 15), "冷链物流园获市级示范称号", verified=False)
    year.rule_out(
        "shuji07",
        "年内任职2个月，不满6个月，不参加书记榜排名。",
        (8, 16),
        "演示纪要〔2023〕7号",
        verified=False,
    )


def _unit_of(year, entry_key):
    return next(unit for unit, entry in year.entries.items() if entry.key == entry_key)
