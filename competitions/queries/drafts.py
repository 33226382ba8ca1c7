"""The rules while they are written: the draft as last saved, and the drafts before it."""

import hashlib
import json
from functools import lru_cache, partial

from competitions.models import SchemeDraft, SchemeVersion
from competitions.models.competition import TWO_PERSONS_APPROVE
from competitions.queries import current_scheme_version
from competitions.scheme.draft import read_draft
from competitions.scheme.local import make_local
from competitions.scheme.shipped import read_shipped, shipped_schemes
from competitions.scheme.write import to_document
from record.models import Revision


def draft_digest(document):
    """This function will return the digest by which two drafts are the same."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def find_drafts(competition):
    """This function will return every saved draft, the latest first, without the documents."""
    rows = SchemeDraft.objects.filter(competition=competition)
    return rows.select_related("written_by").defer("document").order_by("-number", "id")


def working_draft(competition):
    """This function will return the draft as last saved, or None.

    A competition whose rules were never edited in the browser has its version for draft, unsaved
    and with the number 0.
    """
    latest = (
        SchemeDraft.objects.filter(competition=competition)
        .select_related("written_by")
        .order_by("-number")
        .first()
    )
    if latest is not None:
        return latest
    version = current_scheme_version(competition)
    if version is None:
        return None
    return SchemeDraft(
        competition=competition,
        number=0,
        document=version.document,
        digest=draft_digest(version.document),
        what=f"规则第 {version.number} 版",
        written_by=version.written_by,
        revision=version.revision,
    )


_read: dict = {}


def read_problems(draft_document, digest):
    """This function will return (Scheme, problems) of a draft, kept for the last few digests."""
    if digest not in _read:
        while len(_read) >= 8:
            _read.pop(next(iter(_read)), None)
        _read[digest] = read_draft(draft_document)
    return _read[digest]


def find_draft(competition, number):
    """This function will return one draft with its document, or None."""
    return find_drafts(competition).defer(None).filter(number=number).first()


def find_earlier_rules(competition):
    """This function will return (version id, title, read) of the county's published rules of other
    competitions, latest first; `read()` gives the document."""
    versions = (
        SchemeVersion.objects.filter(
            competition__host_code=competition.host_code, state=SchemeVersion.State.PUBLISHED
        )
        .exclude(competition=competition)
        .filter(competition__rehearsal_of__isnull=True)
        .select_related("competition")
        .defer("document")
        .order_by("-competition__year", "-id")
    )
    return [(item.id, item.competition.title, partial(_document, item.id)) for item in versions]


def _document(version_id):
    return SchemeVersion.objects.only("document").get(id=version_id).document


def find_approval_refusals(version, person):
    """This function will return why this person may not approve a version of the rules: a sentence,
    or nothing.

    Whoever handed the version in wrote it, and so did everybody who saved a draft of it since the
    last version that was approved. To begin from a shipped scheme as it stands is not writing.
    """
    competition = version.competition
    if version.written_by_id == person.id:
        return [TWO_PERSONS_APPROVE]
    approved = (
        SchemeVersion.objects.filter(
            competition=version.competition_id,
            number__lt=version.number,
            approved_by__isnull=False,
        )
        .defer("document")
        .order_by("-number")
        .first()
    )
    mine = dict(
        SchemeDraft.objects.filter(competition=version.competition_id, written_by=person)
        .exclude(digest__in=_shipped_digests(competition.host_name, competition.year))
        .values_list("revision", "number")
    )
    ends = [version.revision, approved.revision if approved else None]
    seqs = dict(
        Revision.objects.filter(op_id__in=[*mine, *filter(None, ends)]).values_list("op_id", "seq")
    )
    last, first = seqs.get(ends[0]), seqs.get(ends[1], -1)
    numbers = sorted(
        number
        for revision, number in mine.items()
        if first < seqs.get(revision, 0) and (last is None or seqs.get(revision, 0) <= last)
    )
    if not numbers:
        return []
    drafts = "、".join(f"第 {number} 稿" for number in numbers[:3])
    more = "等稿" if len(numbers) > 3 else ""
    return [
        f"规则第 {version.number} 版里有您写的内容（{drafts}{more}由您保存），"
        "审定的人不能是起草的人，请由没有参加起草的另一位工作人员审定。"
    ]


@lru_cache(maxsize=64)
def _shipped_digests(host_name, year):
    schemes = [read_shipped(key) for key in shipped_schemes()]
    begun = [*schemes, *(make_local(scheme, host_name, year) for scheme in schemes)]
    return frozenset(draft_digest(to_document(scheme)) for scheme in begun)
