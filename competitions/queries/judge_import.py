"""Judges from a sheet: what it says, and what it would change. Nothing is saved here."""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from competitions.frontdoor import find_marking_over
from competitions.models import Judge
from competitions.queries import current_scheme_version, scheme_of, sheet_rows
from competitions.queries.people import people_of_host
from competitions.queries.state import find_marked, has_evidence
from competitions.sheets import Column
from competitions.text import split_names
from competitions.tracks import name_rounds

COLUMNS = (
    Column("number", "号码", ("评委号", "评委号码", "评委编号"), kind="number"),
    Column("name", "姓名", ("评委姓名", "评委"), required=True),
    Column("post", "职务", ("单位及职务", "职务职称")),
    Column("group", "评委组", ("组别", "分组", "所在组")),
    Column("seats", "席位环节", ("环节", "参加环节", "打分环节", "评委席")),
    Column("seniority", "资历顺序", ("资历", "排序", "顺序"), kind="number"),
)
TITLES = {column.key: column.title for column in COLUMNS}
WORDS = {"name": 60, "post": 120}
MOST_JUDGES = 500
GREATEST = 999
EVERY, NONE = "全部", "无"


@dataclass(frozen=True)
class PlannedJudge:
    """A judge as a row wants him: a Judge on the list or None, a known Person or None, the facts.

    `seats` are round keys. A number or a seniority of None is the next one.
    """

    judge: object
    person: object
    name: str
    post: str
    number: int | None
    group_key: str
    seniority: int | None
    seats: frozenset

    @property
    def held(self):
        """The keys of the rounds on whose panels he sits now."""
        seats = self.judge.seats.all() if self.judge else ()
        return frozenset(seat.round_key for seat in seats)


def read_rows(table):
    """This function will read a table's rows as sheet_rows.read_rows does."""
    return sheet_rows.read_rows(table, COLUMNS, most=MOST_JUDGES, counted="名评委")


class Panels:
    """The groups and rounds of the rules as cells call them; `scheme` may be None."""

    def __init__(self, scheme):
        groups = scheme.judge_groups if scheme else ()
        counts = Counter(group.title for group in groups)
        self.groups = {
            group.key: group.title if counts[group.title] == 1 else group.key for group in groups
        }
        tracks = scheme.tracks if scheme else ()
        self.rounds = {item.key: item for track in tracks for item in track.rounds if item.panel}
        names = name_rounds(scheme) if scheme else {}
        # A title with a comma in it would be read as two.
        self.names = {
            key: names[key] if split_names(names[key]) == [names[key]] else key
            for key in self.rounds
        }

    def rounds_of(self, group_key):
        """The keys of the rounds that a group marks, in the order of the rules."""
        return [
            key
            for key, item in self.rounds.items()
            if group_key in {part.group for part in item.panel.parts}
        ]

    def write(self, keys, group_key):
        """A judge's seats as a cell that `_read_seats` reads."""
        if not keys:
            return NONE
        own = self.rounds_of(group_key)
        return EVERY if set(keys) == set(own) else self.list(keys)

    def list(self, keys):
        """The names of rounds in the order of the rules; of one that the rules lost, its key."""
        lost = sorted(set(keys) - set(self.names))
        return "、".join([*(name for key, name in self.names.items() if key in keys), *lost])


def write_rows(judges, scheme):
    """This function will return Judges (with people and seats) as rows for write_xlsx."""
    panels = Panels(scheme)
    return [
        {
            "number": judge.number,
            "name": judge.person.name,
            "post": judge.person.post,
            "group": panels.groups.get(judge.group_key, judge.group_key),
            "seats": panels.write({seat.round_key for seat in judge.seats.all()}, judge.group_key),
            "seniority": judge.seniority,
        }
        for judge in judges
    ]


class _Known:
    """What rows are compared with: a few queries whatever their number."""

    def __init__(self, competition):
        version = current_scheme_version(competition)
        self.panels = Panels(scheme_of(version) if version else None)
        rows = Judge.objects.filter(competition=competition).select_related("person")
        self.judges = list(rows.in_seniority_order().prefetch_related("seats"))
        self.listed, self.people = {}, {}
        for judge in self.judges:
            self.listed.setdefault(judge.person.name, []).append(judge)
        for person in people_of_host(competition.host_code):
            self.people.setdefault(person.name, []).append(person)
        self.begun = has_evidence(competition)
        self.over = {key for key, _unit in find_marking_over(competition)}
        self.marked = {(judge, key) for judge, key, _entry in find_marked(competition)}


def plan_judges(competition, rows, wrong=()):
    """This function will compare rows with the list of judges and return a SheetPlan of
    PlannedJudges.

    Nobody is taken off the list, and blank cells change nothing; a new judge without seats gets
    all of his group, one without a number or a seniority the next. Who is not on the list is the
    one person of his name whom the county knows, which the preview says. `wrong` are addresses of
    cells that reading has refused.
    """
    known = _Known(competition)
    plan = sheet_rows.SheetPlan()
    found, seen = [], {}
    for line in plan.lay_out(rows, TITLES, wrong, noted=True):
        item = _planned(line.row, known, line.refuse)
        if item is None:
            continue
        who = item.judge.pk if item.judge else item.name
        if who in seen:
            line.refuse("name", f"「{item.name}」与第 {seen[who]} 行相同，请只保留一行。")
            continue
        seen[who] = line.row["row"]
        _refuse_late(item, known, line.refuse)
        found.append((item, line))
    for item, (_, line) in zip(_numbered(found, known), found, strict=True):
        _decide(plan, item, line, known.panels)
    _note_people(plan, [item for item, _ in found])
    return plan


def _planned(row, known, refuse):
    """The row as a PlannedJudge; None when one of its cells is wrong, after saying so."""
    name = " ".join((row["name"] or "").split())
    if not name:
        return None
    said = {"name": name, "post": row["post"] or ""}
    for key, most in WORDS.items():
        if len(said[key]) > most:
            refuse(key, f"{TITLES[key]}超过 {most} 个字，请核对。")
            return None
    counts = {key: _count(row, key, refuse) for key in ("number", "seniority")}
    if any(row[key] and counts[key] is None for key in counts):
        return None
    same = known.listed.get(name, [])
    if len(same) > 1:
        same = [judge for judge in same if judge.number == counts["number"]]
        if not same:
            refuse("name", f"评委名单中有几位“{name}”，请写上这一位现在的评委号。")
            return None
    judge = same[0] if same else None
    people = [] if judge else known.people.get(name, [])
    if len(people) > 1:
        refuse(
            "name", f"已登记的“{name}”有 {len(people)} 人，请用「添加评委」选定这一位，单独添加。"
        )
        return None
    group = _read_group(row["group"], judge, name, known.panels, refuse)
    if group is None:
        return None
    seats = _read_seats(row["seats"], judge, group, known.panels, refuse)
    if seats is None:
        return None
    return PlannedJudge(
        judge=judge,
        person=judge.person if judge else next(iter(people), None),
        **said,
        number=counts["number"] or (judge.number if judge else None),
        group_key=group,
        seniority=counts["seniority"] or (judge.seniority if judge else None),
        seats=seats,
    )


def _count(row, key, refuse):
    if not row[key]:
        return None
    number = Decimal(row[key])
    if number != int(number) or not 1 <= number <= GREATEST:
        refuse(key, f"{TITLES[key]}「{row[key][:30]}」应是 1 到 {GREATEST} 的整数。")
        return None
    return int(number)


def _read_group(text, judge, name, panels, refuse):
    """The key of the group that a cell names; None when it is refused."""
    if not text and judge is not None:
        return judge.group_key
    if not text and len(panels.groups) < 2:
        return next(iter(panels.groups), "")
    for key, title in panels.groups.items():
        if text in (key, title):
            return key
    if judge is not None and text == judge.group_key:
        return text
    titles = "、".join(f"「{title}」" for title in panels.groups.values())
    hint = f"请从{titles}中选择一个。" if titles else "规则里没有评委组，这一栏请留空。"
    refuse("group", f"没有评委组「{text[:30]}」，{hint}" if text else f"请写{name}的评委组：{hint}")
    return None


def _read_seats(text, judge, group, panels, refuse):
    """The keys of the rounds that a cell names; None when it is refused."""
    own = panels.rounds_of(group)
    held = frozenset(seat.round_key for seat in judge.seats.all()) if judge else frozenset(own)
    stays = judge is not None and group == judge.group_key
    if not text:
        return held if stays else held & set(own)
    if text in (EVERY, NONE):
        return frozenset(own if text == EVERY else ())
    # Seats that older rules gave stay where the sheet repeats them.
    offered = [*own, *sorted(held - set(own))] if stays else own
    chosen, strange = set(), []
    for name in split_names(text):
        found = [key for key in offered if name in (key, panels.names.get(key))]
        # Rounds of several tracks may be called the same; one of them may be this group's.
        found = found or [key for key in own if name == panels.rounds[key].title]
        if len(found) != 1:
            strange.append(f"「{name[:30]}」")
        chosen.update(found)
    if strange:
        titles = "、".join(panels.names[key] for key in own[:12]) or "（没有）"
        more = "等" if len(own) > 12 else ""
        refuse(
            "seats",
            f"{'、'.join(strange)}不是「{panels.groups.get(group, group) or '不分组'}」打分的环节，"
            f"可以写{titles}{more}；都参加的写「{EVERY}」，都不参加的写「{NONE}」。",
        )
        return None
    return frozenset(chosen)


def _refuse_late(item, known, refuse):
    """Refuse what marks that came in forbid: another number or group, a seat given or taken."""
    judge = item.judge
    if judge is not None and known.begun:
        for key, new, old in (
            ("number", item.number, judge.number),
            ("group", item.group_key, judge.group_key),
        ):
            if new != old:
                refuse(key, "已经有打分或数据录入，不能再改评委号和评委组。")
    late = known.panels.list((item.seats - item.held) & known.over)
    if late:
        refuse(
            "seats", f"{late}已有单位关闭打分，不能再增加评委{item.name}：关闭了的成绩会变成不齐。"
        )
    lost = {key for key in item.held - item.seats if (judge.key, key) in known.marked}
    if lost:
        refuse(
            "seats",
            f"{judge.number} 号评委{item.name}已在{known.panels.list(lost)}打过分，不能取消评委席；"
            "他的打分不应计入的，请在「裁定」中办理评委不计，由另一人核对。",
        )


def _numbered(found, known):
    """The planned judges with their numbers and seniorities; a number given twice is refused."""
    named = {item.judge.pk for item, _ in found if item.judge}
    rest = [judge for judge in known.judges if judge.pk not in named]
    taken = {judge.number: judge.person.name for judge in rest}
    for item, line in found:
        if item.number in taken:
            line.refuse(
                "number", f"{item.number} 号已经是{taken[item.number]}的评委号，请换一个号。"
            )
        elif item.number:
            taken[item.number] = item.name
    last = max(taken, default=0)
    ranks = [judge.seniority for judge in rest] + [item.seniority or 0 for item, _ in found]
    rank = max(ranks, default=0)
    numbered = []
    for item, _ in found:
        if item.number is None:
            last += 1
            item = replace(item, number=last)
        if item.seniority is None:
            rank += 1
            item = replace(item, seniority=rank)
        numbered.append(item)
    return numbered


def _decide(plan, item, line, panels):
    """Put a planned judge into the plan with the words for it."""
    judge, seats = item.judge, panels.list(item.seats)
    cells, note = line.cells, line.note
    if judge is None:
        line.mark_new()
        known = f"沿用已登记人员{item.person.name}" if item.person else "新人员"
        post = f"（{item.person.post}）" if item.person and item.person.post else ""
        group = panels.groups.get(item.group_key, "")
        place = "，".join(part for part in (f"{item.number} 号", group) if part)
        sits = f"参加{seats}" if seats else "没有评委席"
        note |= {"text": f"{known}{post}；{place}，{sits}", "state": "new"}
        plan.added.append(item)
        return
    old = {
        "number": (item.number, judge.number, str(judge.number)),
        "group": (
            item.group_key,
            judge.group_key,
            panels.groups.get(judge.group_key, judge.group_key) or "不分组",
        ),
        "seats": (item.seats, item.held, panels.list(item.held) or NONE),
        "seniority": (item.seniority, judge.seniority, str(judge.seniority)),
    }
    changes = {key: was for key, (new, before, was) in old.items() if new != before}
    for key, was in changes.items():
        if key in cells and cells[key].get("state") != "bad":
            cells[key] |= {"state": "changed", "old": was}
    note["text"] = "不变"
    if changes:
        told = f"，参加{seats or NONE}" if "seats" in changes else ""
        note |= {"text": f"修改{'、'.join(TITLES[key] for key in changes)}{told}", "state": "new"}
        plan.changed.append(item)


def _note_people(plan, items):
    """Say whom the sheet takes for somebody known, and whose post it does not change."""
    used = "、".join(item.name for item in items if item.judge is None and item.person)
    if used:
        plan.notes.append(
            f"{used}：本县（区）登记过同名的人员，沿用那一位；其实是另一个人的，请从表里去掉，"
            "用「添加评委」单独添加。"
        )
    kept = "、".join(
        f"{item.name}（{item.person.post or '没有填写'}）"
        for item in items
        if item.person and item.post and item.post != item.person.post
    )
    if kept:
        plan.notes.append(f"已登记人员的职务不随表修改，仍是：{kept}。")
