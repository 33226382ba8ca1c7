"""This app's part of the year: the steps of setting up, and what is still to be done in them."""

import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from competitions.models import Competition, Entry, Judge, PartySecretary, SchemeVersion
from competitions.queries import (
    current_scheme_version,
    load_entries,
    load_plans,
    pending_scheme_version,
)
from competitions.queries.readiness import FEWEST_ENTRANTS, find_track_obstacles
from competitions.queries.terms import find_term_changes
from competitions.roadmap import Known
from competitions.scheme.earlier import find_asking
from competitions.todo import Step, Todo, reminder
from record.prepared import Prepared

SEATED = Prepared(
    lambda competition: (
        Judge.objects.filter(competition=competition)
        .order_by()
        .values_list("id", "seats__round_key")
    )
)
ORGANISERS = "擂台办"
# Above this many units that owe the same, the to-do list says it in one line.
MOST_LINES = 3


def find_setup_steps(competition, scheme, known=None):
    """This function will return the steps rules, entrants, judges and schedule with their states.

    Four queries.
    """
    known = known or Known()
    version = known.once(current_scheme_version, competition)
    published = version if version and version.state == SchemeVersion.State.PUBLISHED else None
    entrants = len(_units(competition, known))
    judges, seated = _judges_and_seated_rounds(competition)
    planned = _planned_rounds(competition, known)
    marked, rounds = _rounds_of(scheme)
    # Deadlines are not taken over into a rehearsal: nothing is owed in it.
    without = competition.is_rehearsal and not planned
    facts = [
        (10, "rules", "规则", published is not None, _published_note(published), "work_rules"),
        (
            20,
            "entrants",
            "参评单位",
            entrants >= FEWEST_ENTRANTS,
            f"{entrants} 个" if entrants else "",
            "work_entrants",
        ),
        (
            30,
            "judges",
            "评委",
            judges > 0 and all(item.key in seated for item in marked),
            f"{judges} 名" if judges else "",
            "work_judges",
        ),
        (
            40,
            "schedule",
            "时间表",
            bool(rounds) and (without or all(planned.get(item.key) for item in rounds)),
            "演练不设截止时间" if without else _next_due_note(rounds, planned),
            "work_schedule",
        ),
    ]
    steps, current = [], True
    for position, key, title, done, note, name in facts:
        # Rules stay open until the rest is in place; of what is open the first is the current one.
        state = "done" if done else "current" if current and key != "rules" else "todo"
        current = current and state != "current"
        url = reverse(name, args=[competition.slug])
        steps.append((position, Step(key, title, url, state, note)))
    if current and published is None:
        position, rules_step = steps[0]
        steps[0] = (position, Step(rules_step.key, "规则", rules_step.url, "current", "待公布"))
    return steps


def _units(competition, known):
    """The units' entries in official order."""
    entries = known.once(load_entries, competition)
    return [entry for entry in entries if entry.subject == Entry.Subject.UNIT]


def _judges_and_seated_rounds(competition):
    """How many judges there are, and the keys of the rounds in which any of them sits."""
    pairs = SEATED.all(competition=competition.pk)
    return len({judge for judge, _ in pairs}), {key for _, key in pairs if key}


def _planned_rounds(competition, known):
    """Due time of each round that has one, by the round's key."""
    plans = known.once(load_plans, competition)
    return {key: plan.due_at for key, plan in plans.items() if plan.due_at is not None}


def _rounds_of(scheme):
    """The rounds that a panel marks, and those that need a due time (all but carried ones)."""
    rounds = [item for track in (scheme.tracks if scheme else ()) for item in track.rounds]
    return (
        [item for item in rounds if item.panel],
        [item for item in rounds if item.kind != "carried"],
    )


def _published_note(version):
    if version is None:
        return ""
    day = timezone.localtime(version.published_at)
    return f"{day.month} 月 {day.day} 日公布，已冻结"


def _next_due_note(rounds, planned):
    missing = sum(1 for item in rounds if item.key not in planned)
    return f"{missing} 个环节未定时间" if rounds and missing else ""


def find_setup_todos(competition, scheme, now, known=None):
    """This function will return what is missing before the year can run. Seven queries."""
    if competition.stage == Competition.Stage.CLOSED:
        return []
    known = known or Known()
    todos = []
    units = _units(competition, known)

    def add(name, title, who, what):
        todos.append(
            Todo(
                "missing",
                title,
                who,
                reverse(name, args=[competition.slug]),
                reminder=reminder(competition, who, what),
            )
        )

    todos += find_rules_todos(competition)
    todos += find_earlier_todos(competition, scheme)
    if len(units) < FEWEST_ENTRANTS:
        title = f"参评单位只有 {len(units)} 个" if units else "还没有参评单位"
        add("work_entrants", title, ORGANISERS, "核对并登记全部参评单位")
    for title, name in _track_gaps(competition, scheme, units):
        add(name, title, ORGANISERS, "核对各榜由谁参加")
    names = [entry.name for entry in _without_secretary(competition, units)]
    what = f"报送{competition.year}年{competition.office}姓名、任职日期和是否主持工作"
    if len(names) > MOST_LINES:
        title = f"{len(names)} 个参评单位没有登记{competition.office}"
        add("work_secretaries", title, "、".join(names), what)
    else:
        for name in names:
            add("work_secretaries", f"{name}没有登记{competition.office}", name, what)
    todos += find_term_todos(competition)
    _add_judge_todos(competition, scheme, add)
    planned = _planned_rounds(competition, known)
    _, rounds = _rounds_of(scheme)
    missing = [item.title for item in rounds if item.key not in planned]
    if missing and not competition.is_rehearsal:
        names = "、".join(f"“{title}”" for title in missing)
        title = f"{len(missing)} 个环节没有截止时间"
        add("work_schedule", title, ORGANISERS, f"确定{names}的截止时间")
    return todos


def find_rules_todos(competition):
    """This function will say what the rules wait for: a second person's approval, or their
    publication."""
    version = pending_scheme_version(competition)
    slug = [competition.slug]
    changed = competition.stage != Competition.Stage.DRAFT
    if version is None and changed:
        return []
    if version is None:
        words = reminder(competition, ORGANISERS, "尽快写好评分规则并定稿，公布后才能打分")
        url = reverse("work_rules", args=slug)
        return [Todo("missing", "规则还没有定稿", ORGANISERS, url, reminder=words)]
    name = f"规则第 {version.number} 版" + ("（修改）" if changed else "")
    if version.approved_by_id is None:
        who = f"定稿人{version.written_by.name}和草稿作者以外的工作人员"
        what = f"审定{name}，审定后才能公布"
        url = reverse("work_scheme_change" if changed else "work_rules_approve", args=slug)
        title = f"{name}已由{version.written_by.name}定稿，等待另一人审定"
        return [Todo("second_person", title, who, url, reminder=reminder(competition, who, what))]
    url = reverse("work_scheme_change" if changed else "work_rules_publish", args=slug)
    what = f"公布{name}" + ("" if changed else "，公布后才能打分")
    words = reminder(competition, ORGANISERS, what)
    return [Todo("decide", f"{name}已审定，还没有公布", ORGANISERS, url, reminder=words)]


def find_earlier_todos(competition, scheme):
    """This function will ask which year is the previous one, where the rules count from it and
    nobody has said it. No query."""
    if competition.previous_id or competition.is_first or not (scheme and find_asking(scheme)):
        return []
    what = "写明上一届是哪一届；没有上一届的，写明本届是第一届"
    return [
        Todo(
            "missing",
            "还没有写明上一届，规则要同上一届比较，写明以前统分不完整",
            ORGANISERS,
            reverse("work_previous", args=[competition.slug]),
            reminder=reminder(competition, ORGANISERS, what),
        )
    ]


def find_term_todos(competition):
    """This function will return a to-do for each change of a term that waits for confirmation."""
    return [
        Todo(
            "second_person",
            f"任期变更：{change.unit.name}{change.person.name}等待另一人确认，确认以前照原任期统分",
            "提出人以外的工作人员",
            reverse("work_term_change", args=[change.competition.slug, change.id]),
        )
        for change in find_term_changes(competition)
    ]


def _track_gaps(competition, scheme, units):
    """(what is missing, the page to mend it) for each track in which too few compete. One query
    where the rules have tracks of people, else none."""
    tracks = scheme.tracks if scheme else ()
    people = []
    if any(track.subject == "person" for track in tracks):
        rows = Entry.objects.filter(competition=competition, subject=Entry.Subject.PERSON)
        people = list(rows.active())
    for track in tracks:
        own = people if track.subject == "person" else units
        page = "work_tracks" if own else "work_people"
        for title in find_track_obstacles([track], own):
            yield title, page


def _without_secretary(competition, units):
    """The units without a party secretary in the competition's year."""
    first, last = (datetime.date(competition.year, *day) for day in ((1, 1), (12, 31)))
    terms = PartySecretary.objects.filter(unit__in=[entry.unit_id for entry in units])
    held = set(terms.held_during(first, last).values_list("unit_id", flat=True))
    return [entry for entry in units if entry.unit_id not in held]


def _add_judge_todos(competition, scheme, add):
    marked, _ = _rounds_of(scheme)
    keys = [item.key for item in marked]
    judges = (
        Judge.objects.filter(competition=competition)
        .select_related("person")
        .annotate(seats_held=Count("seats", filter=Q(seats__round_key__in=keys)))
        .in_seniority_order()
    )
    judges = list(judges)
    if marked and not judges:
        add("work_judges", "还没有评委", ORGANISERS, "确定评委名单、评委组和各环节的评委席")
    for judge in judges:
        if not judge.seats_held:
            title = f"{judge.number} 号评委{judge.person.name}没有评委席"
            add("work_judges", title, ORGANISERS, f"安排{judge.number}号评委参加的环节")
