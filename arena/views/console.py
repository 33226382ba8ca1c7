"""The operator's console: who has marked, and the next step."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from arena.access import get_panel_for
from arena.actions.covers import cover_screen
from arena.actions.moves import MOVES, move_stage, name_speaker
from arena.feed.reading import last_number
from arena.feed.telling import channel_of
from arena.forms.stage import CoverForm, MoveForm, SpeakerForm
from arena.jury_rules import jury_criterion
from arena.models import Cover
from arena.queries.console import find_choices
from arena.queries.missing import find_missing, find_waiting_rulings
from arena.queries.paper import PaperCount, load_register
from arena.queries.scores import Scores, find_unsettled
from arena.queries.screens import find_cover, look
from arena.queries.stage import find_event, is_page_open
from arena.stage.machine import State
from arena.telling import CONSOLE
from arena.views.draw import draw_frame
from arena.views.judges import judges_part
from arena.views.jury import jury_part
from competitions.gates import enter
from competitions.roles import INSIDERS, STAFF, RoleKind
from scoring.models import LateSheet
from scoring.queries.progress import owes_marks

# What the large screen may show, with the key that does it: its name on the keyboard and its code.
COVERS = (
    (Cover.Kind.BLACK, Cover.Kind.BLACK.label, "B", "KeyB"),
    (Cover.Kind.EMBLEM, Cover.Kind.EMBLEM.label, "E", "KeyE"),
    ("", "现场画面", "Esc", "Escape"),
)
SHOWN = (State.CLOSED, State.REVEALED)


@enter(read=INSIDERS)
def console(request, slug, round_key):
    """This function will show the operator's console. No score is in it unless it is asked for
    (`?scores=1`), and none before its turn is closed."""
    panel = get_panel_for(request.role, slug, round_key)
    after = last_number(channel_of(panel.competition, round_key, CONSOLE))
    event, now = find_event(panel.competition, round_key), timezone.now()
    context = {**draw_frame(request, panel, event), "after": after, "now": now}
    live = context["live"]
    if live is not None and live.drawn:
        main, others = find_choices(live.stage)
        view, papers = look(live, now, scores=False), load_register(live)
        on_stage = view.turn.entry.key if view.turn else ""
        context |= jury_part(live, view)
        context |= judges_part(request, live, view, now) | {
            "view": view,
            "papers": papers,
            "paper_count": PaperCount.of(papers.of_turn(on_stage)),
            "main": main,
            "cover": find_cover(event),
            "covers": COVERS,
            "votes": jury_criterion(panel.round) is not None,
            "page_open": is_page_open(event),
            "others": [choice for choice in others if not MOVES[choice.move].reason],
            "reasoned": [choice for choice in others if MOVES[choice.move].reason],
            "missing": find_missing(live, view),
            "rulings": find_waiting_rulings(live),
            "closed": any(turn.state in SHOWN for turn in live.stage.turns),
            "waiting": [row for row in live.rows if row.state == "waiting"],
            "absent": [row for row in live.rows if row.state == "absent"],
            "late": LateSheet.objects.filter(
                competition=panel.competition, round_key=round_key
            ).select_related("judge__person"),
            "may_rule": context["may_write"] and request.role.kind == RoleKind.ORGANISER,
            "unsettled": find_unsettled(live) if main and main.move == "reveal" else [],
            "asks_scores": request.GET.get("scores") == "1",
        }
        if context["asks_scores"]:
            context |= _scores(request, live)
    return TemplateResponse(request, "arena/console.html", context)


@enter(write=STAFF)
def move(request, slug, round_key):
    """This function will make one move of the stage."""

    def act(event, data):
        move_stage(event=event, by=request.user.person, now=timezone.now(), **data)

    return act_on(request, slug, round_key, MoveForm, act, "这一步没有执行：页面内容不完整")


@enter(write=STAFF)
def cover(request, slug, round_key):
    """This function will put the large screen to black or to the emblem, or back to the stage."""

    def act(event, data):
        cover_screen(event=event, now=timezone.now(), **data)

    return act_on(request, slug, round_key, CoverForm, act, "大屏没有切换：页面内容不完整")


@enter(write=STAFF)
def speaker(request, slug, round_key):
    """This function will record who speaks in place of a secretary."""

    def act(event, data):
        key = data.pop("entry")
        by = request.user.person
        name_speaker(event=event, entry_key=key, by=by, now=timezone.now(), **data)
        messages.success(request, "发言人已登记。")

    refused = "发言人没有登记：姓名不能超过 40 个字"
    return act_on(request, slug, round_key, SpeakerForm, act, refused)


def act_on(request, slug, round_key, form_class, act, refused):
    """This function will do what one form of the console asks, act(event, data), and come back to
    the console with the refusal, if there is one."""
    event = _event(request, slug, round_key)
    form = form_class(request.POST)
    if form.is_valid():
        try:
            act(event, form.cleaned_data)
        except ValidationError as error:
            messages.error(request, "".join(error.messages))
    else:
        messages.error(request, f"{refused}，请刷新页面后再操作。")
    return redirect("work_arena", slug, round_key)


def _event(request, slug, round_key):
    panel = get_panel_for(request.role, slug, round_key, change=True)
    event = find_event(panel.competition, round_key)
    if event is None:
        raise Http404("本环节没有开设现场。")
    return event


def _scores(request, live):
    """The scores of closed turns, for who has no marks of his own to hand in."""
    if owes_marks(live.event.competition, request.user.person):
        return {"owes": True}
    found = Scores(live)
    keys = [turn.key for turn in live.stage.turns if turn.state in SHOWN]
    return {
        "turn_scores": [(live.row(key), found.of_turn(key)) for key in keys],
        "standing": found.standing(keys),
    }
