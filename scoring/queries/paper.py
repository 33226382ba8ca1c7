"""Blank score sheets to print, each with a serial number."""

import hashlib
from dataclasses import dataclass

from scoring.queries.panels import marked_criteria

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CHECK_LENGTH = 4


@dataclass(frozen=True)
class BlankSheet:
    """One sheet of paper for one judge: a whole tour, or one contestant of an arena."""

    serial: str
    judge: object
    title: str
    lines: list
    columns: list


def serial_of(panel, judge, subject):
    """This function will make a serial number such as `J01-E01-7KQ2`.

    The last four letters depend on competition, round, judge and entrant, so that a mistyped
    number, or a sheet of another round, does not pass for this one.
    """
    text = "/".join((panel.competition.chain, panel.round.key, judge.key, subject))
    number = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    letters = ""
    for _ in range(CHECK_LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return f"{judge.key}-{subject}-{letters}".upper()


def find_blank_sheets(panel, judges):
    """This function will list the sheets to print for these judges, in order of judge, entry."""
    sheets = []
    for judge in judges:
        lines = panel.lines_of(judge)
        if panel.whole_tour:
            parts = [(panel.title, "all", lines)] if lines else []
        else:
            bundles = dict.fromkeys(line.bundle for line in lines)
            groups = [[line for line in lines if line.bundle == key] for key in bundles]
            parts = [(group[0].entry.heading, group[0].bundle, group) for group in groups]
        sheets += [
            BlankSheet(
                serial_of(panel, judge, subject),
                judge,
                title,
                group,
                marked_criteria(panel.round),
            )
            for title, subject, group in parts
        ]
    return sheets
