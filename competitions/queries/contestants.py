"""People who compete for themselves: the list, and a sheet of them. Nothing is saved here."""

from django.core.exceptions import ValidationError
from django.db.models import Q

from competitions.divisions.entrants import match_unit, names_of
from competitions.entrants import Contestant, clean_factor
from competitions.models import Entry, Person, Unit
from competitions.queries import current_scheme_version, scheme_of, sheet_rows
from competitions.queries.people import people_of_host
from competitions.sheets import Column
from competitions.tracks import read_tracks

MOST_PEOPLE = 5_000
COLUMNS = (
    Column("name", "姓名", ("参评人", "个人"), required=True),
    Column("unit", "单位", ("所在单位", "所在村", "村", "单位名称"), kind="unit", required=True),
    Column("post", "职务", ()),
    Column("peer_group", "类别组", ("组别", "分组")),
    Column("factor", "难度系数", ("系数",), kind="number"),
    Column("tracks", "参加榜单", ("赛道", "榜单", "擂台", "榜单类别")),
)
TITLES = {column.key: column.title for column in COLUMNS}
WORDS = {"peer_group": 40, "post": 120, "name": 60, "unit": 60}


def find_contestants(competition):
    """This function will return the entries of people who compete for themselves."""
    rows = Entry.objects.filter(competition=competition, subject=Entry.Subject.PERSON)
    return rows.with_subjects().in_official_order()


def read_rows(table):
    """This function will read a table's rows as sheet_rows.read_rows does."""
    return sheet_rows.read_rows(table, COLUMNS, most=MOST_PEOPLE, counted="人")


def plan_contestants(competition, rows, wrong=()):
    """This function will compare rows with the list of people and return a SheetPlan: to add
    are Contestants, to change (Entry, {field: value}).

    A few queries whatever the number of rows. Blank cells change nothing. Who is known to hold
    office or to have competed in the same unit is the same person; any other namesake is not, and
    a note says so. `wrong` are addresses of cells that reading has refused.
    """
    version = current_scheme_version(competition)
    scheme = scheme_of(version) if version else None
    entries = {(e.person.name, e.unit.name): e for e in find_contestants(competition)}
    units = list(Unit.objects.of_host(competition.host_code).in_official_order())
    by_name = {unit.name: unit for unit in units}
    known = _people_in_units(competition)
    elsewhere = set(people_of_host(competition.host_code).values_list("name", flat=True))
    plan, seen = sheet_rows.SheetPlan(), {}
    for line in plan.lay_out(rows, TITLES, wrong):
        row, cells, refuse = line.row, line.cells, line.refuse
        if not row["name"] or not row["unit"]:
            continue
        unit = by_name.get(row["unit"]) or match_unit(row["unit"], units, names_of).unit
        unit_name = unit.name if unit else row["unit"]
        values = _values(row, scheme, refuse)
        if values is None:
            continue
        who = (" ".join(row["name"].split()), unit_name)
        if who in seen:
            refuse(
                "name",
                f"「{who[0]}（{who[1]}）」与第 {seen[who]} 行相同，请只保留一行；"
                "确有两人同名的，请在姓名后加以区别。",
            )
            continue
        seen[who] = row["row"]
        entry = entries.get(who)
        if entry is not None:
            changes = {k: v for k, v in values.items() if getattr(entry, k) != v}
            for key in changes:
                cells[key] |= {"state": "changed", "old": str(getattr(entry, key) or "（空）")}
            if "tracks" in changes:
                cells["tracks"]["old"] = "原来的榜单"
            if changes:
                plan.changed.append((entry, changes))
            continue
        person = known.get(who) or Person(name=who[0], post=row["post"] or "")
        if person.pk is None and who[0] in elsewhere:
            plan.notes.append(
                f"本县（区）登记过另一位「{who[0]}」，这里按同名的另一个人登记；"
                "是同一个人的，请改用“逐人添加”，从登记过的人员中选择。"
            )
        plan.added.append(Contestant(person=person, unit=unit_name, **values))
        line.mark_new()
    return plan


def _people_in_units(competition):
    """{(name, unit's name): Person} of who holds an office or has competed there."""
    host = competition.host_code
    people = Person.objects.filter(
        Q(terms__unit__host_code=host) | Q(entries__unit__host_code=host)
    ).order_by("id")
    pairs = {}
    for person in people.distinct().prefetch_related("terms__unit", "entries__unit"):
        for held in [*person.terms.all(), *person.entries.all()]:
            if held.unit.host_code == host:
                pairs.setdefault((person.name, held.unit.name), person)
    return pairs


def _values(row, scheme, refuse):
    """{field: value} of the row's cells; None when one of them is wrong, after saying so."""
    values, wrong = {}, False
    for key, most in WORDS.items():
        if row[key] and len(row[key]) > most:
            refuse(key, f"{TITLES[key]}超过 {most} 个字，请核对。")
            wrong = True
    if row["peer_group"]:
        values["peer_group"] = row["peer_group"]
    for key, read in (
        ("factor", clean_factor),
        ("tracks", lambda text: read_tracks(text, scheme, "person")),
    ):
        if row[key]:
            try:
                values[key] = read(row[key])
            except ValidationError as error:
                refuse(key, error.messages[0])
                wrong = True
    return None if wrong else values
