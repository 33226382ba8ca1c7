"""The demonstration's judges in the hall: they mark the turn that is open, as on their phones."""

import uuid

from arena.queries.stage import find_event, find_ticks, load_live
from arena.stage.machine import State
from publication.demo import figures
from scoring.actions.sheet_rules import RoundClosed, SheetConflict
from scoring.actions.sheets import submit_sheets


def mark_open_turn(competition, round_key, *, now):
    """This function will let every judge who owes marks of the turn that is open hand them in, one
    after another, and yield (name of the entrant, judge, receipt) for each.

    `now()` is asked for each of them. A judge of whom anything is there already is left alone, and
    so is one who handed in himself, or whose turn was closed, in this very moment.
    """
    live = _load(competition, round_key)
    turn = live.stage.on_stage if live else None
    if turn is None or turn.state != State.MARKING:
        return
    for tick in find_ticks(live.panel, turn.key):
        if tick.state != "missing" or tick.begun:
            continue
        try:
            done = submit_sheets(
                judge=tick.judge,
                round_key=round_key,
                sheets=_sheets_of(live, tick.judge, turn.key),
                op=uuid.uuid4(),
                by=tick.judge.person,
                now=now(),
            )
        except (RoundClosed, SheetConflict):
            continue
        yield turn.name, tick.judge, done.receipt


def is_over(competition, round_key):
    """This function will say whether every turn of the live event has been revealed or missed."""
    live = _load(competition, round_key)
    return live is not None and live.drawn and live.stage.finished and not live.stage.due


def mark_until_over(competition, round_key, *, now, wait):
    """This function will mark every turn that is opened, call `wait()` between two looks, and yield
    as mark_open_turn does until the live event is over."""
    while True:
        yield from mark_open_turn(competition, round_key, now=now)
        if is_over(competition, round_key):
            return
        wait()


def _load(competition, round_key):
    event = find_event(competition, round_key)
    return load_live(event) if event else None


def _sheets_of(live, judge, key):
    round_key, sheets = live.event.round_key, {}
    for line in live.lines_of(key):
        if live.panel.owes(judge, line):
            sheets.setdefault(line.entry.key, {})[line.site_key] = figures.marks_of(
                line,
                year=live.event.competition.year,
                round_key=round_key,
                judge=judge.person.name,
                mood=figures.MOODS.get(round_key, 0),
            )
    return sheets
