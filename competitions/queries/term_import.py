"""Terms of office from a sheet: what it says, and what it would record. Nothing is saved here."""

import datetime
from dataclasses import dataclass, replace

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
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class PlannedTerm:
    """A term to be recorded: unit, a known Person or None, and the typed facts.

    `former` is the PartySecretary in office whose term ends on the day before; `term` the one on
    record that the row brings to its end.
    """

    unit: object
    person: object
    name: str
    post: str
    since: datetime.date
    until: datetime.date | None
    acting: bool
    former: object = None
    term: object = None


class TermPlan(sheet_rows.SheetPlan):
    """What an import of terms would do: to add are PlannedTerms."""

    @property
    def replaced(self):
        """How many secretaries in office are followed by another one."""
        return sum(term.former is not None for term in self.added)


def read_rows(table):
    """This function will read a table's rows as sheet_rows.read_rows does."""
    return sheet_rows.read_rows(table, COLUMNS, most=MOST_TERMS, counted="行")


def plan_import(competition, rows, wrong=()):
    """This function will compare rows with the terms on record and return a TermPlan.

    Three queries. A term that is on record with the same dates is left as it is; one that is on
    record without an end gets the row's. Who is in office when a new full term begins is followed:
    his term ends on the day before. `wrong` are addresses of cells that reading has refused.
    """
    entries = Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT)
    units = [entry.unit for entry in entries.with_subjects().in_official_order()]
    people = {}
    for person in people_of_host(competition.host_code):
        people.setdefault(person.name, []).append(person)
    recorded = {}
    for term in PartySecretary.objects.filter(unit__in=units).select_related("person").in_order():
        recorded.setdefault(term.unit_id, []).append(term)
    plan, found = TermPlan(), []
    for line in plan.lay_out(rows, TITLES, wrong, noted=True):
        term = _planned(line.row, units, people, recorded, line.refuse)
        if term is not None:
            found.append((term, line))
    followed = _find_followed([term for term, _ in found])
    ended = {term.term.id: term.until for term, _ in found if term.term is not None}
    ended = {key: day for key, day in ended.items() if key not in followed}
    for term, line in found:
        if term.term is not None and term.term.id in followed:
            line.note |= {"text": f"已登记在任 → 任期到{_day(term.until)}为止", "state": "new"}
        else:
            _decide(plan, term, recorded, ended, line)
    return plan


def _find_followed(terms):
    """The ids of terms on record that one row ends on the day before another row's begins: they
    are one change, of which the new term is the whole."""
    begins = {(term.unit.id, term.since) for term in terms if term.term is None and not term.acting}
    return {
        term.term.id
        for term in terms
        if term.term is not None
        and not term.acting
        and (term.unit.id, term.until + ONE_DAY) in begins
    }


def _decide(plan, term, recorded, ended, line):
    """Put a row's term into the plan with the words for it, or refuse it."""
    known = recorded.get(term.unit.id, [])
    if any(_same(term, other) for other in known):
        line.note["text"] = "已登记，不变"
        return
    if not term.acting:
        former = _find_former(term, known, ended)
        holder = _overlapping(term, known, ended, former, plan.added)
        if holder:
            line.refuse("since", f"与{term.unit.name}已有的{holder}的任期重叠，请调整日期。")
            return
        term = replace(term, former=former)
    text = "沿用已登记人员" if term.person else "新人员"
    if term.term is not None:
        text = f"已登记在任 → 任期到{_day(term.until)}为止"
    elif term.former is not None:
        eve = _day(term.since - ONE_DAY)
        text += f"；接替{term.former.person.name}：在任 → 任期到{eve}为止"
    line.note |= {"text": text, "state": "new"}
    plan.added.append(term)


def _find_former(term, known, ended):
    """The full term on record without an end that began before this one, and no row ends."""
    for other in known:
        if other.acting or other.until or other.id in ended or other == term.term:
            continue
        if other.since < term.since:
            return other
    return None


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
    acting = acting in YES
    term = _find_ended(recorded.get(match.unit.id, []), name, since, until, acting)
    return PlannedTerm(match.unit, person, name, row["post"] or "", since, until, acting, term=term)


def _find_ended(known, name, since, until, acting):
    """The term on record that the row repeats with the end that it did not have."""
    if until is None:
        return None
    for other in known:
        same = (other.person.name, other.since, other.acting) == (name, since, acting)
        if same and other.until is None:
            return other
    return None


def _same(term, known):
    return (known.person.name, known.since, known.until, known.acting) == (
        term.name,
        term.since,
        term.until,
        term.acting,
    )


def _overlapping(term, known, ended, former, planned):
    """The name of whoever holds the unit's office in the same time, recorded or planned."""
    others = [
        (other.person.name, other.since, ended.get(other.id, other.until))
        for other in known
        if not other.acting and other not in (former, term.term)
    ]
    for other in planned:
        if other.unit.id == term.unit.id and not other.acting and other.term is None:
            others.append((other.name, other.since, other.until))
            if former is not None and other.former == former:
                # He can be followed by one of them only.
                return other.name
    last = term.until or datetime.date.max
    return next(
        (name for name, since, until in others if since <= last and (until or last) >= term.since),
        "",
    )


def _day(day):
    return f"{day.year}年{day.month}月{day.day}日"
