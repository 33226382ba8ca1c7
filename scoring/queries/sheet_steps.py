"""Marked rounds on the year's road map, and what is still to be done in them."""

from django.urls import reverse
from django.utils import timezone

from competitions.roadmap import Known
from competitions.todo import Step, Todo
from competitions.tracks import name_rounds
from scoring.models import Checked, LateDecision, LateSheet
from scoring.queries.panels import marked_rounds
from scoring.queries.progress import load_progress

# Rounds stand on the road map at 50 … 69, before the ledger.
POSITION, MOST_ROUNDS = 50, 20


def find_steps(competition, scheme, known=None):
    """This function will return (position, Step) for each marked round of the rules."""
    if scheme is None:
        return []
    now, known = competition.moment(timezone.now()), known or Known()
    progress_of = known.once(load_progress, competition, known)
    found = {item.panel.round.key: item for item in progress_of}
    steps, titles = [], name_rounds(scheme)
    for track, item, companion in marked_rounds(scheme):
        position = POSITION + _place(scheme, track, item)
        url = reverse("work_round", args=[competition.slug, item.key])
        progress, title = found.get(item.key), titles[item.key]
        if progress is None:
            steps.append((position, Step(item.key, title, url, "locked", "规则公布后开始")))
        else:
            state, note = _state(progress, now)
            steps.append((position, Step(item.key, title, url, state, note)))
            if companion is not None:
                steps.append(_companion_step(scheme, progress.part_of(companion), url, now))
    return steps


def find_todos(competition, scheme, now, known=None):
    """This function will return what is missing, late, or waits for a second person."""
    if competition.stage != competition.Stage.RUNNING:
        return []
    todos, now, known = [], competition.moment(now), known or Known()
    for progress in known.once(load_progress, competition, known):
        todos += _missing(competition, progress, now)
        todos += _second_person(competition, progress)
    return todos


def find_waiting_sheets(competition, known=None):
    """This function will return which sheets, and corrections of sheets, wait for a second
    person."""
    known = known or Known()
    found = known.once(load_progress, competition, known)
    return [todo for progress in found for todo in _second_person(competition, progress)]


def find_late_todos(competition, scheme, now, known=None):
    """This function will return the late marks that wait for two persons' decision. Two
    queries."""
    if competition.stage != competition.Stage.RUNNING:
        return []
    todos = []
    waiting = LateSheet.objects.filter(
        competition=competition, outcome=LateSheet.Outcome.WAITING
    ).select_related("judge")
    proposed = set(
        LateDecision.objects.filter(
            late__competition=competition, state=Checked.State.ENTERED
        ).values_list("late_id", flat=True)
    )
    for late in waiting.order_by("id"):
        second = late.id in proposed
        what = "的处理意见等待另一人核对" if second else "等待裁定是否计入"
        todos.append(
            Todo(
                kind="second_person" if second else "decide",
                title=f"{late.judge.number} 号评委迟到的打分{what}",
                who="提出人以外的工作人员" if second else "组织部工作人员",
                url=reverse("work_late", args=[competition.slug, late.round_key, late.id]),
            )
        )
    return todos


def remind(progress, judges=None):
    """This function will write the reminder for the judges who have not handed in."""
    panel = progress.panel
    judges = progress.judges_with("missing") if judges is None else judges
    owing = "；".join(
        f"{judge.person.name}：{name_lines(progress.lines_in(judge, 'missing'))}"
        for judge in judges
    )
    if not owing:
        return ""
    until = f"请于{write_moment(progress.due_at)}前" if progress.due_at else "请尽快"
    if progress.is_live:
        until = "现场开放打分后请及时"
    return (
        f"【{panel.competition.title}】{panel.title}打分提醒：{until}"
        f"在「擂台」打分页提交，或将纸质评分表交工作人员。尚未收到：{owing}。"
    )


def name_lines(lines, most=4):
    """This function will name the entrants of some lines, the first few by name."""
    bundles = dict.fromkeys(line.bundle for line in lines)
    names = [_name([line for line in lines if line.bundle == key]) for key in bundles]
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等 {len(names)} 份"


def _name(lines):
    """The unit; or the people by name where nothing but their marks is meant."""
    unit = lines[0].entry.unit.name
    if any(not line.entry.is_human for line in lines):
        return unit
    people = dict.fromkeys(line.entry.person_name for line in lines)
    return f"{'、'.join(people)}（{unit}）"


def write_moment(moment):
    """This function will write a moment as people say it: 8月20日18:00."""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def _companion_step(scheme, part, url, now):
    """What judges mark on the same sheet stands on the road map too, and leads to that sheet."""
    companion = part.panel.round
    track, _ = scheme.find_round(companion.key)
    state, note = _state(part, now)
    position = POSITION + _place(scheme, track, companion)
    return position, Step(companion.key, part.panel.title, url, state, note)


def _place(scheme, track, item):
    """The rounds of the first track are 50, 51, …; those of further tracks come after them."""
    before = scheme.tracks[: scheme.tracks.index(track)]
    return min(MOST_ROUNDS - 1, sum(len(one.rounds) for one in before) + track.rounds.index(item))


def _state(progress, now):
    plan = progress.panel.plan
    if progress.complete:
        return "done", f"{progress.owed} 份已收齐"
    if not progress.panel.judges:
        return "todo", "还没有评委名单"
    counted = f"已收 {progress.done} 份，共 {progress.owed} 份"
    if progress.is_late(now):
        return "late", f"差 {progress.missing} 份评分表"
    if progress.begun:
        return "current", counted
    if plan and plan.starts_on:
        started = plan.starts_on <= timezone.localdate(now)
        return ("current", counted) if started else ("todo", _day(plan.starts_on))
    return "todo", "时间未定"


def _day(day):
    return f"{day.month}月{day.day}日开始"


def _missing(competition, progress, now):
    judges = progress.judges_with("missing")
    if not judges or not (_has_started(progress, now) or progress.begun):
        return []
    return [
        Todo(
            kind="late" if progress.is_late(now) else "missing",
            title=f"{progress.panel.title}：还差 {progress.missing} 份评分表",
            who="、".join(judge.person.name for judge in judges),
            url=reverse("work_round", args=[competition.slug, progress.panel.round.key]),
            due_at=progress.due_at,
            reminder=remind(progress, judges),
        )
    ]


def _has_started(progress, now):
    plan = progress.panel.plan
    return bool(plan and plan.starts_on and plan.starts_on <= timezone.localdate(now))


def _second_person(competition, progress):
    title = progress.panel.title
    url = reverse("work_round", args=[competition.slug, progress.panel.round.key])
    words = [
        ("differs", "second_person", "份评分表两次录入不一致，等待对照原件"),
        ("entered", "second_person", "份纸质评分表等待另一人核对"),
        ("correcting", "second_person", "项评分更正等待另一人核对"),
    ]
    return [
        Todo(
            kind=kind,
            title=f"{title}：{progress.count(state)} {text}",
            who="录入人以外的工作人员",
            url=url,
        )
        for state, kind, text in words
        if progress.count(state)
    ]
