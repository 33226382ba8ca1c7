"""The forms of marked rounds as staff fill them in, and sheets as judges hand them in."""

import uuid

from django.utils import timezone

from scoring.actions.sheets import submit_sheets
from scoring.models import Sheet
from tests.scoring.stage import ARENA

ROUND = "/work/linhe-2022/rounds/arena/"
PAPER = f"{ROUND}paper/j01/"
VERIFY = f"{ROUND}verify/j01/"
OTHER = {"a-results": "35.5"}


def fields(sheets, revisions=True, **more):
    """This function will return a paper form's fields: {entry: {site: {criterion: text}}}."""
    found = {"op": str(uuid.uuid4()), **more}
    for entry, by_site in sheets.items():
        for site, marks in by_site.items():
            for criterion, text in marks.items():
                found[f"m.{entry}.{site}.{criterion}"] = text
    if revisions:
        for row in Sheet.objects.filter(judge__key="j01").select_related("entry"):
            found[f"r.{row.entry.key}.{row.site}"] = row.revision.hex
    return found


def submit(stage, sheets=None):
    """This function will hand in the first judge's sheets: those given, or for one speech."""
    judge = stage.judges[0]
    return submit_sheets(
        judge=judge,
        round_key="arena",
        sheets=sheets or stage.speech(),
        op=uuid.uuid4(),
        by=judge.person,
        now=timezone.now(),
    )


def hand_in(stage, judges, numbers):
    """This function will hand in these judges' sheets of the units with these numbers."""
    for judge in judges:
        for number in numbers:
            submit_sheets(
                judge=judge,
                round_key="arena",
                sheets=stage.speech(f"e{number:02d}"),
                op=uuid.uuid4(),
                by=judge.person,
                now=timezone.now(),
            )


def collect(stage):
    """This function will hand in all sheets of the arena: from then on staff may read the marks."""
    hand_in(stage, stage.judges, (1, 2, 3))


def unit_sheet():
    """This function will return the first judge's sheet of the first unit."""
    return Sheet.objects.get(entry__key="e01", round_key="arena", judge__key="j01")


def correct(client, sheet, **changes):
    """This function will post a correction of the first unit's sheet."""
    data = fields({"e01": {"": {**ARENA, **changes}}}, reason="纸质原件为 35.5")
    return client.post(f"{ROUND}sheets/{sheet.id}/", data)


def settle(client, sheet, correction, **more):
    """This function will post what a second person does with a correction."""
    data = {"op": str(uuid.uuid4()), "revision": correction.revision.hex, **more}
    return client.post(f"{ROUND}sheets/{sheet.id}/settle/", data)
