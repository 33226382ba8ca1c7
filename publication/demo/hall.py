"""The demonstration's judges in the hall, who mark the turn that is open as on their phones, and
the second person, who compares what the meeting decided; and what comes next, in a sentence."""

import uuid

from arena.models import Ceremony
from arena.queries.ceremony import find_basis, find_ceremony, find_fault, load_show
from arena.queries.ceremony_console import find_buttons
from arena.queries.console import find_choices
from arena.queries.stage import find_event, find_ticks, load_live
from arena.stage.machine import State
from competitions.models import User
from competitions.roles import RoleKind
from publication.demo import cast, figures
from record.models import Revision
from rewards.actions import verify_decision
from rewards.models import MeetingDecision
from scoring.actions.sheet_rules import RoundClosed, SheetConflict
from scoring.actions.sheets import submit_sheets
from scoring.queries.tabulations import find_latest_tabulation

OVER = "颁奖仪式已经结束，这一场从头到尾办完了。"


def mark_open_turn(competition, round_key, *, now):
    """This function will let every judge who owes marks of the turn that is open hand them in, one
    after another, and yield (name of the entrant, judge, receipt) for each.

    `now()` is asked for each of them. A judge of whom anything is there already is left alone, and
    so is one who handed in himself, or whose turn was closed, in this very moment.
    """
    live = _load(competition, round_key)
    turn = live.stage.on_stage if live else None
    if turn is None or turn.state != State.MARKING:
        return
    for tick in find_ticks(live.panel, turn.key):
        if tick.state != "missing" or tick.begun:
            continue
        try:
            done = submit_sheets(
                judge=tick.judge,
                round_key=round_key,
                sheets=_sheets_of(live, tick.judge, turn.key),
                op=uuid.uuid4(),
                by=tick.judge.person,
                now=now(),
            )
        except (RoundClosed, SheetConflict):
            continue
        yield turn.name, tick.judge, done.receipt


def verify_waiting_decision(competition, *, now):
    """This function will let the other of the demonstration's organisers verify a decision of the
    meeting that waits, and return her, a Person; None when none waits."""
    waiting = MeetingDecision.objects.filter(
        competition=competition, state=MeetingDecision.State.ENTERED
    ).first()
    if waiting is None:
        return None
    names = [one.username for one in cast.STAFF if RoleKind.ORGANISER in one.kinds]
    others = User.objects.filter(username__in=names).exclude(person=waiting.entered_by)
    second = others.select_related("person").earliest("id").person
    verify_decision(decision=waiting, op=uuid.uuid4(), by=second, now=now())
    return second


def find_next_step(competition, round_key):
    """This function will say in a sentence what the organiser does next, from the draw to the end
    of the ceremony: OVER then."""
    live = _load(competition, round_key)
    if live is None or not live.drawn:
        return "打开擂台现场，点「去抽签」，先公布抽签办法，再录入抽签结果。"
    main, _others = find_choices(live.stage)
    if main is not None:
        turn = live.stage.on_stage
        if turn is not None and turn.state == State.MARKING:
            if any(tick.state == "missing" for tick in find_ticks(live.panel, turn.key)):
                return f"「{turn.name}」打分中，请等评委交齐。"
            return f"评委已交齐，在擂台现场按「{main.title}」。"
        return f"在擂台现场按「{main.title}」。"
    ceremony = find_ceremony(competition)
    if ceremony is None:
        return _prepare_ceremony(competition)
    if ceremony.state == Ceremony.State.ENDED:
        return OVER
    show = load_show(ceremony)
    if fault := find_fault(show):
        return fault
    main, _others = find_buttons(show.stage)
    return f"在颁奖仪式按「{main.title}」。" if main else "请在颁奖仪式选好颁发顺序。"


def _prepare_ceremony(competition):
    latest = find_latest_tabulation(competition)
    if latest is None:
        return "全部单位都已登台亮分，请打开「统分」，按「统分」。"
    wanting = find_basis(competition)[2]
    return wanting or "打开「颁奖仪式」，按「制作颁奖仪式脚本」。"


def play_along(competition, round_key, *, now, wait):
    """This function will let the judges mark, one of them a look, and the second person verify,
    call `wait()` between two looks, and yield sentences: what was done, and what the organiser does
    next whenever that has changed; until the ceremony has ended."""
    seen, said = None, ""
    while said != OVER:
        done = next(mark_open_turn(competition, round_key, now=now), None)
        if done is not None:
            name, judge, receipt = done
            yield f"　「{name}」{judge.number} 号评委已交，回执 {receipt}"
        if second := verify_waiting_decision(competition, now=now):
            yield f"　{second}作为第二人，已核对会议决定。"
        # Whatever changes what is next is in the record: the rest is read only then.
        last = Revision.objects.of_chain(competition.chain).latest("seq").seq
        if last != seen:
            seen, following = last, find_next_step(competition, round_key)
            if following != said:
                said = following
                yield said if said == OVER else f"下一步：{said}"
        if said != OVER:
            wait()


def _load(competition, round_key):
    event = find_event(competition, round_key)
    return load_live(event) if event else None


def _sheets_of(live, judge, key):
    round_key, sheets = live.event.round_key, {}
    for line in live.lines_of(key):
        if live.panel.owes(judge, line):
            sheets.setdefault(line.entry.key, {})[line.site_key] = figures.marks_of(
                line,
                year=live.event.competition.year,
                round_key=round_key,
                judge=judge.person.name,
                mood=figures.MOODS.get(round_key, 0),
            )
    return sheets
