"""Who sees score sheets: a judge his own, staff and auditors those of their county."""

from django.http import Http404

from competitions.access import get_judge_for
from competitions.models import Judge
from competitions.roles import RoleKind
from record.prepared import Prepared
from scoring.models import Correction, LateDecision, LateSheet, Sheet

SEATED = Prepared(
    lambda judge, slug, round_key: Judge.objects.filter(
        id=judge, competition__slug=slug, seats__round_key=round_key
    ).select_related("competition", "person")
)


def get_own_judge(role):
    """This function will return the judge the role acts as, or raise 404."""
    if role is None or role.kind is not RoleKind.JUDGE:
        raise Http404("没有这位评委。")
    judge = Judge.objects.select_related("competition", "person").filter(id=role.subject).first()
    if judge is None:
        raise Http404("没有这位评委。")
    return judge


def get_seated_judge(role, slug, round_key):
    """This function will return the judge the role acts as, who has a seat in the round, or raise
    what get_judge_for raises, or 404. One query: a whole panel hands in at once."""
    judge = None
    if role is not None and role.kind is RoleKind.JUDGE:
        judge = SEATED.first(judge=role.subject, slug=slug, round_key=round_key)
    if judge is None:
        get_judge_for(role, slug)
        raise Http404("没有这个需要您打分的环节。")
    return judge


def find_rehearsed(roles):
    """This function will return the ids of those judges, of some roles, who judge a rehearsal."""
    ids = [role.subject for role in roles]
    found = Judge.objects.filter(id__in=ids, competition__rehearsal_of__isnull=False)
    return set(found.values_list("id", flat=True)) if ids else set()


def get_sheet_in(competition, round_key, sheet_id):
    """This function will return a stored sheet of the competition's round, or raise 404."""
    sheet = (
        Sheet.objects.filter(competition=competition, round_key=round_key, id=sheet_id)
        .select_related(
            "competition",
            "judge__person",
            "judge__competition",
            "entry__unit",
            "entry__term__person",
            "entry__person",
            "entered_by",
            "verified_by",
        )
        .first()
    )
    if sheet is None:
        raise Http404("没有这张评分表。")
    return sheet


def get_open_correction(sheet):
    """This function will return the sheet's correction that waits for a second person, or None."""
    return (
        Correction.objects.filter(sheet=sheet, state=Correction.State.ENTERED)
        .select_related("entered_by", "sheet__judge")
        .first()
    )


def get_late_sheet_in(competition, round_key, late_id):
    """This function will return late marks of the competition's round, or raise 404."""
    late = (
        LateSheet.objects.filter(competition=competition, round_key=round_key, id=late_id)
        .select_related("competition", "judge__person", "judge__competition")
        .first()
    )
    if late is None:
        raise Http404("没有这份迟到的打分。")
    return late


def get_open_late_decision(late):
    """This function will return the proposal on late marks that waits for a second person."""
    return (
        LateDecision.objects.filter(late=late, state=LateDecision.State.ENTERED)
        .select_related("entered_by", "late__judge")
        .first()
    )
