"""The only door to this app's objects: an outsider gets 404, a reader who may not change 403."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from competitions.models import Competition, Entry, Judge, PartySecretary, Role
from competitions.roles import INSIDERS, ActiveRole, RoleKind


def find_roles(person, today=None):
    """This function will return every role the person holds today, as ActiveRole, fixed order."""
    today = today or timezone.localdate()
    held = [
        ActiveRole(RoleKind(role.kind), RoleKind(role.kind).label, host_code=role.host_code)
        for role in Role.objects.filter(person=person).held_on(today).order_by("host_code", "id")
    ]
    judging = (
        Judge.objects.filter(person=person)
        .exclude(competition__stage=Competition.Stage.CLOSED)
        .select_related("competition")
        .order_by("-competition__year", "id")
    )
    held += [
        ActiveRole(RoleKind.JUDGE, f"评委（{judge.competition.title}）", subject=judge.id)
        for judge in judging
    ]
    terms = PartySecretary.objects.filter(person=person).select_related("unit").in_order()
    held += [
        ActiveRole(RoleKind.SECRETARY, f"{term.unit.name}党委书记", subject=term.id)
        for term in terms
    ]
    order = list(RoleKind)
    return sorted(held, key=lambda role: order.index(role.kind))


def find_competitions(role):
    """This function will return the competitions that the role may see inside, latest first."""
    if role is None:
        return Competition.objects.none()
    if role.kind in INSIDERS | {RoleKind.LEADER}:
        # A city's staff see the competitions of its counties: their codes begin with the city's.
        found = Competition.objects.filter(host_code__startswith=role.host_code)
    elif role.kind is RoleKind.JUDGE:
        found = Competition.objects.filter(judges__id=role.subject)
    elif role.kind is RoleKind.SECRETARY:
        found = _competitions_of_term(role.subject)
    else:
        found = Competition.objects.none()
    return found.latest_first()


def get_competition_for(role, slug, *, change=False):
    """This function will return the competition for staff and auditors of its county.

    Others get 404; with `change`, an auditor or a closed competition gets 403.
    """
    if role is None or role.kind not in INSIDERS:
        raise Http404("没有这个比武。")
    competition = find_competitions(role).filter(slug=slug).first()
    if competition is None:
        raise Http404("没有这个比武。")
    if change and role.kind is RoleKind.AUDITOR:
        raise PermissionDenied("监督员可以查看全部内容，不能修改。")
    if change and competition.stage == Competition.Stage.CLOSED:
        raise PermissionDenied("该比武已经归档，不能再修改。")
    return competition


def get_judge_for(role, slug):
    """This function will return the judge the role acts as in the competition, or raise 404."""
    if role is None or role.kind is not RoleKind.JUDGE:
        raise Http404("没有这个比武。")
    judge = (
        Judge.objects.select_related("competition", "person")
        .filter(id=role.subject, competition__slug=slug)
        .first()
    )
    if judge is None:
        raise Http404("没有这个比武。")
    return judge


def get_own_entries_for(role, competition):
    """This function will return the entries that belong to the secretary in his term of office.

    They are his unit's entry, and his own entry as a secretary. 404 when there is none.
    """
    if role is None or role.kind is not RoleKind.SECRETARY:
        raise Http404("没有这个单位。")
    if not _competitions_of_term(role.subject).filter(id=competition.id).exists():
        raise Http404("没有这个单位。")
    units = Entry.objects.filter(
        competition=competition,
        unit__secretaries__id=role.subject,
        subject=Entry.Subject.UNIT,
    )
    own = Entry.objects.filter(competition=competition, term_id=role.subject)
    entries = list((units | own).distinct().with_subjects().in_official_order())
    if not entries:
        raise Http404("没有这个单位。")
    return entries


def _competitions_of_term(term_id):
    """A secretary in office sees all her unit's competitions; a former one those of her years."""
    term = PartySecretary.objects.filter(id=term_id).first()
    if term is None:
        return Competition.objects.none()
    found = Competition.objects.filter(entries__unit=term.unit_id)
    if term.until is not None and term.until < timezone.localdate():
        found = found.filter(year__gte=term.since.year, year__lte=term.until.year)
    return found.distinct()
