"""A list of entrants from a sheet: what it says and would change. Nothing is saved here."""

from dataclasses import replace

from django.core.exceptions import ValidationError

from competitions.divisions.entrants import UnitMatch, match_unit, names_of, proposed_entrants
from competitions.divisions.names import kind_of, short_name
from competitions.entrants import Entrant, clean_factor
from competitions.models import Entry, Unit
from competitions.queries import current_scheme_version, scheme_of, sheet_rows
from competitions.sheets import Column, find_header
from competitions.text import split_names
from competitions.tracks import paid_by_head, read_tracks, tracks_for, write_tracks

MOST_ENTRANTS = 2_500
COLUMNS = (
    Column(
        "name",
        "单位名称",
        ("单位", "乡镇", "村", "村名", "参评单位", "名称"),
        kind="unit",
        required=True,
        unique=True,
    ),
    Column("aliases", "别名", ("简称",)),
    Column("kind", "类别", ("单位类别", "性质")),
    Column("peer_group", "类别组", ("组别", "分组")),
    Column("factor", "难度系数", ("系数",), kind="number"),
    Column("of", "所属单位", ("所属乡镇", "所属镇", "所在乡镇"), kind="unit"),
    Column("tracks", "参加榜单", ("赛道", "榜单", "擂台", "榜单类别")),
    Column("people", "发放人数", ("人数", "按人发放的人数"), kind="number"),
    Column("order", "建制顺序", ("序号", "顺序"), kind="number"),
)
# A sheet of villages whose towns stand beside them: there the town is what a village belongs to.
VILLAGES = (
    replace(
        COLUMNS[0],
        synonyms=("单位", "村", "村名", "村名称", "行政村", "嘎查村", "村居", "参评单位", "名称"),
    ),
    *(
        replace(column, synonyms=(*column.synonyms, "乡镇", "乡镇名称", "镇", "乡镇街道", "苏木镇"))
        if column.key == "of"
        else column
        for column in COLUMNS[1:]
    ),
)
TITLES = {column.key: column.title for column in COLUMNS}
MOST_PEOPLE = 1_000
MOST_NAMED = 8
TOWNS = {Unit.Kind.TOWN, Unit.Kind.TOWNSHIP, Unit.Kind.SUBDISTRICT, Unit.Kind.FARM}
KINDS = {label: kind for kind, label in Unit.Kind.choices}


def read_rows(table):
    """This function will read a table's rows as sheet_rows.read_rows does.

    Where towns and villages stand side by side, a row is a village and `beside` true: its town
    counts if it is an entrant itself.
    """
    header = _find_villages(table)
    columns = COLUMNS if header is None else VILLAGES
    rows, problems, notes = sheet_rows.read_rows(
        table, columns, most=MOST_ENTRANTS, counted="个单位"
    )
    if header is None:
        return rows, problems, notes
    words = {key: header.places[key].words for key in ("name", "of")}
    said = f"「{words['name']}」一列按参评单位读取，「{words['of']}」一列按它的所属单位读取。"
    notes = [said, *notes]
    if alone := [str(row["row"]) for row in rows if not row["of"]]:
        notes.append(
            f"有 {len(alone)} 行没有写「{words['of']}」（第 {_first(alone)} 行），"
            "所属单位不会改动。原表里是合并单元格的，请每行都写上，或者上传原文件。"
        )
    return [{**row, "beside": True} for row in rows], problems, notes


def _first(names):
    """The first of names that may be many, in words."""
    return "、".join(names[:MOST_NAMED]) + ("等" if len(names) > MOST_NAMED else "")


def _find_villages(table):
    """The header of a sheet in which villages and their towns have a column each, or None."""
    usual, beside = find_header(table, COLUMNS), find_header(table, VILLAGES)
    if beside is None or not {"name", "of"} <= set(beside.places):
        return None
    return None if usual is not None and "of" in usual.places else beside


def plan_import(competition, rows, wrong=()):
    """This function will compare the rows with the list of entrants and return a SheetPlan:
    to add are (Entrant, wanted order or None), to change (Entry, {field: value}).

    Three queries. Blank cells change nothing. `wrong` are the addresses of cells that reading has
    refused already: they are shown with what stands in them, marked.
    """
    entries = list(
        Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT)
        .with_subjects()
        .in_official_order()
    )
    proposed = proposed_entrants(competition.host_code)
    version = current_scheme_version(competition)
    scheme = scheme_of(version) if version else None
    by_name = {entry.unit.name: UnitMatch(entry) for entry in entries}
    listed = {name for entry in entries for name in names_of(entry.unit)}
    listed |= {
        name for row in rows if row["name"] for name in (row["name"], short_name(row["name"]))
    }
    above = {
        name
        for entry in entries
        if entry.unit.kind != Unit.Kind.VILLAGE
        for name in names_of(entry.unit)
    }
    plan = sheet_rows.SheetPlan()
    seen, elsewhere = {}, {}
    for line in plan.lay_out(rows, TITLES, wrong):
        row, cells, refuse = line.row, line.cells, line.refuse
        if row.get("beside") and row["of"] and (row["of"] not in above or row["of"] == row["name"]):
            # A town that is not an entrant itself only says where the village is.
            if row["of"] != row["name"]:
                elsewhere[row["of"]] = True
            cells["of"]["state"] = ""
            row = {**row, "of": None}
        if not row["name"]:
            continue
        match = by_name.get(row["name"]) or match_unit(row["name"], entries, _names_of_entry)
        candidates = match.candidates
        if row.get("beside") and match.unit and _is_town_called(match.unit, row["name"]):
            candidates, match = (match.unit,), UnitMatch(None)
        elif kind_of(row["name"]) == Unit.Kind.VILLAGE:
            # 狼山村 is no short way to say 狼山镇.
            candidates = [entry for entry in candidates if entry.unit.kind not in TOWNS]
        if match.unit is None and candidates and not _is_full_name(row["name"], proposed):
            names = "、".join(entry.unit.name for entry in candidates[:4])
            refuse("name", f"「{row['name']}」可能是{names}，请写全称。")
            continue
        values = _values(row, scheme, listed, refuse)
        if values is None:
            continue
        target = match.unit.pk if match.unit else row["name"]
        if target in seen:
            # The same word twice has been refused with the sheet.
            if cells["name"].get("state") != "bad":
                before = seen[target]
                refuse("name", f"「{row['name']}」与第 {before} 行是同一个单位，请只保留一行。")
            continue
        seen[target] = row["row"]
        if match.unit is None:
            plan.added.append((_new_entrant(row["name"], values, proposed), values.get("order")))
            line.mark_new()
            continue
        changes = _changes(match.unit, values, scheme)
        for key, old in changes.items():
            cells[key] |= {"state": "changed", "old": old}
        if changes:
            plan.changed.append((match.unit, {key: values[key] for key in changes}))
    if elsewhere:
        which = _first(list(elsewhere))
        plan.notes.append(
            f"「{TITLES['of']}」里有 {len(elsewhere)} 个不在参评名单里（{which}），"
            "不作为所属单位记下。它们也参评的，请先加入名单，再导入这张表。"
        )
    return plan


def _names_of_entry(entry):
    return [entry.unit.name, *entry.unit.aliases]


def _is_town_called(entry, name):
    """Whether a name means a town without being its own."""
    return entry.unit.kind in TOWNS and entry.unit.name != name


def _is_full_name(name, proposed):
    return any(unit.name == name for unit in proposed)


def _values(row, scheme, listed, refuse):
    """The row's cells as values; None when one of them is wrong, after saying so."""
    values, wrong = {}, False
    if row["aliases"]:
        values["aliases"] = split_names(row["aliases"])
    if row["kind"]:
        kind = KINDS.get(row["kind"], row["kind"] if row["kind"] in KINDS.values() else None)
        if kind is None:
            refuse("kind", f"类别「{row['kind']}」应为下列之一：{'、'.join(KINDS)}。")
            wrong = True
        values["kind"] = kind
    if row["peer_group"]:
        values["peer_group"] = row["peer_group"]
        if len(row["peer_group"]) > 40:
            refuse("peer_group", "类别组的名称超过 40 个字，请写短一些。")
            wrong = True
    if row["factor"]:
        try:
            values["factor"] = clean_factor(row["factor"])
        except ValidationError as error:
            refuse("factor", error.messages[0])
            wrong = True
    if row["of"]:
        values["of"] = row["of"]
        if row["of"] not in listed or row["of"] == row["name"]:
            refuse(
                "of",
                f"所属单位「{row['of']}」不在参评名单和这张表里，请核对：它也参评的，先把它加入名单；"
                "不参评的，这一格留空。",
            )
            wrong = True
    if row["tracks"]:
        try:
            values["tracks"] = read_tracks(row["tracks"], scheme, "unit")
        except ValidationError as error:
            refuse("tracks", error.messages[0])
            wrong = True
    if row["people"]:
        if row["people"].isascii() and row["people"].isdigit() and _fits(row["people"]):
            values["people"] = int(row["people"])
        else:
            refuse("people", f"发放人数「{row['people']}」应为 1 到 {MOST_PEOPLE} 的整数。")
            wrong = True
    if row["order"]:
        if row["order"].isascii() and row["order"].isdigit() and 0 < int(row["order"]) < 10_000:
            values["order"] = int(row["order"])
        else:
            refuse("order", f"建制顺序「{row['order']}」应为 1 到 9999 的整数。")
            wrong = True
    if len(row["name"]) > 60:
        refuse("name", "单位名称超过 60 个字，请核对。")
        wrong = True
    return None if wrong else values


def _fits(text):
    return 0 < int(text) <= MOST_PEOPLE


def _new_entrant(name, values, proposed):
    """An Entrant with what the catalogue of divisions knows of the name."""
    known = match_unit(name, proposed).unit
    aliases = values.get("aliases", [])
    if known is not None:
        aliases = list(dict.fromkeys([*aliases, *known.aliases]))
        name = known.name
    return Entrant(
        name=name,
        kind=values.get("kind") or (known.kind if known else kind_of(name)),
        aliases=tuple(alias for alias in aliases if alias != name),
        division_code=known.division_code if known else "",
        peer_group=values.get("peer_group", ""),
        factor=values.get("factor", "1"),
        of=values.get("of", ""),
        tracks=tuple(values.get("tracks", ())),
        people=values.get("people"),
    )


def _changes(entry, values, scheme):
    """{column: the old value as shown} of what differs from the entry as it stands."""
    unit = entry.unit
    changes = {}
    new_aliases = [name for name in values.get("aliases", []) if name not in unit.aliases]
    if [name for name in new_aliases if name != unit.name]:
        changes["aliases"] = "、".join(unit.aliases) or "（空）"
    if "kind" in values and values["kind"] != unit.kind:
        changes["kind"] = unit.get_kind_display()
    if "peer_group" in values and values["peer_group"] != entry.peer_group:
        changes["peer_group"] = entry.peer_group or "（空）"
    if "factor" in values and values["factor"] != entry.factor:
        changes["factor"] = entry.factor
    if "of" in values and (entry.of is None or values["of"] not in _names_of_entry(entry.of)):
        changes["of"] = entry.of.unit.name if entry.of else "（空）"
    if "tracks" in values and values["tracks"] != entry.tracks:
        changes["tracks"] = write_tracks(entry.tracks, scheme, "unit")
    if "people" in values and values["people"] != entry.people:
        changes["people"] = "（空）" if entry.people is None else str(entry.people)
    if "order" in values and values["order"] != entry.official_order:
        changes["order"] = str(entry.official_order)
    return changes


def columns_for(scheme):
    """This function will return the columns of a template: tracks only where there are several,
    people only where something is paid a head."""
    unused = set()
    if len(tracks_for(scheme, "unit")) < 2:
        unused.add("tracks")
    if not paid_by_head(scheme):
        unused.add("people")
    return [column for column in COLUMNS if column.key not in unused]
