"""What a bundle would bring in, and everything that stands in the way, before anything is done."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models import JSONField

from competitions.divisions import catalogue
from competitions.models import Competition, PartySecretary, Person, Unit
from publication.bundle.problems import BundleError, shown
from publication.bundle.read import PAGES_FILE, TABLES_FILE
from publication.bundle.verify import FAILS, verify_bundle
from publication.carried import (
    FORMAT,
    OWN,
    SHARED,
    carried_fields,
    check_keys,
    read_value,
    table_titles,
)
from publication.json_shapes import check_column

NOT_WHOLE = (
    "这份卷宗里没有 tables.jsonl：只有从系统里整卷导出的内部卷宗可以导入，"
    "公开卷宗和手工写的卷宗只能核验和统分。"
)
PROBLEMS_SHOWN = 20
STATIC = re.compile(f'(?:href|src)="{re.escape(settings.STATIC_URL)}([A-Za-z0-9_./-]+)"')


@dataclass
class ImportPlan:
    """What would be imported. `problems` are sentences; with any of them nothing is imported.

    competition: the Competition, not saved, None when not even that can be read; spans: who stands
    behind the ids in the record; counts: {table: number of rows}; pages: the number of published
    pages; missing: the static files that these name and that are not here; people, units, terms:
    those of the bundle as written there; same: {uuid in the bundle: the Person here who is the
    same}; known_units: {name: the Unit here}; present: the same competition when it is here
    already; checks: of the verification.
    """

    competition: Competition | None = None
    spans: list = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    pages: int = 0
    missing: list = field(default_factory=list)
    people: list = field(default_factory=list)
    units: list = field(default_factory=list)
    terms: list = field(default_factory=list)
    same: dict = field(default_factory=dict)
    known_units: dict = field(default_factory=dict)
    present: Competition | None = None
    checks: list = field(default_factory=list)
    problems: list = field(default_factory=list)


def plan_import(bundle, *, host_code=""):
    """This function will say what importing an opened bundle would do, and what is wrong with it.
    Nothing is changed. With `host_code` the bundle must be of that county or of one below it."""
    plan = ImportPlan()
    if TABLES_FILE not in bundle.files:
        plan.problems.append(NOT_WHOLE)
        return plan
    try:
        _verify(bundle, plan)
        _read_head(bundle, plan)
        _read_tables(bundle, plan)
        _read_pages(bundle, plan)
        _link_terms(plan)
    except BundleError as error:
        plan.problems += error.problems
        return plan
    meet_again(plan, host_code=host_code)
    return plan


def meet_again(plan, *, host_code=""):
    """This function will look anew who and what of a planned bundle is here already, and add to
    `plan.problems` what stands in the way here. Others may have changed it since the plan was
    made. Who brings another county's learns nothing of what is here."""
    code, name = plan.competition.host_code, plan.competition.host_name
    if not code.startswith(host_code):
        plan.same, plan.known_units, plan.present = {}, {}, None
        plan.problems = [f"这份卷宗是{shown(name)}的，不属于您办理的县（区），不能导入。"]
        return
    _meet(plan)
    _check_place(plan)
    _check_units(plan)
    _check_terms(plan)


def _verify(bundle, plan):
    report = verify_bundle(bundle)
    plan.checks = report.checks
    if report.ok:
        return
    found = [
        f"{check.title}：{sentence}"
        for check in report.checks
        if check.state == FAILS
        for sentence in check.problems
    ]
    left = len(found) - PROBLEMS_SHOWN
    plan.problems += ["卷宗没有通过核验，不能导入。", *found[:PROBLEMS_SHOWN]]
    plan.problems += [f"另有 {left} 处没有列出。"] if left > 0 else []


def _read_head(bundle, plan):
    """The first line of the tables: the competition itself."""
    place, head = next(bundle.lines_of(TABLES_FILE), (TABLES_FILE, None))
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BundleError(f"「{TABLES_FILE}」的格式不是 {FORMAT}，请用相应版本的系统导入。")
    check_keys(head, {"format", "competition", "record"}, place)
    row = head["competition"]
    if not isinstance(row, dict):
        raise BundleError(f"{place}：competition 应为一个表（花括号）。")
    check_keys(row, {*OWN, "previous"}, place)
    fields = {item.name: item for item in Competition._meta.concrete_fields}
    values = {
        name: None
        if row[name] is None and fields[name].null
        else read_value(fields[name], row[name], place)
        for name in OWN
    }
    chain = _uuid(bundle.about.get("chain"), "卷宗封面的 chain ")
    plan.competition = Competition(uuid=chain, **values)
    about = {name: bundle.about.get(name) for name in ("title", "host_code", "year", "demo")}
    if about != {name: getattr(plan.competition, name) for name in about}:
        raise BundleError("卷宗封面和表里写的不是同一项比武，卷宗不能导入。")
    plan.competition.previous = _find_previous(row["previous"], plan)
    plan.spans = _read_spans(head["record"], place)


def _find_previous(previous, plan):
    if previous is None:
        return None
    if not isinstance(previous, dict) or not all(
        isinstance(previous.get(name), str) for name in ("chain", "title")
    ):
        raise BundleError("卷宗里上一届的写法不对。")
    found = Competition.objects.filter(uuid=_uuid(previous["chain"], "上一届")).first()
    if found is None:
        plan.problems.append(
            f"这项比武用到上一届「{shown(previous['title'])}」的结果，本系统里还没有那一届，"
            "请先导入那一届的卷宗。"
        )
    return found


def _read_spans(spans, place):
    last = 0
    for span in spans if isinstance(spans, list) else [None]:
        sound = (
            isinstance(span, dict)
            and span.keys() == {"until", "people", "units"}
            and type(span["until"]) is int
            and span["until"] > last
            and all(
                isinstance(table, dict) and all(isinstance(item, str) for item in table.values())
                for table in (span["people"], span["units"])
            )
        )
        if not sound:
            raise BundleError(f"{place}：record 的写法不对。")
        for key in span["people"].values():
            _uuid(key, place)
        last = span["until"]
    return spans


def _read_tables(bundle, plan):
    """Count the rows and keep those that say who and where; the rest is read when it comes in."""
    kept = {"people": plan.people, "units": plan.units, "terms": plan.terms}
    before, order = 0, list(table_titles())
    for number, (place, line) in enumerate(bundle.lines_of(TABLES_FILE)):
        if number == 0:
            continue
        if not isinstance(line, dict) or line.keys() != {"table", "row"}:
            raise BundleError(f"{place}：应写明 table 和 row。")
        name, row = line["table"], line["row"]
        if name not in order:
            raise BundleError(
                f"{place}：不认识的表「{shown(name)}」，卷宗出自更新的版本，请先升级本系统。"
            )
        if order.index(name) < before:
            raise BundleError(f"{place}：「{name}」的次序不对。")
        before = order.index(name)
        plan.counts[name] += 1
        if name in kept:
            kept[name].append(_read_shared(SHARED[name], row, place))


def _read_pages(bundle, plan):
    """Count the pages, and look whether the files that they name are here: an older version of the
    product may have made them."""
    named = set()
    for _, line in bundle.lines_of(PAGES_FILE):
        plan.pages += 1
        text = line.get("text") if isinstance(line, dict) else None
        named.update(STATIC.findall(text) if isinstance(text, str) else ())
    plan.missing = sorted(
        name
        for name in named
        if finders.find(name) is None and not staticfiles_storage.exists(name)
    )


def _read_shared(model, row, place):
    """A person, unit or term as values; references stay as they are written, and are checked."""
    fields = carried_fields(model)
    if not isinstance(row, dict):
        raise BundleError(f"{place}：应为一个表（花括号）。")
    check_keys(row, {item.name for item in fields}, place)
    values = {}
    for item in fields:
        value = row[item.name]
        if isinstance(item, JSONField):
            check_column(item, value, place)
            values[item.name] = value
        elif item.is_relation or (value is None and item.null):
            values[item.name] = value
        else:
            values[item.name] = read_value(item, value, place)
    return values


def _link_terms(plan):
    """Put the person and the unit of each term in place of their names in the bundle."""
    people = {person["uuid"].hex: person for person in plan.people}
    if len(people) != len(plan.people):
        raise BundleError("卷宗里有两个人的编号相同，卷宗不能导入。")
    for term in plan.terms:
        number = term["unit"]
        if term["person"] not in people or type(number) is not int:
            raise BundleError("卷宗里有一段任职经历没有写明是谁，或在哪个单位。")
        if not 1 <= number <= len(plan.units):
            raise BundleError("卷宗里有一段任职经历的单位不在卷宗里。")
        term["person"], term["unit"] = people[term["person"]], plan.units[number - 1]


def _meet(plan):
    """Who and what of the bundle is here already."""
    uuids = [person["uuid"] for person in plan.people]
    plan.same = {person.uuid: person for person in Person.objects.filter(uuid__in=uuids)}
    host = plan.competition.host_code
    plan.known_units = {unit.name: unit for unit in Unit.objects.of_host(host)}
    for term in plan.terms:
        unit = plan.known_units.get(term["unit"]["name"])
        if unit is None or term["person"]["uuid"] in plan.same:
            continue
        # Who held the same office from the same day under the same name is the same person.
        held = PartySecretary.objects.filter(
            unit=unit, since=term["since"], person__name=term["person"]["name"]
        )
        found = held.select_related("person").first()
        if found is not None and found.person not in plan.same.values():
            plan.same[term["person"]["uuid"]] = found.person


def _check_place(plan):
    """Whether the competition finds its county, its name and its address free."""
    competition, problems = plan.competition, plan.problems
    plan.present = Competition.objects.filter(uuid=competition.uuid).first()
    if plan.present is not None:
        problems.append(f"「{plan.present.title}」已经在本系统里，没有再导入。")
        return
    code, name = competition.host_code, competition.host_name
    if catalogue.get(code) is None:
        problems.append(
            f"主办县（区）「{shown(name)}」的区划代码「{shown(code)}」不在行政区划目录里。"
        )
    taken = Competition.objects.filter(slug=competition.slug).first()
    if taken is not None:
        problems.append(
            f"网址名「{competition.slug}」已由「{taken.title}」使用；公布过的页面里写着这个网址名，"
            "不能改用别的，所以这份卷宗不能导入本系统。"
        )
    own = Competition.objects.filter(host_code=code, year=competition.year, title=competition.title)
    if own.exists():
        problems.append(
            f"{shown(name)}{competition.year}年已有同名的「{competition.title}」，"
            "但不是卷宗里的那一项，不能导入。"
        )


def _check_units(plan):
    for unit in plan.units:
        title, code = shown(unit["name"]), unit["division_code"]
        here = plan.known_units.get(unit["name"])
        if unit["host_code"] != plan.competition.host_code:
            plan.problems.append(f"单位「{title}」不属于主办县（区），卷宗不能导入。")
        elif code and catalogue.get(code) is None:
            plan.problems.append(f"单位「{title}」的区划代码「{shown(code)}」不在行政区划目录里。")
        elif here is not None and code and here.division_code and here.division_code != code:
            plan.problems.append(
                f"单位「{title}」在本系统里的区划代码是 {here.division_code}，"
                f"卷宗写的是 {code}，请先核对是不是同一个单位。"
            )


def _check_terms(plan):
    """A term that is here already must say the same, as far as the competition's year goes."""
    year_end = date(plan.competition.year, 12, 31)
    for term in plan.terms:
        person, unit = plan.same.get(term["person"]["uuid"]), term["unit"]["name"]
        here = PartySecretary.objects.filter(
            person=person, unit=plan.known_units.get(unit), since=term["since"]
        ).first()
        if person is None or here is None:
            continue
        # Later days say nothing about the year.
        ends = [min(until or year_end, year_end) for until in (here.until, term["until"])]
        if ends[0] != ends[1] or here.acting != term["acting"]:
            plan.problems.append(
                f"{shown(unit)}{person.name}自 {here.since} 起的任职经历，本系统里写到"
                f"{here.until or '今'}，卷宗里写到{term['until'] or '今'}"
                f"{'，是否主持工作也不一致' if here.acting != term['acting'] else ''}，"
                "请先在本系统里核对更正，再导入。"
            )


def _uuid(text, place):
    try:
        return UUID(text)
    except (ValueError, TypeError, AttributeError):
        raise BundleError(f"{place}：编号「{shown(text)}」的写法不对。") from None
