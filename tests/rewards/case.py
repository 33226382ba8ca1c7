"""A small competition with flags and awards: one indicator gives the points as they are."""

import io
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from competitions.scheme.read import read_toml
from scoring.actions.tabulation import tabulate_competition
from scoring.models import Measurement
from tests.scoring.evidence_case import add_secretary, add_units, publish

RULES = """
key = "small"
title = "授旗奖励演练办法"

[[tracks]]
key = "township"
title = "乡镇榜"
subject = "unit"
ties = [{ by = "decision" }]
[[tracks.rounds]]
key = "routine"
title = "日常考核"
kind = "routine"
weight = 100
[[tracks.rounds.criteria]]
key = "score"
title = "考核分"
full = 100
[tracks.rounds.criteria.rule]
kind = "measured"
quantity = "value"
conversion = { kind = "direct", factor = 1 }
[[tracks.flags]]
key = "red"
title = "红旗"
colour = "red"
places = 1
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
quota = 2
amounts = [500000, 300000]
boundary = "ruling"
legal_basis = "县奖励办法第三条"
approval = "县批〔2022〕8 号"
source_of_money = "县财政专项"
[[tracks.gates]]
key = "accident"
title = "重大事故"
when = "total_below"
threshold = 20
effect = "no_award"

[[tracks]]
key = "person"
title = "书记榜"
subject = "secretary"
part_year = "ruling"
ties = [{ by = "decision" }]
[[tracks.rounds]]
key = "person-routine"
title = "履职考核"
kind = "routine"
weight = 100
[[tracks.rounds.criteria]]
key = "person-score"
title = "履职分"
full = 100
[tracks.rounds.criteria.rule]
kind = "measured"
quantity = "value"
conversion = { kind = "direct", factor = 1 }
[[tracks.awards]]
key = "secretary"
title = "担当作为好书记"
to = "secretary"
quota = 1
amounts = [5000]
boundary = "ruling"
promotion = true
"""
SCHEME = read_toml(RULES)
NAMES = [
    "狼山镇",
    "新华镇",
    "干召庙镇",
    "乌兰图克镇",
    "双河镇",
    "城关镇",
    "白脑包镇",
    "曙光乡",
    "八一乡",
    "狼山农场",
    "临河农场",
]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def build(competition, organiser, colleague, points=("95", "90", "80", "70"), also=""):
    """This function will publish the rules and enter one unit with its secretary for each of
    `points`: the unit's total and the secretary's. `also` tells the units of two competitions
    apart."""
    publish(competition, organiser.person, SCHEME)
    names = [name + also for name in NAMES[: len(points)]]
    for entry, value in zip(add_units(competition, *names), points, strict=True):
        secretary = add_secretary(entry, f"书记{entry.key[1:]}")
        measure(entry, "routine", "score", value, organiser, colleague)
        measure(secretary, "person-routine", "person-score", value, organiser, colleague)
    return competition


def measure(entry, round_key, criterion, value, organiser, colleague):
    """This function will store one verified value."""
    return Measurement.objects.create(
        competition=entry.competition,
        entry=entry,
        round_key=round_key,
        criterion_key=criterion,
        values={"value": value},
        state="verified",
        entered_by=organiser.person,
        entered_at=timezone.now(),
        verified_by=colleague.person,
        verified_at=timezone.now(),
        revision=uuid.uuid4(),
    )


def tabulate(competition, user):
    """This function will tabulate the competition as it stands."""
    return tabulate_competition(
        competition=competition, by=user.person, now=timezone.now(), op=uuid.uuid4()
    )


def withdraw(entry="e02", award="committee", reason="有信访问题正在核查"):
    """This function will return the change that takes an award away."""
    return {"award": award, "entry": entry, "give": False, "reason": reason}


def give(entry="e03", award="committee", reason="由其递补", amount=None):
    """This function will return the change that gives an award."""
    return {"award": award, "entry": entry, "give": True, "reason": reason, "amount": amount}


def pdf(name="常委会纪要.pdf", content=PDF):
    """This function will return a small PDF as an uploaded file."""
    return SimpleUploadedFile(name, io.BytesIO(content).read(), content_type="application/pdf")
