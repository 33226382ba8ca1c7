"""A competition, or one published version of it, as a bundle 卷宗 (docs/bundle.md)."""

from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions.kinds import ENTRIES_CHANGED
from competitions.models import SchemeVersion
from competitions.queries import scheme_of
from competitions.queries.names import find_entry_names, find_judge_names
from competitions.queries.state import latest_revision
from publication.bundle.read import PAGES_FILE, TABLES_FILE
from publication.bundle.redact import find_withheld, is_fully_open, redact_evidence
from publication.bundle.write import write_bundle
from publication.contents import meeting_words
from publication.lines import page_lines, table_lines
from publication.models import Circle, PublicationVersion
from publication.queries import latest_tabulation
from record.chain.digests import instant_text
from record.models import PrivateValue
from record.queries import head, revisions
from rewards.models import MeetingDecision
from rewards.queries import TabulationMismatch, find_outcome
from scoring.models import LedgerEvent
from scoring.queries.evidence import load_evidence
from scoring.queries.sealed import check_tabulation
from scoring.rules.evidence import from_document
from scoring.rules.evidence import to_document as evidence_document
from scoring.rules.tabulate import tabulate

# A larger result travels without its explanations: they are computed again from the evidence.
MOST_EXPLAINED = 20_000
MOST_ATTACHED = 1_500 * 1024 * 1024
# What a version's readers may see of the record beside the digests: these bodies carry digests.
OPEN_KINDS = ("scheme.published",)
PRIVATE = ("digest", "salt", "value")


@transaction.atomic
def export_bundle(competition, *, now, tabulation=None, attachments=True, target=None):
    """This function will return the whole competition as the bytes of a bundle, for the office's
    own archive or to move to another installation (publication.importing): evidence, result,
    outcome, decision, publications, attachments, record, all rows and the published pages.

    `tabulation` is the one that goes in with its evidence: the published one unless named, else
    the latest; before the first tabulation the evidence as it stands. With `target`, a binary
    stream, the bundle is written there. ValidationError when the attachments are beyond 1.5 GB,
    and for a rehearsal.
    """
    if competition.is_rehearsal:
        raise ValidationError("演练不计入成绩，不能导出卷宗。")
    tabulation = tabulation or _published_tabulation(competition) or latest_tabulation(competition)
    version = tabulation.scheme_version if tabulation else _scheme_version(competition)
    last = head(competition.chain)
    documents = {
        "scheme.json": version.document,
        "names.json": _names(competition),
        "private.json": _private(competition.chain),
        "publications.json": [
            _publication(item)
            for item in PublicationVersion.objects.filter(competition=competition)
            .select_related("tabulation", "decision")
            .order_by("number")
        ],
    }
    about = {
        **_about(competition, version, now),
        "circle": "internal",
        "head": last.digest if last else None,
        "withheld": [],
    }
    if tabulation is None:
        facts = load_evidence(competition, scheme_of(version))
        documents["evidence.json"] = evidence_document(facts)
    else:
        about |= {"tabulation": tabulation.number}
        documents |= _tabulation_documents(tabulation, about)
    return write_bundle(
        about=about,
        documents=documents,
        record=_rows(competition.chain),
        lines={
            TABLES_FILE: table_lines(competition, leave_bare),
            PAGES_FILE: page_lines(competition),
        },
        attachments=_attachments(competition) if attachments else (),
        target=target,
    )


@transaction.atomic
def export_public_bundle(version, *, now):
    """This function will return one published version as the bytes of a bundle for its readers:
    the leading group, the county or everybody.

    It carries what the version itself shows, the scheme, and the record with the bodies withheld,
    so that everything shown can be checked. Marks and data go in only where the scheme opens all
    it can open: judges, totals, last places and yellow flags; then without names of judges (unless
    the scheme publishes them) and without free text. The cover's checkpoints are the tabulation's
    and the release's own entries in the record. ValidationError for a version whose readers see
    their own part only, or one without results.
    """
    if version.circle == Circle.UNIT or version.tabulation is None:
        raise ValidationError("只有送领导小组、向全县或社会公布的结果可以提供核验卷宗。")
    competition, tabulation = version.competition, version.tabulation
    check_tabulation(tabulation)
    scheme = scheme_of(tabulation.scheme_version)
    last = head(competition.chain)
    names = {key: item["name"] for key, item in version.contents["names"].items()}
    documents = {
        "scheme.json": tabulation.scheme_version.document,
        "names.json": {"entries": names},
        # Why it was withdrawn, if it was, is for the office only.
        "publications.json": [{**_publication(version), "withdrawn_reason": ""}],
    }
    about = {
        **_about(competition, tabulation.scheme_version, now),
        "circle": version.circle,
        "tabulation": tabulation.number,
        "head": last.digest if last else None,
        "checkpoints": {str(item.seq): item.digest for item in find_entries_of(version)},
        "withheld": find_withheld(scheme.disclosure),
        "redacted": True,
    }
    if is_fully_open(scheme.disclosure):
        documents |= _open_documents(version, scheme, documents["names.json"])
    return write_bundle(
        about=about,
        documents=documents,
        record=_rows(competition.chain, open_number=version.number),
    )


def find_entries_of(version):
    """This function will return the two entries of the record behind published results: that of
    the tabulation, then that of the release."""
    found = [version.tabulation.revision, version.revision]
    return list(revisions(version.competition.chain).filter(op_id__in=found))


def _open_documents(version, scheme, names):
    """Evidence and result without names and free text, where the scheme opens everything."""
    people = find_judge_names(version.competition)
    facts, keys = redact_evidence(from_document(version.tabulation.evidence))
    if scheme.disclosure.judges == "name":
        names["judges"] = {keys[key]: name for key, (_, name) in people.items() if key in keys}
    result = tabulate(scheme, facts)
    documents = {
        "evidence.json": evidence_document(facts),
        "result.json": result.to_document(),
    }
    if version.decision is not None:
        said = meeting_words(version.decision.document_number)
        changes = [{**change, "reason": said} for change in version.decision.changes]
        documents["decision.json"] = {"changes": changes}
    return documents


# --- parts ---------------------------------------------------------------------------------------


def _about(competition, version, now):
    return {
        "title": competition.title,
        "host": competition.host_name,
        "host_code": competition.host_code,
        "year": competition.year,
        "demo": competition.demo,
        "chain": competition.chain,
        "scheme_digest": version.digest,
        "made_at": instant_text(now),
    }


def _names(competition):
    """What entries and judges are called; units as the record has it, by which names are checked:
    another year may have given a unit another name since."""
    entries = find_entry_names(competition)
    judges = find_judge_names(competition)
    listed = latest_revision(competition, ENTRIES_CHANGED)
    units = {
        fact["key"]: fact["name"]
        for fact in (listed.facts["entries"] if listed else ())
        if fact["subject"] == "unit"
    }
    return {
        "entries": {key: units.get(key, item["name"]) for key, item in entries.items()},
        "judges": {key: name for key, (_, name) in judges.items()},
    }


def _published_tabulation(competition):
    version = (
        PublicationVersion.objects.in_force()
        .filter(competition=competition, kind=PublicationVersion.Kind.RESULTS)
        .select_related("tabulation__scheme_version")
        .order_by("-number")
        .first()
    )
    return version.tabulation if version else None


def _scheme_version(competition):
    versions = competition.scheme_versions.order_by("-number")
    version = versions.filter(state=SchemeVersion.State.PUBLISHED).first() or versions.first()
    if version is None:
        raise ValidationError("还没有规则，不能导出卷宗。")
    return version


def _tabulation_documents(tabulation, about):
    result = tabulation.result
    if leave_bare(result):
        about["trees"] = False
    documents = {"evidence.json": tabulation.evidence, "result.json": result}
    if not tabulation.complete:
        return documents
    try:
        outcome = find_outcome(tabulation)
    except TabulationMismatch:
        # The bundle of a result that does not follow from its evidence must still be had: whoever
        # verifies it is shown where the two differ.
        return documents
    documents["outcome.json"] = {
        "computed": outcome.computed.to_document(),
        "final": outcome.final.to_document(),
    }
    documents["decision.json"] = _decision(outcome.decision)
    return documents


def leave_bare(result):
    """This function will take the explanations out of a result that is too large to travel with
    them, and say whether it did."""
    explained = sum(
        len(round_["criteria"])
        for track in result["tracks"].values()
        for item in track["entries"].values()
        for round_ in item["rounds"].values()
    )
    if explained <= MOST_EXPLAINED:
        return False
    for track in result["tracks"].values():
        for item in track["entries"].values():
            item.pop("tree", None)
    return True


def _decision(decision):
    if decision is None:
        return None
    return {
        "number": decision.number,
        "meeting": decision.meeting,
        "decided_on": decision.decided_on.isoformat(),
        "document_number": decision.document_number,
        "note": decision.note,
        "scan": decision.scan_digest,
        "changes": decision.changes,
    }


def _publication(version):
    return {
        "number": version.number,
        "kind": version.kind,
        "circle": version.circle,
        "circle_title": version.get_circle_display(),
        "tabulation": version.tabulation.number if version.tabulation else None,
        "decision": version.decision.number if version.decision else None,
        "released_at": instant_text(version.released_at),
        "withdrawn_at": instant_text(version.withdrawn_at) if version.withdrawn_at else None,
        "withdrawn_reason": version.withdrawn_reason,
        "contents_digest": version.contents_digest,
        "contents": version.contents,
    }


def _private(chain):
    """{digest: [salt, text]} of everything that the record's bodies only commit to, not erased."""
    operations = revisions(chain).order_by().values("op_id")
    rows = PrivateValue.objects.filter(op_id__in=operations).order_by("id")
    return {digest: [salt, text] for digest, salt, text in rows.values_list(*PRIVATE)}


def _rows(chain, open_number=None):
    """The rows of the record; for a public bundle only the bodies of this version stay."""
    for revision in revisions(chain).iterator(chunk_size=500):
        row = revision.as_row()
        if open_number is not None and not _is_open(revision, open_number):
            row["body"] = None
        yield row


def _is_open(revision, number):
    if revision.kind == "publication.released":
        return revision.facts["number"] == number
    return revision.kind in OPEN_KINDS


def _attachments(competition):
    """(name, pieces) of the evidence files and scans, by the key of what they belong to."""
    files = [
        (f"ledger-{event.key}", event.evidence)
        for event in LedgerEvent.objects.filter(competition=competition).order_by("key", "id")
        if event.evidence
    ]
    files += [
        (f"decision-{decision.number}", decision.scan)
        for decision in MeetingDecision.objects.filter(competition=competition).order_by("number")
        if decision.scan
    ]
    if sum(file.size for _, file in files if file.storage.exists(file.name)) > MOST_ATTACHED:
        raise ValidationError("附件合计超过 1.5 GB，请选择不带附件导出，附件另行拷贝。")
    for name, file in files:
        if not file.storage.exists(file.name):
            raise ValidationError(f"附件「{name}」的文件不见了，请先从备份恢复再导出。")
        yield name + PurePosixPath(file.name).suffix, _pieces(file)


def _pieces(file):
    with file.open("rb") as stream:
        yield from stream.chunks()
