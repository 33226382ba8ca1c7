"""What a live event tells its audiences: each fragment rendered once, as the audience's page would.

The console is told that something moved and loads its page anew: its forms belong to one operator.
"""

from django.http import Http404
from django.template.loader import render_to_string

from arena.access import get_hall, get_open, get_panel_for
from arena.feed.audiences import open_to
from arena.feed.telling import tell, tell_all
from arena.jury_rules import jury_criterion
from arena.models import Event
from arena.models.feed import ERASED
from arena.queries.pad import JUDGE, PAD, find_closed, find_words, pad_context
from arena.queries.screens import count_ticks, find_cover, look, name_ticks
from arena.queries.stage import find_event, find_moment, find_ticks, is_page_open, load_live
from competitions.access import get_judge_for
from competitions.roles import INSIDERS, RoleKind
from scoring.queries.judging import find_desk
from scoring.queries.panels import load_marking_round

CONSOLE, HALL, PHONE = "console", "hall", "phone"
# The audiences of the hall, each with the fragment that is its page's slot.
FRAGMENTS = {
    "screen": "arena/_screen.html",
    "host": "arena/_host.html",
    "timer": "arena/_timer.html",
    HALL: "arena/_hall.html",
    PHONE: "arena/_phone.html",
}
# Who shows who has marked, each with the part of its page that says so: the slot `ticks`.
TICKS = {"screen": "arena/_screen_ticks.html", "host": "arena/_host_ticks.html"}
PHONE_TICKS = "arena/_phone_ticks.html"
# What a cover covers.
COVERABLE = {"screen", PHONE}
# What shows who has marked, or a score.
SCORED = {"screen", "host", PHONE}
MOVED, MARKED, COVERED, PAPERS, JUDGES = "moved", "marked", "covered", "papers", "judges"
CHANGED, FORGOTTEN = "changed", "forgotten"
OPENED, WAITING = "opened", "waiting"


def tell_moved(event, *, now):
    """This function will tell every audience of a step, at the end of the action that made it."""
    live = load_live(event)
    if live is None:
        return
    tell(event.competition, event.round_key, CONSOLE, MOVED, {"step": event.step}, now=now)
    _tell_hall(live, MOVED, _audiences_of(live.panel, event), now)
    _tell_pads(live.panel, live, now)


def tell_marked(panel, entry_keys, *, now):
    """This function will tell console, screen and host that marks of these entries came in, and an
    open audience's page how many, where the large screen shows it now; nobody else shows who has
    marked. Without an event nobody is told.

    Of the turn on stage they get the ticks alone, by themselves: a panel hands in
    within a second. `panel` may have been loaded for these entries only.
    """
    moment = find_moment(panel)
    if moment is None:
        return
    here = moment.on_stage
    told = {CONSOLE: {"step": moment.step}}
    if any(line.bundle == here and line.entry.key in entry_keys for line in panel.lines):
        # Who was late is for the console, which asks for itself.
        ticks = find_ticks(panel, here, late=False)
        context = {"ticks": name_ticks(panel, ticks), **count_ticks(ticks)}
        templates = dict(TICKS)
        shown = moment.is_open and not moment.cover and jury_criterion(panel.round) is None
        if shown and context["ticks"]:
            templates[PHONE] = PHONE_TICKS
        for audience, template in templates.items():
            told[audience] = {"slots": {"ticks": render_to_string(template, context)}}
    tell_all(panel.competition, panel.round.key, MARKED, told, now=now)


def tell_changed(event, round_key, *, now):
    """This function will tell what stands now where a correction, a ruling, late marks or votes
    came into force in a round of the event (in any, when `round_key` is empty), or other rules.

    Pages of the hall show scores of revealed turns only, and only while the turn that was revealed
    last is on them; of a turn being marked, who still owes his mark; what changes for any other
    turn, nobody is shown.
    """
    live = load_live(event)
    if live is None or (round_key and round_key not in live.panel.round_keys):
        return
    tell(event.competition, event.round_key, CONSOLE, CHANGED, {"step": event.step}, now=now)
    if look(live, now, scores=False).face in ("marking", "revealed"):
        audiences = [name for name in _audiences_of(live.panel, event) if name in SCORED]
        _tell_hall(live, CHANGED, audiences, now)


def tell_papers(event, *, now):
    """This function will tell the console, and who follows it, that score sheets were numbered or
    voided."""
    tell(event.competition, event.round_key, CONSOLE, PAPERS, {"step": event.step}, now=now)


def tell_waiting(competition, round_keys, *, now):
    """This function will tell the consoles of live events of these rounds that a ruling on them
    waits for its second person, or no longer does: see scoring.doors.tell_waiting."""
    if not any(round_keys):
        return
    events = Event.objects.filter(competition=competition, called_off=False)
    for event in events.select_related("competition").order_by("round_key"):
        panel = load_marking_round(event.competition, event.round_key)
        if panel is not None and round_keys.intersection(panel.round_keys):
            tell(competition, event.round_key, CONSOLE, WAITING, {"step": event.step}, now=now)


def tell_covered(event, *, now):
    """This function will tell the large screen and the phones that follow it what it shows
    now, and the consoles that it was switched; nobody else."""
    live = load_live(event)
    if live is not None:
        tell(event.competition, event.round_key, CONSOLE, COVERED, {"step": event.step}, now=now)
        audiences = [name for name in _audiences_of(live.panel, event) if name in COVERABLE]
        _tell_hall(live, COVERED, audiences, now)


def tell_called_off(event, *, now):
    """This function will tell every audience that there is no event any more: no face stays."""
    panel = load_marking_round(event.competition, event.round_key)
    if panel is None:
        return
    tell(event.competition, event.round_key, CONSOLE, MOVED, {"step": event.step}, now=now)
    audiences = _audiences_of(panel, event)
    _tell_pages(panel, page_context(None, panel, now), MOVED, audiences, now)
    _tell_pads(panel, None, now)


def tell_erased(competition, round_key, audiences, *, now):
    """This function will tell audiences of a round that a name was erased from what they were told
    before: the processes that send forget it, and open pages show the stage without it."""
    event = find_event(competition, round_key)
    live = load_live(event) if event else None
    context = page_context(live, live.panel, now) if live else {}
    for audience in sorted(audiences):
        said = {ERASED: True}
        if live:
            said["slots"] = {"stage": render_to_string(FRAGMENTS[audience], context)}
        whole = audience == PHONE
        tell(competition, round_key, audience, FORGOTTEN, said, now=now, whole=whole)


def tell_page(event, *, now):
    """This function will tell the audience's page what the large screen shows when it is opened,
    and nothing once it is closed: what it was told before is emptied then, too."""
    live = load_live(event)
    if live is None:
        return
    tell(event.competition, event.round_key, CONSOLE, OPENED, {"step": event.step}, now=now)
    if is_page_open(event):
        _tell_hall(live, OPENED, [PHONE], now)
    else:
        said = {"slots": {"stage": render_to_string(FRAGMENTS[PHONE], {"closed": True})}}
        tell(event.competition, event.round_key, PHONE, OPENED, said, now=now, whole=True)


def tell_judges(competition, *, now):
    """This function will tell the consoles of a competition's live events that something is new
    about the judges' devices; what it is, each asks for itself."""
    events = Event.objects.filter(competition=competition, called_off=False).order_by("round_key")
    for round_key in events.values_list("round_key", flat=True):
        tell(competition, round_key, CONSOLE, JUDGES, {}, now=now)


def open_feeds():
    """This function will let those follow an audience's feed who may open its page."""

    def find(request, slug, round_key):
        return get_panel_for(request.role, slug, round_key).competition

    def find_hall(request, slug, round_key):
        return get_hall(slug, round_key).competition

    def find_phone(request, slug, round_key):
        return get_open(slug, round_key).competition

    for audience in [CONSOLE, *FRAGMENTS]:
        if audience not in (HALL, PHONE):
            open_to(audience, read=INSIDERS, find=find)
    open_to(HALL, read={RoleKind.ANYONE}, find=find_hall)
    open_to(PHONE, read={RoleKind.ANYONE}, find=find_phone)

    def find_own(request, slug, round_key):
        judge = get_judge_for(request.role, slug)
        if find_desk(judge, round_key) is None:
            raise Http404("没有这个需要您打分的环节。")
        return judge.competition

    open_to(JUDGE, read={RoleKind.JUDGE}, find=find_own)


def page_context(live, panel, now, *, scores=True):
    """This function will return what the pages and fragments of the hall are rendered from."""
    view = look(live, now, scores=scores) if live else None
    return {
        "competition": panel.competition,
        "round": panel.round,
        "live": live,
        "view": view,
        "ticks": name_ticks(panel, view.ticks) if view else [],
        **count_ticks(view.ticks if view else []),
        "cover": find_cover(live.event) if live else "",
    }


def _audiences_of(panel, event):
    """The audience's phones follow where the rules let them vote, else where they were let in."""
    voting = jury_criterion(panel.round) is not None
    without = {PHONE} if voting else {HALL}
    if not voting and not is_page_open(event):
        without.add(PHONE)
    return [name for name in FRAGMENTS if name not in without]


def _tell_hall(live, kind, audiences, now):
    _tell_pages(live.panel, page_context(live, live.panel, now), kind, audiences, now)


def _tell_pads(panel, live, now):
    data = {
        "slots": {"stage": render_to_string(PAD, pad_context(panel, live))},
        "states": find_words(live) if live else {},
        "closed": find_closed(live) if live else [],
    }
    tell(panel.competition, panel.round.key, JUDGE, MOVED, data, now=now)


def _tell_pages(panel, context, kind, audiences, now):
    for audience in audiences:
        slots = {"stage": render_to_string(FRAGMENTS[audience], context)}
        # A phone's picture is whole: what is covered or closed meanwhile cannot be read up.
        said, whole = {"slots": slots}, audience == PHONE
        tell(panel.competition, panel.round.key, audience, kind, said, now=now, whole=whole)
