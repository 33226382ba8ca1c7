"""Audiences of the tests: everybody (in nine halls), a competition's judges, its staff."""

from django.http import Http404

from arena.feed import open_to
from competitions.access import get_competition_for, get_judge_for
from competitions.models import Competition
from competitions.roles import STAFF, RoleKind


def _anyone(request, slug, round_key):
    competition = Competition.objects.filter(slug=slug).first()
    if competition is None:
        raise Http404("没有这个比武。")
    return competition


def _judge(request, slug, round_key):
    return get_judge_for(request.role, slug).competition


def _staff(request, slug, round_key):
    return get_competition_for(request.role, slug)


def open_all():
    """This function will open the audiences of the tests."""
    for name in ["test-hall", *(f"test-hall-{number}" for number in range(1, 9))]:
        open_to(name, read={RoleKind.ANYONE}, find=_anyone)
    open_to("test-judge", read={RoleKind.JUDGE}, find=_judge)
    open_to("test-staff", read=STAFF, find=_staff)
