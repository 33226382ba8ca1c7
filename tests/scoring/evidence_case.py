"""A small competition under published rules, for tests of evidence: measured indicators, votes, a
ledger and a marked round."""

import datetime
import hashlib
import uuid

from django.db import transaction
from django.utils import timezone

from competitions.kinds import SCHEME_DRAFTED
from competitions.models import Entry, SchemeVersion, Seat
from competitions.scheme.read import read_toml
from competitions.scheme.write import to_document
from record.actions import append
from record.chain.canonical import encode
from scoring.models import Measurement, Sheet
from tests import factories

RULES = """
key = "case"
title = "演练评分办法"
dimensions = [{ key = "industry", title = "产业振兴" }]
judge_groups = [{ key = "panel", title = "评委" }]

[[tracks]]
key = "township"
title = "乡镇榜"
subject = "unit"
ties = [{ by = "decision" }]

[[tracks.rounds]]
key = "arena"
title = "擂台比武"
kind = "arena"
weight = 50
[tracks.rounds.panel]
parts = [{ group = "panel" }]
[[tracks.rounds.criteria]]
key = "speech"
title = "现场展示"
full = 100
rule = { kind = "marks", high = 100, step = "0.5" }

[[tracks.rounds]]
key = "routine"
title = "日常考核"
kind = "routine"
weight = 50
[[tracks.rounds.criteria]]
key = "income"
title = "农民人均收入"
unit = "元"
full = 40
[tracks.rounds.criteria.rule]
kind = "measured"
quantity = "growth"
undefined = "ruling"
conversion = { kind = "efficacy", base = "0.6", all_equal = "full" }
[[tracks.rounds.criteria]]
key = "visitors"
title = "接待游客人次"
unit = "万人次"
full = 40
[tracks.rounds.criteria.rule]
kind = "measured"
quantity = "completion"
undefined = "zero"
conversion = { kind = "reach", mode = "capped", target = 1 }
[[tracks.rounds.criteria]]
key = "pass-rate"
title = "厕所合格率"
unit = "%"
full = 15
[tracks.rounds.criteria.rule]
kind = "measured"
quantity = "value"
conversion = { kind = "direct", factor = "0.15" }
[[tracks.rounds.criteria]]
key = "points"
title = "加减分"
full = 5
below_zero = true
[tracks.rounds.criteria.rule]
kind = "ledger"
bonus_cap = 5
deduction_cap = 10
same_matter = "highest"
items = [
  { key = "honour", title = "市级表彰", sign = "bonus", points = "0.5", cap = 2 },
  { key = "story", title = "经验推广", sign = "bonus", cap = 3 },
  { key = "notice", title = "通报批评", sign = "deduction", points = 1 },
]

[[tracks.flags]]
key = "red"
title = "红旗"
colour = "red"
places = 1
boundary = "extend"

[[tracks.awards]]
key = "good"
title = "好党委"
to = "unit"
quota = 5
boundary = "ruling"

[[tracks.gates]]
key = "accident"
title = "重大事故"
when = "ruling"
effect = "no_award"

[[tracks]]
key = "person"
title = "书记榜"
subject = "secretary"
part_year = "ruling"
part_year_months = 6
[[tracks.rounds]]
key = "opinion"
title = "民主测评"
kind = "vote"
weight = 100
[[tracks.rounds.criteria]]
key = "poll"
title = "测评票"
full = 100
[tracks.rounds.criteria.rule]
kind = "grade_votes"
no_votes = "zero"
grades = [
  { key = "good", title = "优秀", coefficient = 1 },
  { key = "fair", title = "一般", coefficient = "0.6" },
  { key = "blank", title = "弃权", coefficient = 0, valid = false },
]
"""
SCHEME = read_toml(RULES)


def publish(competition, author, scheme=SCHEME):
    """This function will publish the scheme as the competition's rules and start the year."""
    document = to_document(scheme)
    digest = hashlib.sha256(encode(document)).hexdigest()
    with transaction.atomic():
        drafted = append(
            chain=competition.chain,
            kind=SCHEME_DRAFTED,
            body={"number": 1, "document": document, "digest": digest},
            by=str(author.id),
            now=timezone.now(),
        )
    version = SchemeVersion.objects.create(
        competition=competition,
        number=1,
        state=SchemeVersion.State.PUBLISHED,
        document=document,
        digest=digest,
        revision=drafted.op_id,
        written_by=author,
        approved_by=factories.PersonFactory(name="规则审定人"),
        approved_at=timezone.now(),
        published_by=author,
        published_at=timezone.now(),
    )
    competition.stage = "running"
    competition.save()
    return version


def add_units(competition, *names):
    """This function will enter units of these names, in this official order: e01, e02 …"""
    start = Entry.objects.filter(competition=competition, subject="unit").count()
    return [
        factories.EntryFactory(
            competition=competition,
            key=f"e{number:02d}",
            unit__name=name,
            official_order=number,
        )
        for number, name in enumerate(names, start + 1)
    ]


def add_secretary(entry, name, **term):
    """This function will enter the secretary of a unit's entry: s01 … like the unit's key."""
    held = factories.PartySecretaryFactory(person__name=name, unit=entry.unit, **term)
    return factories.EntryFactory(
        competition=entry.competition,
        key="s" + entry.key[1:],
        subject="secretary",
        unit=entry.unit,
        term=held,
        of=entry,
        official_order=entry.official_order,
    )


def add_judge(competition, number, *rounds):
    """This function will add a judge of the group `panel` who sits in these rounds."""
    judge = factories.JudgeFactory(
        competition=competition, key=f"j{number:02d}", number=number, group_key="panel"
    )
    for round_key in rounds:
        Seat.objects.create(judge=judge, round_key=round_key)
    return judge


def fill(competition, organiser, colleague, *, judges):
    """This function will enter two units with every value, and marks of 90 and 80 by each judge."""

    def measure(entry, round_key, criterion, **values):
        Measurement.objects.create(
            competition=competition,
            entry=entry,
            round_key=round_key,
            criterion_key=criterion,
            values=values,
            state="verified",
            entered_by=organiser.person,
            entered_at=timezone.now(),
            verified_by=colleague.person,
            verified_at=timezone.now(),
            revision=uuid.uuid4(),
        )

    for entry, mark, value in zip(
        add_units(competition, "狼山镇", "新华镇"), ("90", "80"), ("120", "110"), strict=True
    ):
        secretary = add_secretary(entry, f"{entry.unit.name}书记", since=datetime.date(2020, 1, 1))
        measure(entry, "routine", "income", baseline="100", value=value)
        measure(entry, "routine", "visitors", value="1", target="1")
        measure(entry, "routine", "pass-rate", value="100")
        measure(secretary, "opinion", "poll", good="1", fair="0", blank="0")
        for judge in judges:
            Sheet.objects.create(
                competition=competition,
                round_key="arena",
                judge=judge,
                entry=entry,
                source="pad",
                marks={"speech": mark},
                state="entered",
                entered_by=judge.person,
                entered_at=timezone.now(),
                revision=uuid.uuid4(),
            )
