"""The tally supervisor's page (监票): who has marked, and of closed turns what; and its print."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone

from arena.access import get_panel_for
from arena.feed.reading import last_number
from arena.feed.telling import channel_of
from arena.jury_rules import jury_criterion
from arena.queries.judges import find_hands
from arena.queries.jury import find_counts
from arena.queries.paper import load_register
from arena.queries.screens import look
from arena.queries.stage import find_event
from arena.queries.tally import closed_keys, find_tallies
from arena.telling import CONSOLE
from arena.views.draw import draw_frame
from arena.views.paper import get_event
from competitions.gates import enter
from competitions.roles import INSIDERS
from record.queries import head
from scoring.queries.progress import owes_marks
from scoring.queries.vote_history import compare_votes, find_vote_changes
from scoring.views.sheets import refuse_before_own_marks


@enter(read=INSIDERS)
def tally(request, slug, round_key):
    """This function will show the event to whoever supervises the tally. Nothing of an open turn's
    marks is in it, and no mark at all for a judge who has his own to hand in."""
    panel = get_panel_for(request.role, slug, round_key)
    after = last_number(channel_of(panel.competition, round_key, CONSOLE))
    event, now = find_event(panel.competition, round_key), timezone.now()
    context = {**draw_frame(request, panel, event, ("监票", None)), "after": after, "now": now}
    live = context["live"]
    if live is not None and live.drawn:
        register = load_register(live)
        view = look(live, now, scores=False)
        owes = owes_marks(panel.competition, request.user.person)
        context |= {
            "view": view,
            "register": register,
            "count": register.count,
            "of_turn": register.of_turn(view.turn.entry.key) if view.turn else [],
            "head": head(panel.competition.chain),
            "hands": find_hands(panel.judges),
            "owes": owes,
            "tallies": [] if owes else _tallies(live, closed_keys(live), register)[::-1],
        }
    return TemplateResponse(request, "arena/tally.html", context)


@enter(read=INSIDERS)
def tally_print(request, slug, round_key):
    """This function will print the tally sheet (计票汇总表) of one closed turn (`?turn=`), or of
    all of them."""
    event = get_event(request, slug, round_key)
    refuse_before_own_marks(request, event.competition)
    panel = get_panel_for(request.role, slug, round_key)
    context = draw_frame(request, panel, event, ("计票汇总表", None))
    live = context["live"]
    keys = closed_keys(live)
    chosen = request.GET.get("turn", "")
    if chosen:
        if chosen not in keys:
            raise Http404("这个单位的打分还没有关闭，没有计票汇总表。")
        keys = [chosen]
    context |= {
        "tallies": _tallies(live, keys, load_register(live)),
        "head": head(panel.competition.chain),
        "hands": find_hands(panel.judges),
        "now": timezone.now(),
    }
    return TemplateResponse(request, "arena/tally_print.html", context)


def _tallies(live, keys, register):
    """The tallies, each turn with its Count of the audience's ballots as `votes`, or None, and
    what became of them since as `vote_changes`: [(Change, rows: what differs)]."""
    counts, found = find_counts(live), find_tallies(live, keys, register)
    event, criterion = live.event, jury_criterion(live.panel.round)
    changes = find_vote_changes(event.competition, event.round_key) if counts else {}
    for turn, _lines in found:
        key = turn.entry.key
        turn.votes = counts.get(key)
        turn.vote_changes = [
            (change, compare_votes(criterion, change))
            for change in (changes.get((key, criterion.key), []) if turn.votes else [])
        ]
    return found
