"""The only door to this app's objects: an outsider gets 404, a reader who may not change 403."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from competitions.models import Competition, Judge, PartySecretary
from competitions.offices import OFFICES, USUAL
from competitions.roles import INSIDERS, ActiveRole, RoleKind
from record.prepared import Prepared, ask

NAMED = Prepared(lambda slug: Competition.objects.filter(slug=slug))


class InArchive(PermissionDenied):
    """A refusal because the competition is in the archive; `competition` is the one."""

    def __init__(self, sentence, competition):
        super().__init__(sentence)
        self.competition = competition


# Every page of somebody signed in asks this, so it is one query, written by hand: roles granted,
# panels, and terms of office, each part in its own order.
ROLES_HELD = """
    SELECT kind, title, host_code, subject FROM (
        SELECT role.kind AS kind, '' AS title, role.host_code AS host_code, 0 AS subject,
            1 AS part, role.host_code AS first, 0 AS second, role.id AS third
        FROM competitions_role role
        WHERE role.person_id = %s AND role.since <= %s
            AND (role.until IS NULL OR role.until >= %s)
        UNION ALL
        SELECT 'judge', '评委（' || competition.title || '）', '', judge.id,
            2, '', -competition.year, judge.id
        FROM competitions_judge judge
        JOIN competitions_competition competition ON competition.id = judge.competition_id
        WHERE judge.person_id = %s AND competition.stage <> %s
        UNION ALL
        SELECT 'secretary', unit.name || {offices}, '', term.id,
            3, '', unit.official_order, term.id
        FROM competitions_partysecretary term
        JOIN competitions_unit unit ON unit.id = term.unit_id
        WHERE term.person_id = %s AND term.since <= %s
    ) AS held
    ORDER BY part, first, second, third
"""
_KINDS = " ".join(f"WHEN '{kind}' THEN '{office}'" for kind, office in OFFICES.items())
ROLES_HELD = ROLES_HELD.replace("{offices}", f"CASE unit.kind {_KINDS} ELSE '{USUAL}' END")


def find_roles(person, today=None):
    """This function will return every role the person holds today, as ActiveRole, fixed order."""
    today = today or timezone.localdate()
    closed = str(Competition.Stage.CLOSED)
    values = [person.id, today, today, person.id, closed, person.id, today]
    held = [
        ActiveRole(RoleKind(kind), title or RoleKind(kind).label, host_code, subject or None)
        for kind, title, host_code, subject in ask(ROLES_HELD, values)
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
        # A rehearsal is for those who work in it.
        found = found.real() if role.kind is RoleKind.LEADER else found
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
    competition = NAMED.first(slug=slug)
    if competition is None or not competition.host_code.startswith(role.host_code):
        raise Http404("没有这个比武。")
    if change and role.kind is RoleKind.AUDITOR:
        raise PermissionDenied("监督员可以查看全部内容，不能修改。")
    if change and competition.stage == Competition.Stage.CLOSED:
        raise InArchive("归档以后各页只能查看，不能修改。", competition)
    return competition


def may_change(role, competition, *, rehearsed=False):
    """This function will return whether a page offers the organiser's changes: not to others, not
    once the competition is in the archive, and in a rehearsal only what may be `rehearsed`."""
    is_open = competition.stage != Competition.Stage.CLOSED
    fits = rehearsed or not competition.is_rehearsal
    return role.kind is RoleKind.ORGANISER and is_open and fits


def get_judge_for(role, slug):
    """This function will return the judge the role acts as in the competition, or raise 404; 403
    when the same person judged it and it is in the archive."""
    if role is None or role.kind is not RoleKind.JUDGE:
        raise Http404("没有这个比武。")
    judge = (
        Judge.objects.select_related("competition", "person")
        .filter(id=role.subject, competition__slug=slug)
        .first()
    )
    if judge is None:
        refuse_in_archive(slug, Judge.objects.filter(id=role.subject).values("person"))
        raise Http404("没有这个比武。")
    return judge


def refuse_in_archive(slug, people):
    """This function will raise InArchive, 403, when one of these people (a query or list)
    judged the competition and lost that role because it has gone to the archive."""
    closed = Competition.objects.filter(slug=slug, stage=Competition.Stage.CLOSED)
    judged = closed.filter(judges__person__in=people).first()
    if judged is not None:
        raise InArchive("归档以后不再打分，评委身份随之收回。", judged)


def _competitions_of_term(term_id):
    """A secretary in office sees all her unit's competitions; a former one those of her years, and
    one who is named but not in office yet none."""
    term = PartySecretary.objects.filter(id=term_id).first()
    if term is None or term.since > timezone.localdate():
        return Competition.objects.none()
    found = Competition.objects.real().filter(entries__unit=term.unit_id)
    if term.until is not None and term.until < timezone.localdate():
        found = found.filter(year__gte=term.since.year, year__lte=term.until.year)
    return found.distinct()
