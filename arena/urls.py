"""The arena's addresses. The feed's own stand first: a live page asks them most."""

from django.urls import path

from arena.views import (
    audience,
    ceremony,
    console,
    draw,
    feed,
    hall,
    judges,
    jury,
    paper,
    paper_entry,
    screens,
    signin,
    tally,
)

feed_routes = [
    path("feed/healthz", feed.feed_health, name="feed_health"),
    path("feed/<slug:slug>/<slug:round_key>/<slug:audience>/", feed.feed, name="feed"),
]
_ROUND = "work/<slug:slug>/arena/<slug:round_key>/"
stage_routes = [
    path(_ROUND, console.console, name="work_arena"),
    path(f"{_ROUND}move/", console.move, name="work_arena_move"),
    path(f"{_ROUND}cover/", console.cover, name="work_arena_cover"),
    path(f"{_ROUND}audience/", audience.audience, name="work_arena_audience"),
    path(f"{_ROUND}poster/", audience.poster, name="work_arena_poster"),
    path(f"{_ROUND}speaker/", console.speaker, name="work_arena_speaker"),
    path(f"{_ROUND}draw/", draw.draw, name="work_arena_draw"),
    path(f"{_ROUND}draw/print/", draw.draw_print, name="work_arena_draw_print"),
    path(f"{_ROUND}append/", draw.append, name="work_arena_append"),
    path(f"{_ROUND}off/", draw.off, name="work_arena_off"),
    path(f"{_ROUND}timer/", screens.timer, name="work_arena_timer"),
    path(f"{_ROUND}host/", screens.host, name="work_arena_host"),
    path(f"{_ROUND}screen/", screens.screen, name="work_arena_screen"),
]
_CEREMONY = "work/<slug:slug>/ceremony/"
ceremony_routes = [
    path(_CEREMONY, ceremony.console, name="work_ceremony"),
    path(f"{_CEREMONY}make/", ceremony.make, name="work_ceremony_make"),
    path(f"{_CEREMONY}order/", ceremony.arrange, name="work_ceremony_order"),
    path(f"{_CEREMONY}move/", ceremony.move, name="work_ceremony_move"),
    path(f"{_CEREMONY}host/", ceremony.host, name="work_ceremony_host"),
    path(f"{_CEREMONY}screen/", ceremony.screen, name="work_ceremony_screen"),
]

_PAPER = f"{_ROUND}paper/"
paper_routes = [
    path(_PAPER, paper.register, name="work_arena_paper"),
    path(f"{_PAPER}issue/", paper.issue, name="work_arena_paper_issue"),
    path(f"{_PAPER}print/", paper.printing, name="work_arena_paper_print"),
    path(f"{_PAPER}entry/", paper_entry.entry, name="work_arena_paper_entry"),
    path(f"{_PAPER}originals/", paper.originals, name="work_arena_originals"),
    path(
        f"{_PAPER}originals.xlsx",
        paper.originals_file,
        {"ending": "xlsx"},
        name="work_arena_originals_xlsx",
    ),
    path(
        f"{_PAPER}originals.csv",
        paper.originals_file,
        {"ending": "csv"},
        name="work_arena_originals_csv",
    ),
    path(f"{_PAPER}<slug:serial>/", paper.sheet, name="work_arena_paper_sheet"),
    path(f"{_PAPER}<slug:serial>/void/", paper.void, name="work_arena_paper_void"),
]
tally_routes = [
    path(f"{_ROUND}tally/", tally.tally, name="work_arena_tally"),
    path(f"{_ROUND}tally/print/", tally.tally_print, name="work_arena_tally_print"),
]

signin_routes = [
    path("card/", signin.card_wait, name="card_wait"),
    path("card/state/", signin.card_state, name="card_state"),
    path("card/<slug:secret>/", signin.card, name="card"),
    path("judge/beat/", signin.beat, name="judge_beat"),
    path("work/<slug:slug>/signin/", judges.judges, name="work_signin"),
    path("work/<slug:slug>/signin/decide/", judges.decide, name="work_signin_decide"),
    path("work/<slug:slug>/signin/cards/", judges.cards, name="work_signin_cards"),
]

jury_routes = [
    path("seat/", hall.seat_code, name="seat_code"),
    path("seat/<slug:secret>/", hall.seat, name="seat"),
    path("hall/<slug:slug>/<slug:round_key>/", hall.hall, name="hall"),
    path(f"{_ROUND}jury/", jury.jury, name="work_arena_jury"),
    path(f"{_ROUND}jury/issue/", jury.issue, name="work_arena_jury_issue"),
]

urlpatterns = [
    *feed_routes,
    *stage_routes,
    *paper_routes,
    *tally_routes,
    *ceremony_routes,
    *signin_routes,
    *jury_routes,
]
