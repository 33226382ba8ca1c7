"""A whole event on paper: eleven contestants, what five judges give them, and what must come out.

The numbers that are expected were worked out by hand, like the table that a tally clerk would sign;
nothing here is computed by the product.
"""

import uuid
from dataclasses import dataclass

from django.utils import timezone

from arena.actions.paper import issue_paper
from arena.actions.paper_entry import enter_paper
from arena.models import PaperSheet
from competitions.scheme.read import read_toml
from scoring.actions.sheets import submit_sheets
from scoring.models import Ruling
from tests import factories
from tests.arena.live_case import SEED, LiveCase, announce, draw_order
from tests.scoring.evidence_case import add_secretary, add_units, publish
from tests.scoring.stage import NOW, Stage, add_judge

RULES = """
key = "whole"
title = "擂台比武评分办法"
judge_groups = [{ key = "arena", title = "擂台评委", size = 5 }]
[disclosure]
judges = "number"

[[tracks]]
key = "township"
title = "乡镇榜"
subject = "unit"
ties = [{ by = "round", of = "arena" }]
[[tracks.rounds]]
key = "arena"
title = "擂台比武"
kind = "arena"
weight = 100
decimals = 2
[tracks.rounds.panel]
trim = "total"
parts = [{ group = "arena", drop_high = 1, drop_low = 1, trim_from = 5, minimum = 3 }]
[tracks.rounds.event]
segments = [{ title = "短片", seconds = 180 }, { title = "汇报", seconds = 480 }]
[[tracks.rounds.criteria]]
key = "results"
title = "成效展示"
full = 60
rule = { kind = "marks", high = 60, step = "0.5" }
[[tracks.rounds.criteria]]
key = "pledges"
title = "来年承诺"
full = 40
rule = { kind = "marks", high = 40, step = "0.5" }
[[tracks.flags]]
key = "red"
title = "红旗"
colour = "red"
places = 3
boundary = "extend"
[[tracks.flags]]
key = "yellow"
title = "黄旗"
colour = "yellow"
places = 1
boundary = "exclude"
[[tracks.awards]]
key = "committee"
title = "干事创业好党委"
to = "unit"
quota = 5
amounts = [500000, 450000, 400000, 350000, 300000]
boundary = "ruling"
no_yellow = true

[[tracks]]
key = "person"
title = "书记榜"
subject = "secretary"
part_year = "ruling"
ties = [{ by = "round", of = "sec-arena" }]
[[tracks.rounds]]
key = "sec-arena"
title = "现场评人"
kind = "arena"
weight = 100
decimals = 2
[tracks.rounds.panel]
trim = "total"
parts = [{ group = "arena", drop_high = 1, drop_low = 1, trim_from = 5, minimum = 3 }]
[[tracks.rounds.criteria]]
key = "drive"
title = "担当作为"
full = 100
rule = { kind = "marks", high = 100, step = "0.5" }
[[tracks.awards]]
key = "secretary"
title = "担当作为好书记"
to = "secretary"
quota = 2
amounts = [5000, 4500]
boundary = "ruling"
"""
# In the official order: e01 … e11, their secretaries s01 … s11.
UNITS = "狼山镇 新华镇 干召庙镇 乌兰图克镇 双河镇 城关镇 白脑包镇 曙光乡 八一乡 狼山农场 临河农场"
KEYS = {name: f"e{number:02d}" for number, name in enumerate(UNITS.split(), 1)}
# As they come on stage: the draw of SEED, and 八一乡, the fourth of it, comes late and speaks last.
# Each judge's marks are 成效展示 + 来年承诺 / his mark of the secretary. Then: whose marks of the
# unit are dropped, its score and its secretary's, and its place among those who have been.
# 乌兰图克镇 has four judges: nobody waits for the fifth, who is struck out alone (87.625 → 87.63).
TURNS = """
城关镇     55+36/90   54+35.5/91   56.5+37/92   52+35/89     55.5+36/93   34 90.67 91.00 1
双河镇     50+34/85   51+35/86     49.5+33/84   52+34.5/88   48+36/87     34 84.67 86.00 2
狼山镇     57+38/96   58+38.5/95   56+37/97     57.5+38/94   56.5+38/95.5 23 95.00 95.50 1
新华镇     56+37/97   56.5+38/96.5 54+37/96     55+38/98     57+38.5/95   35 93.50 96.50 2
临河农场   45+30/78   46+31/77     47.5+30/79   44+31.5/80   46+32/76     15 76.67 78.00 5
乌兰图克镇 52+35/88   53+36/87.5   51.5+34/86   54+35/89     60+40/100    5  87.63 87.63 4
白脑包镇   48+33/80   49+32/81     50+33.5/82   47+31/83     48.5+32.5/84 34 81.00 82.00 6
狼山农场   50+31/79   48+33/80     49+32/81     52+33/82     46+31/78     45 81.00 80.00 6
干召庙镇   53+36/90   54+36.5/92.5 55+36.5/93.5 53.5+37/94   54+36/91.5   13 90.33 92.50 4
曙光乡     51+34/83   52+33.5/84.5 50+34/85     51+36/86     53+35/82     35 85.83 84.17 6
八一乡     40+28/70   42+30/71     41.5+29/72   43+31/73     39+27/69     45 70.17 71.00 11
"""
ABSENT = "八一乡"
# The ceremony from its first step to its last: what stands in big letters, and who of the
# contestants may be on the page beside it, the latest first.
BEATS = """
颁奖仪式 -
红旗 -
城关镇 -
新华镇 城关镇
狼山镇 新华镇 城关镇
干事创业好党委 -
乌兰图克镇 -
干召庙镇 乌兰图克镇
城关镇 干召庙镇 乌兰图克镇
新华镇 城关镇 干召庙镇 乌兰图克镇
狼山镇 新华镇 城关镇 干召庙镇 乌兰图克镇
担当作为好书记 -
狼山镇书记（狼山镇） -
新华镇书记（新华镇） 狼山镇
乡镇榜排名 狼山镇 新华镇 城关镇 干召庙镇 乌兰图克镇
书记榜排名 新华镇 狼山镇
"""


@dataclass
class Turn:
    """One line of TURNS: `marks` are each judge's by the names of the pad's fields."""

    name: str
    marks: list
    dropped: list
    score: str
    second: str
    place: int

    @property
    def key(self):
        """The unit's key."""
        return KEYS[self.name]

    def tree(self, judge):
        """This function will return a judge's marks as the actions take them."""
        found = {}
        for name, text in self.marks[judge].items():
            _, entry, site, criterion = name.split(".")
            found.setdefault(entry, {}).setdefault(site, {})[criterion] = text
        return found


def read_turns():
    """This function will return the lines of TURNS."""
    found = []
    for line in TURNS.strip().splitlines():
        name, *judges, dropped, score, second, place = line.split()
        key = KEYS[name]
        marks = []
        for given in judges:
            results, pledges, drive = given.replace("/", "+").split("+")
            fields = f"m.{key}..results", f"m.{key}..pledges", f"m.s{key[1:]}..drive"
            marks.append(dict(zip(fields, (results, pledges, drive), strict=True)))
        dropped = [f"{number} 号" for number in dropped]
        found.append(Turn(name, marks, dropped, score, second, int(place)))
    return found


def read_beats():
    """This function will return (what stands in big letters, all names on the page) of BEATS."""
    found = []
    for line in BEATS.strip().splitlines():
        title, *others = line.split()
        found.append((title, {name for name in KEYS if name in title} | set(others) - {"-"}))
    return found


def build_event(competition, organiser):
    """This function will publish the rules, enter the eleven, seat five judges, and draw."""
    publish(competition, organiser.person, read_toml(RULES))
    hall = Stage(competition)
    for entry in add_units(competition, *UNITS.split()):
        secretary = add_secretary(entry, f"{entry.unit.name}书记")
        hall.entries |= {entry.key: entry, secretary.key: secretary}
    for number in range(1, 6):
        add_judge(hall, number, ["arena", "sec-arena"])
    event = announce(hall, organiser.person)
    draw_order(event=event, step=0, seed=SEED, op=uuid.uuid4(), by=organiser.person, now=NOW)
    return LiveCase(hall, event, organiser.person)


def hand_in(live, turn, judge):
    """This function will hand in a judge's marks of a turn as his phone would."""
    who = live.hall.judges[judge]
    submit_sheets(
        judge=who,
        round_key="arena",
        sheets=turn.tree(judge),
        op=uuid.uuid4(),
        by=who.person,
        now=timezone.now(),
    )


def mark_on_paper(live, turn, judge, clerks):
    """This function will let two clerks type in the numbered sheet of a judge."""
    issue_paper(event=live.fresh(), op=uuid.uuid4(), by=live.operator, now=NOW)
    paper = PaperSheet.objects.get(judge=live.hall.judges[judge], entry__key=turn.key)
    for clerk in clerks:
        enter_paper(
            event=live.fresh(),
            serial=paper.shown,
            sheets=turn.tree(judge),
            op=uuid.uuid4(),
            by=clerk.person,
            now=NOW,
        )


def wait_no_longer(live, turn, judge, people):
    """This function will rule, by two persons, that a judge is not counted for a turn."""
    for round_key, entry in (("arena", turn.key), ("sec-arena", f"s{turn.key[1:]}")):
        Ruling.objects.create(
            competition=live.hall.competition,
            key=f"r-{round_key}",
            kind="exclude_judge",
            subject={"round": round_key, "judge": f"j{judge + 1:02d}", "entry": entry},
            reason="临时离场",
            decided_by="擂台办",
            decided_on=NOW.date(),
            state="verified",
            entered_by=people[0].person,
            entered_at=NOW,
            verified_by=people[1].person,
            verified_at=NOW,
            revision=uuid.uuid4(),
        )


def people():
    """This function will return two organisers: who operates, and who verifies."""
    return [factories.UserFactory(person__name=name) for name in ("操作员", "核对人")]
