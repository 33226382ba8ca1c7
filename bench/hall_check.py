"""Prints as JSON what the database holds of the halls whose slugs `BENCH_HALLS` names."""

import json
import os

from arena.models import Event, FeedItem
from competitions.models import Competition
from record.models import Revision
from record.queries import verify_chain
from scoring.models import LateSheet, Sheet


def main():
    """This function will print {slug: what is there}: the receipts of counted and of late sheets as
    lists of [judge, entry, receipt], the steps, the items told to the judges, and the chain."""
    print(json.dumps({slug: _look(slug) for slug in json.loads(os.environ["BENCH_HALLS"])}))


def _look(slug):
    competition = Competition.objects.get(slug=slug)
    sheets = Sheet.objects.filter(competition=competition).order_by("id")
    late = LateSheet.objects.filter(competition=competition).select_related("judge")
    moved = Revision.objects.of_chain(competition.chain).of_kind("arena.moved")
    handed = Revision.objects.of_chain(competition.chain).of_kind("sheets.submitted")
    return {
        "sheets": list(sheets.values_list("judge__key", "entry__key", "receipt")),
        "late": [[row.judge.key, line["entry"], row.receipt] for row in late for line in row.lines],
        "step": Event.objects.get(competition=competition).step,
        "moved": moved.count(),
        "handed": handed.count(),
        "told": FeedItem.objects.filter(channel=f"{competition.chain}/arena/judge").count(),
        "chain": verify_chain(competition.chain).ok,
    }
