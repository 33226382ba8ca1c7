"""Measured values, the ledger and rulings on the road map, and what is still to be done in them."""

from collections import Counter, namedtuple
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from competitions.models import Competition, RoundPlan
from competitions.queries import load_entries, load_plans
from competitions.roadmap import Known
from competitions.todo import Step, Todo
from competitions.tracks import name_rounds
from record.prepared import Prepared
from scoring.models import Checked, LedgerEvent, Measurement, Ruling
from scoring.queries.inputs import find_asked
from scoring.queries.left_out import find_left_out
from scoring.queries.measurements import Line, measured_rounds
from scoring.queries.panels import is_marked
from scoring.queries.sheet_steps import write_moment

# Rounds stand on the road map at 50 … 69; the ledger and the rulings follow them.
POSITION, MOST_ROUNDS, LEDGER, RULINGS = 50, 20, 70, 75
CHECKER = "录入人以外的工作人员"
# What the state of a line follows from, and where it belongs.
LineState = namedtuple("LineState", "round_key entry_id criterion_key state values verified_values")
LINE_STATES = Prepared(
    lambda competition: (
        Measurement.objects.filter(competition=competition)
        .order_by()
        .values_list(*LineState._fields)
    )
)
RECORD_STATES = {
    model: Prepared(
        lambda competition, model=model: (
            model.objects.filter(competition=competition)
            .order_by()
            .values_list("withdrawn", "state", "withdrawal_by")
        )
    )
    for model in (LedgerEvent, Ruling)
}


@dataclass
class RoundState:
    """How far the values of one round have come."""

    track: object
    round: object
    lines: list
    plan: RoundPlan | None
    title: str

    @cached_property
    def cells(self):
        return sum(len(line.asked.inputs) for line in self.lines)

    @property
    def lacking(self):
        """The lines from which an input is missing, by entry in official order."""
        lines = [line for line in self.lines if line.missing]
        return sorted(lines, key=lambda line: (line.entry.official_order, line.entry.id))

    @cached_property
    def missing(self):
        return sum(len(line.missing) for line in self.lines)

    @property
    def due_at(self):
        return self.plan.due_at if self.plan else None

    def count(self, state):
        """This function will count the lines that hold values in that state."""
        return sum(bool(line.values) and line.row.state == state for line in self.lines)

    def is_late(self, now):
        """This function will say whether something is missing after the round's due time."""
        return bool(self.missing and self.due_at and self.due_at < now)

    def has_begun(self, now):
        """This function will say whether values are asked for by now."""
        starts = self.plan.starts_on if self.plan else None
        return (
            starts is None
            or starts <= timezone.localdate(now)
            or any(line.values for line in self.lines)
        )


def step_key(round_):
    """This function will return the road map's key of a round's values.

    A round that judges mark too has its own step for the marks.
    """
    return f"{round_.key}-data" if is_marked(round_) else round_.key


def state_of(measured):
    """This function will return the RoundState of a MeasuredRound."""
    return RoundState(measured.track, measured.round, measured.lines, measured.plan, measured.title)


def load_round_states(competition, scheme, known=None):
    """This function will return a RoundState for each measured round, with four queries.

    Nothing is asked of entries that take no part in the track's standing. Every work page asks for
    them, so the stored rows come without people.
    """
    rounds = measured_rounds(scheme) if scheme else []
    if not rounds:
        return []
    known = known or Known()
    entries = known.once(load_entries, competition)
    left_out = find_left_out(competition, scheme, entries)
    rows = {
        (row.round_key, row.entry_id, row.criterion_key): row
        for row in map(LineState._make, LINE_STATES.all(competition=competition.pk))
    }
    plans = known.once(load_plans, competition)
    states, titles = [], name_rounds(scheme)
    for track, round_ in rounds:
        lines = [
            Line(entry, asked, rows.get((round_.key, entry.id, asked.key)))
            for asked in find_asked(round_)
            for entry in entries
            if entry.competes_in(track) and (track.key, entry.key) not in left_out
        ]
        plan, title = plans.get(round_.key), titles[round_.key]
        states.append(RoundState(track, round_, lines, plan, title))
    return states


def find_measurement_steps(competition, scheme, known=None):
    """This function will return (position, Step) for each round with measured values or votes."""
    now, known = competition.moment(timezone.now()), known or Known()
    steps = []
    for item in known.once(load_round_states, competition, scheme, known):
        url = reverse("work_measurements", args=[competition.slug, item.round.key])
        title = f"{item.title}（数据）" if is_marked(item.round) else item.title
        state, note = _measured_state(competition, item, now)
        steps.append((_position(scheme, item), Step(step_key(item.round), title, url, state, note)))
    return steps


def find_record_steps(competition, scheme, known=None):
    """This function will return (position, Step) of the ledger and of the rulings."""
    if scheme is None:
        return []
    known = known or Known()
    steps = []
    if has_ledger(scheme):
        url = reverse("work_ledger", args=[competition.slug])
        state, note = _record_state(competition, LedgerEvent, "条", known)
        steps.append((LEDGER, Step("ledger", "加减分台账", url, state, note)))
    url = reverse("work_rulings", args=[competition.slug])
    state, note = _record_state(competition, Ruling, "项", known)
    steps.append((RULINGS, Step("rulings", "裁定", url, state, note)))
    return steps


def has_ledger(scheme):
    """This function will say whether the rules have any bonus or deduction."""
    return any(
        criterion.evidence == "ledger"
        for track in scheme.tracks
        for round_ in track.rounds
        for criterion in round_.criteria
    )


def _position(scheme, item):
    before = scheme.tracks[: scheme.tracks.index(item.track)]
    place = sum(len(track.rounds) for track in before) + item.track.rounds.index(item.round)
    return POSITION + min(MOST_ROUNDS - 1, place)


def _measured_state(competition, item, now):
    if competition.stage == Competition.Stage.DRAFT:
        return "locked", "规则公布后开始"
    if not item.lines:
        return "todo", "还没有参评名单"
    if item.is_late(now):
        return "late", f"还缺 {item.missing} 格"
    if not item.missing and item.count(Checked.State.VERIFIED) == len(item.lines):
        return "done", f"{item.cells} 格已核对"
    if not any(line.values for line in item.lines):
        return "todo", f"应填 {item.cells} 格"
    if item.missing:
        return "current", f"还缺 {item.missing} 格，共 {item.cells} 格"
    return "current", f"{len(item.lines) - item.count(Checked.State.VERIFIED)} 行待核对"


def _record_state(competition, model, word, known):
    if competition.stage == Competition.Stage.DRAFT:
        return "locked", "规则公布后开始"
    counts = known.once(_count_states, competition, model)
    total = counts["all"]
    if not total:
        return "todo", "还没有记录"
    waiting = counts["entered"] + counts["returned"] + counts["asked"]
    if waiting:
        return "current", f"{waiting} {word}待办，共 {total} {word}"
    return "done", f"{total} {word}已核对"


def _count_states(competition, model):
    """{"all", "entered", "returned", "asked": verified ones whose withdrawal was asked for}."""
    found = RECORD_STATES[model].all(competition=competition.pk)
    own = [(state, asked_by) for withdrawn, state, asked_by in found if not withdrawn]
    return {
        "all": len(found),
        "entered": sum(state == Checked.State.ENTERED for state, _ in own),
        "returned": sum(state == Checked.State.RETURNED for state, _ in own),
        "asked": sum(asked_by is not None for _, asked_by in own),
    }


def find_measurement_todos(competition, scheme, now, known=None):
    """This function will return what values are missing, late, returned or wait to be verified."""
    if competition.stage != Competition.Stage.RUNNING:
        return []
    todos, now, known = [], competition.moment(now), known or Known()
    for item in known.once(load_round_states, competition, scheme, known):
        url = reverse("work_measurements", args=[competition.slug, item.round.key])
        title = item.title
        if item.missing and item.has_begun(now):
            names = list(dict.fromkeys(line.entry.name for line in item.lacking))
            todos.append(
                Todo(
                    kind="late" if item.is_late(now) else "missing",
                    title=f"{title}：还缺 {item.missing} 格数据",
                    who=_join(names),
                    url=url,
                    due_at=item.due_at,
                    reminder=remind(competition, item),
                )
            )
        returned = item.count(Checked.State.RETURNED)
        if returned:
            words = f"{title}：{returned} 行数值被退回，等待更正"
            todos.append(Todo("missing", words, "录入人", url))
        waiting = item.count(Checked.State.ENTERED)
        if waiting:
            verify = reverse("work_measurements_verify", args=[competition.slug, item.round.key])
            words = f"{title}：{waiting} 行数值等待另一人核对"
            todos.append(Todo("second_person", words, CHECKER, verify))
    return todos


def find_held_todos(competition, scheme):
    """This function will say in which rounds verified values go on counting although a change of
    them waits. One query."""
    rows = Measurement.objects.filter(competition=competition, entry__withdrawn=False)
    held = Counter(
        rows.exclude(state=Checked.State.VERIFIED)
        .exclude(verified_values={})
        .values_list("round_key", flat=True)
    )
    todos = []
    titles = name_rounds(scheme) if held else {}
    for _track, round_ in measured_rounds(scheme) if held else []:
        if held[round_.key]:
            url = reverse("work_measurements", args=[competition.slug, round_.key])
            title, count = titles[round_.key], held[round_.key]
            words = f"{title}：{count} 行已核对的数值改动后还没有核对，仍按原来的计"
            todos.append(Todo("second_person", words, CHECKER, url))
    return todos


def find_record_todos(competition, scheme, now, known=None):
    """This function will return which ledger events and rulings wait for somebody."""
    if competition.stage != Competition.Stage.RUNNING:
        return []
    known = known or Known()
    todos = []
    for model, route, title, word in (
        (LedgerEvent, "work_ledger", "加减分台账", "条记录"),
        (Ruling, "work_rulings", "裁定", "项裁定"),
    ):
        counts = known.once(_count_states, competition, model)
        url = reverse(route, args=[competition.slug])
        if counts["entered"]:
            words = f"{title}：{counts['entered']} {word}等待另一人核对"
            todos.append(Todo("second_person", words, CHECKER, f"{url}?state=entered"))
        if counts["asked"]:
            words = f"{title}：{counts['asked']} {word}申请撤回，等待另一人同意，仍计入统分"
            who = "申请人以外的工作人员"
            todos.append(Todo("second_person", words, who, f"{url}?state=entered"))
        if counts["returned"]:
            words = f"{title}：{counts['returned']} {word}被退回，等待更正"
            todos.append(Todo("missing", words, "录入人", f"{url}?state=returned"))
    return todos


def remind(competition, item):
    """This function will write the text that asks each entry for what is missing, a line each."""
    by_entry = {}
    for line in item.lacking:
        by_entry.setdefault(line.entry.name, []).append(line)
    until = f"于{write_moment(item.due_at)}前" if item.due_at else "尽快"
    lines = [f"【{competition.title}】{item.title}数据报送提醒"]
    for name, owed in by_entry.items():
        wanted = "、".join(_name_missing(line) for line in owed)
        lines.append(f"请{name}{until}报送{wanted}。")
    return "\n".join(lines)


def _name_missing(line):
    if line.asked.is_votes:
        return f"“{line.asked.title}”票数"
    inputs = "、".join(f"{item.title}值" for item in line.missing)
    return f"“{line.asked.title}”{inputs}"


def _join(names, most=4):
    shown = "、".join(names[:most])
    return shown if len(names) <= most else f"{shown}等 {len(names)} 个"
