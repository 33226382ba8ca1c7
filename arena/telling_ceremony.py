"""What a ceremony tells its audiences: each picture whole, and rendered once for all who look.

An item makes all before it void, so that after a step back nobody can read up what it hid.
"""

from django.http import Http404
from django.template.loader import render_to_string

from arena.ceremony import machine
from arena.feed.audiences import open_to
from arena.feed.telling import tell
from arena.models import Ceremony
from arena.queries.ceremony import PLACE, load_show, name_picture
from competitions.access import get_competition_for
from competitions.roles import INSIDERS

CONSOLE = "ceremony-console"
# The audiences of the hall, each with the fragment that is its page's slot.
FRAGMENTS = {
    "ceremony-screen": "arena/_ceremony_screen.html",
    "ceremony-host": "arena/_ceremony_host.html",
}
MOVED, CHANGED = "moved", "changed"


def tell_ceremony(ceremony, *, now):
    """This function will tell every audience how the ceremony stands, at the end of the action."""
    competition = ceremony.competition
    show = load_show(ceremony)
    for audience, template in FRAGMENTS.items():
        slots = {"stage": render_to_string(template, picture_context(competition, show, audience))}
        tell(competition, PLACE, audience, MOVED, {"slots": slots}, now=now, whole=True)
    tell(competition, PLACE, CONSOLE, MOVED, {"step": ceremony.step}, now=now, whole=True)


def tell_outdated(competition, round_key="", *, now, **_who):
    """This function will tell the operators of a ceremony that has not ended that what counts, the
    rules, the results or the decision may be others than its script was made from: each console
    asks for itself whether the ceremony can go on. The pages of the hall are told nothing: they
    keep what was revealed.

    It follows scoring.doors.tell_changed and those of competitions.frontdoor, whatever they name.
    """
    going = [Ceremony.State.PREPARED, Ceremony.State.RUNNING]
    ceremonies = Ceremony.objects.filter(competition=competition, state__in=going)
    for step in ceremonies.values_list("step", flat=True):
        tell(competition, PLACE, CONSOLE, CHANGED, {"step": step}, now=now)


def picture_context(competition, show, audience):
    """This function will return what a hall's page and its fragment are rendered from: nothing but
    the picture of its audience. `show` is None where no ceremony has been made."""
    stage = show.stage if show and not show.fault else machine.Ceremony(())
    context = {"competition": competition, "look": name_picture(competition, machine.look(stage))}
    if audience == "ceremony-screen":
        return context
    following = machine.look_ahead(stage)
    if following and not stage.ahead:
        following = machine.without_names(following)
    beneath = machine.look_beneath(stage)
    return context | {
        "beneath": name_picture(competition, beneath),
        "following": name_picture(competition, following),
        "ahead": stage.ahead,
    }


def open_ceremony_feeds():
    """This function will let those follow a ceremony who may open its pages."""

    def find(request, slug, round_key):
        if round_key != PLACE:
            raise Http404("没有这个现场页面。")
        return get_competition_for(request.role, slug)

    for audience in [CONSOLE, *FRAGMENTS]:
        open_to(audience, read=INSIDERS, find=find)
