"""Rehearsals 演练: a competition of its own for practice, made from the real one as it stands now.

The real one is only read: what is done in a rehearsal stands in the rehearsal's own rows and chain.
"""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.actions.competitions import free_slug
from competitions.actions.judges import record_judges
from competitions.actions.listing import record_entries
from competitions.actions.plans import record_plan
from competitions.actions.recusals import record_recusal, refresh_recusals
from competitions.models import (
    Competition,
    Entry,
    Judge,
    Recusal,
    RoundPlan,
    SchemeVersion,
    Seat,
    Site,
)
from record.models import Revision

# The rows that are copied; each refers only to rows of kinds before its own, or to its own.
COPIED = (
    (RoundPlan, "competition"),
    (Entry, "competition"),
    (Site, "competition"),
    (Judge, "competition"),
    (Seat, "judge__competition"),
)
# A reason may name somebody: it is written once, in the record of the real competition.
SAME_RECUSAL = "正式的比武里已登记回避"


@transaction.atomic
def start_rehearsal(*, competition, by, now, op_id=None):
    """This function will start a rehearsal of a competition and return it, a Competition.

    It has the rules in force, the entrants with their groups and order, the judges with their
    seats, the recusals, the sites and the timetable without its deadlines as they stand now,
    under the same keys; no marks. ValidationError while the rules are not published, while another
    rehearsal is under way, and for a rehearsal itself.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.COMPETITION_CREATED, by):
        chain = Revision.objects.get(op_id=op_id).chain
        return Competition.objects.get(uuid=uuid.UUID(chain))
    basis.refuse_when_closed(competition)
    version = competition.scheme_versions.filter(state=SchemeVersion.State.PUBLISHED).first()
    if version is None:
        raise ValidationError("规则还没有公布，不能演练。请先公布规则。")
    under_way = competition.rehearsals.exclude(stage=Competition.Stage.CLOSED).first()
    if under_way is not None:
        raise ValidationError(f"「{under_way.title}」正在进行，请先结束它，再另开一场。")
    rehearsal = _create(competition, now)
    body = {
        "title": rehearsal.title,
        "host_code": rehearsal.host_code,
        "host_name": rehearsal.host_name,
        "year": rehearsal.year,
        "demo": rehearsal.demo,
        "rehearsal_of": competition.chain,
    }
    if rehearsal.previous is not None:
        body["previous"] = rehearsal.previous.chain
    if rehearsal.is_first:
        body["first"] = True
    basis.append(rehearsal, kinds.COMPETITION_CREATED, body, by=by, now=now, op_id=op_id)
    _copy_rules(version, rehearsal, by, now)
    _copy_rows(competition, rehearsal)
    # Nobody owes anything in a rehearsal, so nothing of it may be said to be late.
    rehearsal.round_plans.update(due_at=None)
    record_plan(rehearsal, by=by, now=now)
    record_entries(rehearsal, by=by, now=now)
    record_judges(rehearsal, by=by, now=now)
    _follow_recusals(competition, rehearsal, by, now)
    return rehearsal


@transaction.atomic
def end_rehearsal(*, competition, by, now, op_id=None):
    """This function will end a rehearsal: from then on it can be read only, its judges are judges
    of it no longer, and another may be started. A real competition raises ValidationError."""
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.REHEARSAL_ENDED, by):
        return competition
    basis.refuse_when_closed(competition, rehearsed=True)
    if not competition.is_rehearsal:
        raise ValidationError(f"「{competition.title}」不是演练；结束全年工作请办理归档。")
    basis.append(competition, kinds.REHEARSAL_ENDED, {}, by=by, now=now, op_id=op_id)
    competition.stage = Competition.Stage.CLOSED
    competition.save(update_fields=["stage"])
    return competition


def _create(competition, now):
    number = competition.rehearsals.count() + 1
    words = f"（演练{number}）" if number > 1 else "（演练）"
    longest = Competition._meta.get_field("title").max_length - len(words)
    rehearsal = Competition(
        slug=free_slug(f"{competition.slug[:45]}-yanlian"),
        title=competition.title[:longest] + words,
        host_code=competition.host_code,
        host_name=competition.host_name,
        year=competition.year,
        stage=Competition.Stage.RUNNING,
        previous=competition.previous,
        is_first=competition.is_first,
        demo=competition.demo,
        shown_at=competition.shown_at,
        rehearsal_of=competition,
        created_at=now,
    )
    rehearsal.full_clean()
    rehearsal.save()
    return rehearsal


def _copy_rules(version, rehearsal, by, now):
    """The rules in force under the number and digest that they have, and by whom they were written
    and approved. Why they were changed may name somebody: it stays with the real competition, where
    it can be erased."""
    body = {"number": version.number, "document": version.document, "digest": version.digest}
    revision = basis.append(rehearsal, kinds.SCHEME_DRAFTED, body, by=by, now=now)
    version.pk, version._state.adding = None, True
    version.competition, version.revision = rehearsal, revision.op_id
    version.reason = version.decided_by = version.document_number = ""
    version.decided_on = None
    version.save()


def _copy_rows(competition, rehearsal):
    """Copy every column; a reference to a copied row becomes one to its copy."""
    copies = {Competition: {competition.pk: rehearsal.pk}}
    for model, path in COPIED:
        fields = [field for field in model._meta.concrete_fields if field.is_relation]
        known = copies.setdefault(model, {})
        later = []
        for row in model.objects.filter(**{path: competition}).order_by("pk"):
            old, row.pk, row._state.adding = row.pk, None, True
            for field in fields:
                to = getattr(row, field.attname)
                if to is None or field.related_model not in copies:
                    continue
                if field.related_model is model and to not in known:
                    # A constraint may ask for it at once: it is put right when its copy is there.
                    later.append((row, field.attname, to))
                else:
                    setattr(row, field.attname, copies[field.related_model][to])
            row.save()
            known[old] = row.pk
        for row, name, to in later:
            setattr(row, name, known[to])
            row.save(update_fields=[name])


def _follow_recusals(competition, rehearsal, by, now):
    refresh_recusals(competition=rehearsal, by=by, now=now)
    judges = {judge.key: judge for judge in rehearsal.judges.all()}
    entries = {entry.key: entry for entry in Entry.objects.filter(competition=rehearsal)}
    manual = Recusal.objects.filter(judge__competition=competition, kind=Recusal.Kind.MANUAL)
    for row in manual.select_related("judge", "entry").order_by("id"):
        judge, entry = judges[row.judge.key], entries[row.entry.key]
        # The first of a unit's reaches all of its entries.
        if not Recusal.objects.filter(judge=judge, entry=entry).exists():
            record_recusal(
                competition=rehearsal,
                judge=judge,
                entry=entry,
                reason=SAME_RECUSAL,
                by=by,
                now=now,
            )
