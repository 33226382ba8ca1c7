"""Whether the rows that a bundle brought are those that its record tells of, kind by kind."""

import hashlib

from arena.queries.jury_replay import find_unlike_jury
from arena.queries.paper_replay import find_unlike_papers
from arena.queries.replay import find_unlike_ceremonies, find_unlike_events
from competitions.models import Checked, Competition, Entry, Person
from competitions.queries import scheme_of
from competitions.queries.replay import Identities, find_unlike_lists, roads_agree
from publication import kinds
from publication.bundle.problems import BundleError
from publication.models import Closing, PublicationVersion, PublishedPage
from publication.verification import VERIFY
from record.chain.digests import EVIDENCE_TAG, document_digest
from record.models import Revision
from record.private import reveal
from rewards.queries.replay import find_unlike_decisions
from scoring.models import Tabulation
from scoring.queries.evidence import load_evidence
from scoring.queries.replay import find_unlike_record, find_unlike_settled
from scoring.rules.evidence import to_document

State, Kind, Stage = Checked.State, Closing.Kind, Competition.Stage
ROADS = {
    Kind.CLOSE: {
        kinds.CLOSING_PROPOSED: State.ENTERED,
        kinds.COMPETITION_CLOSED: State.VERIFIED,
        kinds.CLOSING_RETURNED: State.RETURNED,
    },
    Kind.REOPEN: {
        kinds.REOPENING_PROPOSED: State.ENTERED,
        kinds.COMPETITION_REOPENED: State.VERIFIED,
        kinds.REOPENING_RETURNED: State.RETURNED,
    },
}


def find_unlike_rows(competition, ids: Identities):
    """This function will return the titles of the kinds of rows that are not what the record of a
    competition says. What ids in the record mean is given by Identities: the record itself carries
    no names. Some thirty queries, and a few for each thing that took two persons."""
    return [
        *find_unlike_lists(competition, ids),
        *find_unlike_record(competition, ids),
        *find_unlike_settled(competition, ids),
        *find_unlike_decisions(competition, ids),
        *find_unlike_events(competition, ids),
        *find_unlike_papers(competition, ids),
        *find_unlike_jury(competition, ids),
        *find_unlike_ceremonies(competition, ids),
        *_find_unlike_publications(competition, ids),
    ]


def _find_unlike_publications(competition, ids):
    pairs = (
        (PublicationVersion, _versions_agree(competition, ids)),
        (Closing, _closings_agree(competition, ids) and _stage_agrees(competition)),
        (Person, _names_agree(competition)),
    )
    return [str(model._meta.verbose_name) for model, agrees in pairs if not agrees]


def _versions_agree(competition, ids):
    """Which versions there are, who released them, and which of them still stand; what is in them
    is held against its digests elsewhere."""
    told, standing = {}, {}
    released = (kinds.PUBLICATION_RELEASED, kinds.PUBLICATION_WITHDRAWN)
    for item in Revision.objects.of_chain(competition.chain).of_kind(*released):
        facts = item.facts
        number = facts["number"]
        if item.kind == kinds.PUBLICATION_WITHDRAWN:
            told[number] |= {"withdrawn_at": item.at, "withdrawn_reason": reveal(facts)["reason"]}
            standing = {key: value for key, value in standing.items() if value != number}
            continue
        place = (facts["kind"], facts["circle"])
        if place in standing:
            told[standing[place]] |= {
                "withdrawn_at": item.at,
                "withdrawn_reason": f"已由第 {number} 版替代",
                "replaced_by": number,
            }
        standing[place] = number
        told[number] = {
            "kind": facts["kind"],
            "circle": facts["circle"],
            "tabulation": facts["tabulation"],
            "decision": facts["decision"],
            "revision": item.op_id,
            "released_by": ids.person(item, item.by),
            "released_at": item.at,
            "withdrawn_at": None,
            "withdrawn_reason": "",
            "replaced_by": None,
        }
    rows = PublicationVersion.objects.filter(competition=competition).order_by("id")
    found = rows.values_list(
        "number",
        "kind",
        "circle",
        "tabulation__number",
        "decision__number",
        "revision",
        "released_by_id",
        "released_at",
        "withdrawn_at",
        "withdrawn_reason",
        "replaced_by__number",
    )
    return {number: values for number, *values in found} == {
        number: list(facts.values()) for number, facts in told.items()
    }


def _names_agree(competition):
    """The record names nobody; what was published does, under a digest that stands in it."""
    entries = Entry.objects.filter(competition=competition).with_subjects().order_by("id")
    humans = {entry.key: entry.person_name for entry in entries if entry.is_human}
    contents = PublicationVersion.objects.filter(competition=competition).order_by("id")
    return all(
        said["secretary"] == humans.get(key, said["secretary"])
        for version in contents.values_list("contents", flat=True)
        for key, said in version.get("names", {}).items()
    )


def _closings_agree(competition, ids):
    return all(
        roads_agree(
            Closing.objects.filter(competition=competition, kind=kind).order_by("id"),
            competition,
            road,
            ids,
            _closing_agrees,
        )
        for kind, road in ROADS.items()
    )


def _closing_agrees(row, facts, _revision):
    return (row.reason, row.objections_settled) == (facts["reason"], facts["objections_settled"])


def _stage_agrees(competition):
    last = Revision.objects.of_chain(competition.chain).of_kind(
        kinds.COMPETITION_CLOSED, kinds.COMPETITION_REOPENED
    )
    last = last.last()
    if last is not None and last.kind == kinds.COMPETITION_CLOSED:
        return competition.stage == Stage.CLOSED
    published = competition.scheme_versions.filter(state="published").exists()
    return competition.stage == (Stage.RUNNING if published else Stage.DRAFT)


def check_counted(competition):
    """This function will raise BundleError unless what counts in a year that is in the archive is
    what its last tabulation says went in."""
    last = Tabulation.objects.filter(competition=competition).order_by("number").last()
    scheme = scheme_of(last.scheme_version)
    counts = to_document(load_evidence(competition, scheme))
    if document_digest(counts, EVIDENCE_TAG) != last.evidence_digest:
        raise BundleError("卷宗里的打分和数据不是最近一次统分所依据的，被改动过。")


def check_version(version):
    """This function will raise BundleError unless a published version is the one that the record
    released, page by page."""
    own = Revision.objects.of_chain(version.competition.chain)
    said = own.filter(op_id=version.revision, kind=kinds.PUBLICATION_RELEASED).first()
    pages = PublishedPage.objects.filter(version=version).exclude(path__startswith=VERIFY)
    listed = "".join(
        f"{path} {etag}\n" for path, etag in pages.order_by("pk").values_list("path", "etag")
    )
    facts = said.facts if said else {}
    stored = {
        "number": version.number,
        "circle": version.circle,
        "contents": document_digest(version.contents),
        "pages": hashlib.sha256(listed.encode()).hexdigest(),
    }
    if any(facts.get(name) != value for name, value in stored.items()) or (
        version.contents_digest != stored["contents"]
    ):
        raise BundleError(f"第 {version.number} 版公布的内容或页面与存证不符，被改动过。")
