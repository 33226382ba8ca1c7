"""Terms of office from a sheet: what it says, and what it would record. Nothing is saved here."""

import datetime
from dataclasses import dataclass, field

from competitions.divisions.entrants import match_unit
from competitions.models import Entry, PartySecretary
from competitions.offices import OFFICE_NAMES
from competitions.queries import sheet_rows
from competitions.queries.people import people_of_host
from competitions.sheets import Column

COLUMNS = (
    Column("unit", "单位", ("单位名称", "乡镇", "村", "参评单位"), kind="unit", required=True),
    Column("name", "姓名", (*OFFICE_NAMES, "书记姓名"), required=True),
    Column("since", "任职日期", ("任职时间", "任职"), kind="date", required=True),
    Column("until", "免职日期", ("免职时间", "离任日期"), kind="date"),
    Column("acting", "主持工作", ("代理", "是否主持工作")),
    Column("post", "职务", ()),
)
TITLES = {column.key: column.title for column in COLUMNS}
YES, NO = {"是", "代理", "主持工作", "主持"}, {"否", "不是", "正式"}
MOST_TERMS = 5_000


@dataclass(frozen=True)
class PlannedTerm:
    """A term to be recorded: unit, a known Person or None, and the typed facts."""

    unit: object
    person: object
    name: str
    post: str
    since: datetime.date
    until: datetime.date | None
    acting: bool


@dataclass
class TermPlan:
    """What an import of terms would do: `rows` for the preview, `terms` to record."""

    header: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    terms: list = field(default_factory=list)


def read_rows(table):
    """This function will read a table's rows as sheet_rows.read_rows does."""
    return sheet_rows.read_rows(table, COLUMNS, most=MOST_TERMS, counted="行")


def plan_import(competition, rows):
    """This function will compare rows with the terms on record and return a TermPlan.

    Three queries. A term that is on record with the same dates is left as it is.
    """
    entries = Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT)
    units = [entry.unit for entry in entries.with_subjects().in_official_order()]
    people = {}
    for person in people_of_host(competition.host_code):
        people.setdefault(person.name, []).append(person)
    recorded = {}
    for term in PartySecretary.objects.filter(unit__in=units).select_related("person").in_order():
        recorded.setdefault(term.unit_id, []).append(term)
    keys = [key for key in TITLES if any(row[key] for row in rows)]
    plan = TermPlan(header=[*(TITLES[key] for key in keys), "办理"])
    for row in rows:
        cells = {key: {"text": row[key] or ""} for key in keys}
        note = {"text": ""}
        plan.rows.append({"number": row["row"], "cells": [*cells.values(), note]})

        def refuse(key, text, row=row, cells=cells):
            plan.problems.append({"cell": row["cells"].get(key, ""), "text": text})
            if key in cells:
                cells[key]["state"] = "bad"

        term = _planned(row, units, people, recorded, refuse)
        if term is None:
            continue
        if any(_same(term, known) for known in recorded.get(term.unit.id, [])):
            note["text"] = "已登记，不变"
            continue
        if not term.acting:
            former = _overlapping(term, recorded, plan.terms)
            if former:
                refuse("since", f"与{term.unit.name}已有的{former}的任期重叠，请调整日期。")
                continue
        note |= {"text": "沿用已登记人员" if term.person else "新人员", "state": "new"}
        plan.terms.append(term)
    return plan


def _planned(row, units, people, recorded, refuse):
    match = match_unit(row["unit"] or "", units)
    if match.unit is None:
        names = "、".join(unit.name for unit in match.candidates[:4])
        hint = f"可能是{names}，请写全称" if names else "不在参评名单中，请核对"
        refuse("unit", f"「{row['unit'] or '空'}」{hint}。")
        return None
    if not row["name"] or not row["since"]:
        return None
    acting = row["acting"] or ""
    if acting and acting not in YES | NO:
        refuse("acting", f"主持工作「{acting}」应填「是」或「否」。")
        return None
    since = datetime.date.fromisoformat(row["since"])
    until = datetime.date.fromisoformat(row["until"]) if row["until"] else None
    if until and until < since:
        refuse("until", "免职日期不能早于任职日期。")
        return None
    name = " ".join(row["name"].split())
    if len(name) > 60:
        refuse("name", "姓名超过 60 个字，请核对。")
        return None
    same = people.get(name, [])
    held = {term.person_id for term in recorded.get(match.unit.id, [])}
    own = [person for person in same if person.id in held] or same
    if len(own) > 1:
        refuse("name", f"已登记的“{name}”有 {len(own)} 人，请在页面上单独登记这一位。")
        return None
    person = own[0] if own else None
    return PlannedTerm(match.unit, person, name, row["post"] or "", since, until, acting in YES)


def _same(term, known):
    return (known.person.name, known.since, known.until, known.acting) == (
        term.name,
        term.since,
        term.until,
        term.acting,
    )


def _overlapping(term, recorded, planned):
    """The name of whoever holds the unit's office in the same time, recorded or planned."""
    others = [
        (known.person.name, known.since, known.until)
        for known in recorded.get(term.unit.id, [])
        if not known.acting
    ]
    others += [
        (other.name, other.since, other.until)
        for other in planned
        if other.unit.id == term.unit.id and not other.acting
    ]
    last = term.until or datetime.date.max
    return next(
        (name for name, since, until in others if since <= last and (until or last) >= term.since),
        "",
    )
