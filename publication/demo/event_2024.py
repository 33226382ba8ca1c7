"""A contest of one evening, ready to be played to the end of its ceremony.

The rules are published, the order is drawn and nobody has been on stage: what is left is the event
itself, the tabulation, the meeting and the ceremony. Nothing else must be entered for these, unlike
in the year 2023.
"""

from dataclasses import replace
from decimal import Decimal

from arena.actions.draw import announce_draw, draw_order
from competitions import actions
from competitions.scheme.event_types import Event, TurnPart
from publication.demo import cast
from publication.demo.rules import rules_of
from publication.demo.year import Year

SLUG, ROUND = "linhe-2024", "arena"
TITLE = "临河区2024年“新春擂台”"
# Five who owe nothing in the year 2023 any more; by their marks no two of the eleven are level.
JUDGES = [*(cast.REVIEWERS[place] for place in (1, 3, 5, 6)), cast.ARENA_JUDGES[-1]]
DAY = (1, 19)
SOURCE = "第 2024012 期公开开奖号码"
SEED = "04 11 15 19 23 30 08"
AMOUNTS = ("30000", "25000", "20000", "15000", "10000")
SPEECH = TurnPart(title="述擂", seconds=360, warning=60)


def live(people):
    """This function will prepare the contest up to the minute before it begins and return it."""
    year = Year(2024, people, scheme=_rules(), title=TITLE)
    year.shown_at = year.at(*DAY)
    year.create(year.at(1, 8))
    year.appoint([member.username for member in JUDGES], "arena", [ROUND], year.at(1, 9))
    day = {"starts_on": year.at(*DAY).date(), "due_at": year.at(*DAY, 18)}
    actions.plan_rounds(
        competition=year.competition,
        plans={ROUND: day | {"venue": "临河区会议中心"}},
        op_id=year.op("plan"),
        **year.who("zuzhi1", year.at(1, 9, 10)),
    )
    year.publish_rules(year.at(1, 10), year.at(1, 11))
    _draw(year)
    return year


def _draw(year):
    event = announce_draw(
        competition=year.competition,
        round_key=ROUND,
        method="seed",
        source=SOURCE,
        op=year.op("announce draw"),
        **year.who("zuzhi1", year.at(1, 12)),
    )
    draw_order(
        event=event,
        step=event.step,
        seed=SEED,
        op=year.op("draw"),
        **year.who("zuzhi1", year.at(1, 15)),
    )


def _rules():
    """The arena of the year's rules alone, on a stage with a clock."""
    scheme = rules_of(2024, len(JUDGES))
    track = scheme.tracks[0]
    (arena,) = (item for item in track.rounds if item.key == ROUND)
    arena = replace(arena, weight=Decimal(100), event=Event(segments=(SPEECH,)))
    award = replace(
        track.awards[0],
        key="winners",
        title="新春擂台优胜单位",
        amounts=tuple(map(Decimal, AMOUNTS)),
    )
    return replace(
        scheme,
        key=SLUG,
        title="临河区“新春擂台”评分办法（演示）",
        basis="演示用的一场擂台：11个乡镇（农场）依次登台，擂台评委当场打分，当场亮分，当场颁奖。",
        assumptions=(
            f"擂台评委{len(JUDGES)}人，按每名评委的总分去掉一个最高分和一个最低分，其余求平均，保留两位小数。",
            "述擂限时6分钟，超时不扣分。",
            "前3名授红旗，末1名亮黄旗；前5名授予“新春擂台优胜单位”。总分相同的名次并列。",
        ),
        dimensions=(),
        judge_groups=tuple(group for group in scheme.judge_groups if group.key == "arena"),
        tracks=(replace(track, rounds=(arena,), ties=(), awards=(award,)),),
    )
