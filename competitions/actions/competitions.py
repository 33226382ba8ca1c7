"""A competition and its rules: create, draft, publish."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.actions.drafts import keep_version_as_draft
from competitions.actions.entries import add_entries
from competitions.actions.previous import check_previous
from competitions.frontdoor import find_change_obstacles, hold_pages, tell_rules_published
from competitions.models import Competition, SchemeVersion
from competitions.queries import scheme_of
from competitions.queries.drafts import find_approval_refusals, working_draft
from competitions.queries.readiness import (
    find_approval_obstacles,
    find_blank_obstacles,
    find_obstacles,
)
from competitions.queries.state import has_evidence
from competitions.scheme.local import short_name
from competitions.scheme.write import to_document
from record import actions as record
from record.chain.digests import document_digest
from record.models import Revision
from record.private import Private


@transaction.atomic
def create_competition(
    *,
    host_code,
    host_name,
    year,
    scheme,
    by,
    now,
    title="",
    slug="",
    entrants=(),
    demo=False,
    previous=None,
    is_first=False,
    shown_at=None,
    op_id=None,
):
    """This function will create a competition with the first draft of its rules and its entrants.

    `scheme` is a Scheme; `entrants` are competitions.entrants.Entrant in official order. A title
    of the county that exists in the year raises ValidationError. `previous` is the competition of
    an earlier year with which progress and flags in a row are compared, `is_first` says that there
    is none (neither: not said yet); `shown_at` is the moment at which a demonstration stands still,
    None in real use.
    """
    if basis.done_before(op_id, kinds.COMPETITION_CREATED, by):
        chain = Revision.objects.get(op_id=op_id).chain
        return Competition.objects.get(uuid=uuid.UUID(chain))
    competition = Competition(
        slug=slug or free_slug(f"{host_code}-{year}"),
        title=title or f"{host_name}{year}年{short_name(scheme.title)}",
        host_code=host_code,
        host_name=host_name,
        year=year,
        previous=previous,
        is_first=is_first,
        demo=demo,
        shown_at=shown_at,
        created_at=now,
    )
    check_previous(competition, previous, is_first)
    competition.full_clean()
    competition.save()
    body = {
        "title": competition.title,
        "host_code": host_code,
        "host_name": host_name,
        "year": int(year),
        "demo": demo,
    }
    if previous is not None:
        body["previous"] = previous.chain
    if is_first:
        body["first"] = True
    basis.append(competition, kinds.COMPETITION_CREATED, body, by=by, now=now, op_id=op_id)
    draft_scheme(competition=competition, scheme=scheme, by=by, now=now)
    if entrants:
        add_entries(competition=competition, entrants=entrants, by=by, now=now)
    return competition


def free_slug(wanted):
    """This function will return the wanted name of an address, numbered when it is taken."""
    taken = set(Competition.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number = 1
    slug = wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


@dataclass(frozen=True)
class Change:
    """Why published rules are changed; once marks have come in, also who decided it and when."""

    reason: str
    decided_by: str = ""
    decided_on: date | None = None
    document_number: str = ""


def _check_change(competition, change):
    if change is None:
        raise ValidationError("规则已经公布，不能再替换草稿。")
    if not change.reason.strip():
        raise ValidationError("规则已经公布，修改须写明理由。")
    decided = change.decided_by.strip() and change.decided_on and change.document_number.strip()
    if has_evidence(competition) and not decided:
        raise ValidationError("已经有打分或数据录入，修改规则须有决定，请写明会议、日期和文号。")


@transaction.atomic
def draft_scheme(
    *, competition, scheme, by, now, op_id=None, digest=None, change=None, revision=basis.ANY
):
    """This function will make a Scheme the competition's draft in place of the one before.

    `digest` is that of the version the caller looked at; another one since then raises
    StaleRevision, and so does another draft of the editor than `revision` (a SchemeDraft's), so
    that no colleague's newer draft is buried. After publication a `change` (Change) must say why;
    without one, or without a decision once evidence has come in, ValidationError is raised.
    """
    competition = basis.lock(competition)
    versions = competition.scheme_versions.order_by("-number")
    if basis.done_before(op_id, kinds.SCHEME_DRAFTED, by):
        return versions.get(revision=op_id)
    basis.refuse_when_closed(competition)
    if competition.stage == Competition.Stage.DRAFT:
        basis.refuse_after_evidence(competition, "不能再更换规则")
    else:
        _check_change(competition, change)
    former = versions.defer("document").first()
    if digest is not None and former is not None and former.digest != digest:
        raise record.StaleRevision(Revision.objects.filter(op_id=former.revision).first())
    draft = working_draft(competition) if revision is not basis.ANY else None
    if draft is not None and revision != draft.revision:
        raise record.StaleRevision(Revision.objects.filter(op_id=draft.revision).first())
    document = to_document(scheme)
    body = {"number": former.number + 1 if former else 1, "document": document}
    body["digest"] = document_digest(document)
    told = {}
    if change is not None:
        told = {"reason": change.reason.strip(), "decided_by": " ".join(change.decided_by.split())}
        told["document_number"] = change.document_number.strip()
        day = change.decided_on.isoformat() if change.decided_on else ""
        body["change"] = {
            "reason": Private(told["reason"]),
            "decided_by": Private(told["decided_by"]),
            "decided_on": day,
            "document_number": told["document_number"],
        }
        told["decided_on"] = change.decided_on
    revision = basis.append(competition, kinds.SCHEME_DRAFTED, body, by=by, now=now, op_id=op_id)
    keep_version_as_draft(
        competition=competition,
        document=document,
        what=f"规则第 {body['number']} 版",
        by=by,
        now=now,
        revision=revision,
    )
    versions.filter(state=SchemeVersion.State.DRAFT).update(state=SchemeVersion.State.SUPERSEDED)
    return SchemeVersion.objects.create(
        competition=competition,
        number=body["number"],
        document=document,
        digest=body["digest"],
        revision=revision.op_id,
        written_by=by,
        **told,
    )


@transaction.atomic
def approve_scheme(*, competition, by, now, op_id=None, digest=None):
    """This function will approve the draft version of the rules, by a person who wrote nothing of
    it.

    `digest` is that of the version the caller read; another one since raises StaleRevision. Whoever
    handed it in or saved a draft of it, and anybody once the rules are published, gets a
    ValidationError.
    """
    competition = basis.lock(competition)
    version = competition.scheme_versions.order_by("-number").first()
    if basis.done_before(op_id, kinds.SCHEME_APPROVED, by):
        return version
    basis.refuse_when_closed(competition)
    if version is None or version.state != SchemeVersion.State.DRAFT:
        raise ValidationError("没有等待审定的规则，请先定稿。")
    if digest is not None and version.digest != digest:
        raise record.StaleRevision(Revision.objects.filter(op_id=version.revision).first())
    if refusals := find_blank_obstacles(version.document) + find_approval_refusals(version, by):
        raise ValidationError(refusals)
    if version.approved_by_id is not None:
        raise ValidationError("规则已经审定，可以公布。")
    body = {"number": version.number, "digest": version.digest}
    basis.append(competition, kinds.SCHEME_APPROVED, body, by=by, now=now, op_id=op_id)
    version.approved_by, version.approved_at = by, now
    version.save(update_fields=["approved_by", "approved_at"])
    return version


@transaction.atomic
def publish_scheme(*, competition, by, now, op_id=None, digest=None):
    """This function will publish the draft of the rules: from then on it is frozen. In place of
    published rules it is a change, which every app may forbid (frontdoor.before_rules_change).

    ValidationError lists everything that stands in the way: evidence that has come in already, no
    approval, too few entrants, judges without seats. `digest` is that of the draft the caller
    looked at.
    """
    locked = basis.lock(competition)
    versions = locked.scheme_versions.order_by("-number")
    published = versions.filter(state=SchemeVersion.State.PUBLISHED).first()
    version = versions.filter(state=SchemeVersion.State.DRAFT).first()
    if published is not None and basis.done_before(op_id, kinds.SCHEME_PUBLISHED, by):
        return published
    basis.refuse_when_closed(locked)
    if published is not None and version is None:
        raise ValidationError("规则已经公布，不能再公布另一版。")
    if version is None:
        raise ValidationError("还没有规则草稿，请先起草规则。")
    if digest is not None and version.digest != digest:
        raise record.StaleRevision(Revision.objects.filter(op_id=version.revision).first())
    if published is None:
        basis.refuse_after_evidence(locked, "不能再公布规则")
        obstacles = find_obstacles(locked, version)
    else:
        obstacles = find_blank_obstacles(version.document) + find_approval_obstacles(version)
        obstacles += find_change_obstacles(locked, scheme_of(published), scheme_of(version))
        _check_change(
            locked,
            Change(version.reason, version.decided_by, version.decided_on, version.document_number),
        )
    if obstacles:
        raise ValidationError(obstacles)
    hold_pages(locked)
    body = {"number": version.number, "digest": version.digest}
    basis.append(locked, kinds.SCHEME_PUBLISHED, body, by=by, now=now, op_id=op_id)
    if published is not None:
        published.state = SchemeVersion.State.SUPERSEDED
        published.save(update_fields=["state"])
    version.state = SchemeVersion.State.PUBLISHED
    version.published_by, version.published_at = by, now
    version.save(update_fields=["state", "published_by", "published_at"])
    locked.stage = competition.stage = Competition.Stage.RUNNING
    locked.save(update_fields=["stage"])
    tell_rules_published(locked, by=by, now=now)
    return version
