"""A ceremony as it stands: its script, the moment of the machine, and who is in a picture."""

import json
from dataclasses import dataclass, field, replace
from functools import lru_cache

from arena.ceremony import machine
from arena.ceremony.script import arrange, to_document, write_script
from arena.models import Ceremony
from competitions.models import Entry
from competitions.queries import scheme_of
from record.chain.digests import document_digest
from rewards.queries import (
    TabulationMismatch,
    find_computed,
    find_outcome,
    find_standing,
    say_due,
)
from rewards.rules.decide import apply_decision
from rewards.rules.outcome import Change
from scoring.models import Tabulation
from scoring.queries.outdated import find_outdated
from scoring.queries.sealed import check_tabulation
from scoring.queries.tabulations import find_latest_tabulation

# Where the round's key stands in the addresses of a round's feed: a ceremony is of the whole year.
PLACE = "ceremony"
SCRIPT_TAG = b"leitai-ceremony/1\n"
ANEW = "颁奖仪式要重新制作。"


@dataclass
class Show:
    """A ceremony with its whole script and the machine's state. `fault` is a sentence when the
    script is not the one that was made: then no page of the hall shows anybody."""

    ceremony: Ceremony
    script: tuple = ()
    stage: machine.Ceremony = field(default_factory=lambda: machine.Ceremony(()))
    fault: str = ""

    @property
    def left_out(self):
        """The groups of the script that are not awarded."""
        return [group for group in self.script if group.key not in self.ceremony.groups]


def find_ceremony(competition):
    """This function will return the competition's ceremony in force, or None."""
    return (
        Ceremony.objects.filter(competition=competition)
        .exclude(state=Ceremony.State.REPLACED)
        .select_related("competition", "tabulation__scheme_version", "decision", "made_by")
        .defer("tabulation__evidence", "tabulation__result", "tabulation__scheme_version__document")
        .first()
    )


def load_show(ceremony):
    """This function will return the ceremony as Show. What is stored is held against the record
    each time; the script is written once per process."""
    try:
        scheme, script, digest = read_script(ceremony.tabulation, ceremony.decision)
    except (TabulationMismatch, ValueError) as error:
        return Show(ceremony, fault=f"{error}{ANEW}")
    if digest != ceremony.script_digest:
        return Show(ceremony, fault=f"脚本与制作时的存证不符，{ANEW}")
    stage = machine.Ceremony(
        groups=arrange(scheme, script, ceremony.groups),
        state=machine.State(ceremony.state),
        position=ceremony.position,
        cover=ceremony.cover,
        ahead=ceremony.ahead,
    )
    return Show(ceremony, script, stage)


def read_script(tabulation, decision):
    """This function will return (Scheme, script, its digest) of a tabulation with a decision.

    TabulationMismatch is raised when what is stored is not what the record says, ValueError for a
    decision that does not fit.
    """
    check_tabulation(tabulation)
    changes = json.dumps(decision.changes, sort_keys=True, ensure_ascii=False)
    digests = tabulation.result_digest, tabulation.evidence_digest
    return _write(tabulation.id, *digests, tabulation.scheme_version.digest, changes)


@lru_cache(maxsize=16)
def _write(tabulation_id, _result_digest, _evidence_digest, _scheme_digest, changes):
    stored = Tabulation.objects.select_related("scheme_version").get(id=tabulation_id)
    scheme = scheme_of(stored.scheme_version)
    outcome = apply_decision(
        find_computed(stored), [Change(**change) for change in json.loads(changes)]
    )
    script = write_script(scheme, outcome, stored.result)
    return scheme, script, document_digest(to_document(script), SCRIPT_TAG)


def find_basis(competition):
    """This function will return (tabulation, DecidedOutcome, "") from which a ceremony may be made
    now, or (None, None, a sentence that says what is wanting)."""
    tabulation = find_latest_tabulation(competition)
    if tabulation is None or not tabulation.complete:
        return None, None, "还没有完整的统分，不能制作颁奖仪式。请补齐数据并统分。"
    try:
        outcome = find_outcome(tabulation)
    except TabulationMismatch as error:
        return None, None, str(error)
    if outdated := find_outdated(competition, outcome.scheme, tabulation):
        return None, None, f"{outdated}制作颁奖仪式。"
    if outcome.waiting is not None:
        return None, None, "会议决定还没有经第二人核对，请核对后再制作颁奖仪式。"
    if outcome.due is not None:
        return None, None, f"{say_due(outcome.due)}，请先在授旗与奖励页确认。"
    if outcome.decision is None:
        return None, None, "还没有经核对的会议决定，请先在授旗与奖励页录入并由另一人核对。"
    if outcome.final.undecided:
        return None, None, "有名额边界的并列还没有决定，请先登记裁定，再重新统分。"
    return tabulation, outcome, ""


def find_fault(show, *, deep=True):
    """This function will say why a ceremony cannot go on: its script is not the one that was made,
    or results or decision have changed since; or evidence or rules have since the tabulation,
    unless `deep` is false: all evidence is read for it. Empty when it can."""
    if show.fault or show.ceremony.state == Ceremony.State.ENDED:
        return show.fault
    ceremony = show.ceremony
    if deep and ceremony.state == Ceremony.State.PREPARED:
        _tabulation, _outcome, wanting = find_basis(ceremony.competition)
        if wanting:
            return wanting
    latest = find_latest_tabulation(ceremony.competition)
    if _basis_of(latest) != _basis_of(ceremony.tabulation):
        return f"制作脚本以后又重新统过分，结果有变，{ANEW}"
    standing = find_standing(latest)
    if standing.waiting is not None or standing.decision != ceremony.decision:
        return f"制作脚本以后会议决定有变，{ANEW}"
    if deep and ceremony.state == Ceremony.State.RUNNING:
        scheme = scheme_of(ceremony.tabulation.scheme_version)
        if outdated := find_outdated(ceremony.competition, scheme, latest):
            return f"{outdated}重新制作颁奖仪式。"
    return ""


def _basis_of(tabulation):
    return tabulation and (
        tabulation.complete,
        tabulation.scheme_version_id,
        tabulation.evidence_digest,
        tabulation.result_digest,
    )


@dataclass(frozen=True)
class Named:
    """One revelation with the name of who gets it."""

    item: object
    name: str

    @property
    def size(self):
        """How large the name may stand on the screen, by its length: `xl`, `l`, `m` or `s`."""
        sizes = ((4, "xl"), (6, "l"), (12, "m"))
        return next((size for most, size in sizes if len(self.name) <= most), "s")


def name_picture(competition, look):
    """This function will return the Look with names (Named in place of each Item), asking for the
    names of those who are in it only. None stays None."""
    if look is None:
        return None
    names = {}
    if look.entries:
        rows = Entry.objects.filter(competition=competition, key__in=look.entries)
        names = {entry.key: entry.name for entry in rows.with_subjects()}

    def named(item):
        return Named(item, names.get(item.entry, item.entry))

    return replace(
        look,
        item=named(look.item) if look.item else None,
        earlier=tuple(map(named, look.earlier)),
        rows=tuple(map(named, look.rows)),
    )
