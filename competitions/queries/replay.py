"""What the record alone says of rules, lists and changes that take two persons, beside the rows.

Lists (entrants, judges, recusals, the timetable) are recorded whole at every change, so that the
revision in force says how they stand. What one person enters and another settles is followed from
its first revision to its last.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from competitions import kinds
from competitions.models import (
    Checked,
    Competition,
    Entry,
    Judge,
    Recusal,
    RoundPlan,
    SchemeDraft,
    SchemeVersion,
    Site,
    TermChange,
)
from competitions.queries.drafts import draft_digest
from competitions.queries.signers import span_at
from competitions.queries.state import latest_revision
from record.models import Revision
from record.private import reveal, reveal_all

State = Checked.State
DAYS = ("since", "until", "acting")


@dataclass(frozen=True)
class Identities:
    """Who and what the ids in a record mean here: `spans` as in ImportedRecord, `people` {uuid in
    them: Person id}, `units` {name in them: Unit}."""

    spans: list
    people: dict
    units: dict

    def person(self, revision, key):
        """This function will return the id here of a person in a revision, None for a stranger."""
        span = span_at(self.spans, revision.seq)
        return self.people.get(span["people"].get(str(key))) if span else None

    def unit(self, revision, key):
        """This function will return the Unit here behind an id in a revision, None if unknown."""
        span = span_at(self.spans, revision.seq)
        return self.units.get(span["units"].get(str(key))) if span else None


def find_unlike_lists(competition, ids):
    """This function will return the titles of what is not as the record of a competition says: its
    own columns, rules, entrants, judges with their seats, recusals, timetable, changes of terms.
    About a dozen queries."""
    pairs = (
        (Competition, _competition_agrees(competition)),
        (SchemeVersion, _versions_agree(competition, ids)),
        (SchemeDraft, _drafts_agree(competition, ids)),
        (Entry, _entries_agree(competition, ids)),
        (Judge, _judges_agree(competition, ids)),
        (Recusal, _recusals_agree(competition)),
        (RoundPlan, _plans_agree(competition)),
        (TermChange, _term_changes_agree(competition, ids)),
    )
    return [str(model._meta.verbose_name) for model, agrees in pairs if not agrees]


# --- what two persons settle ---------------------------------------------------------------------


def find_roads(competition, states):
    """This function will return {operation on which a row stands: (the first Revision, the last)}
    of what begins with a kind of fact and is settled by others: `states` maps the kinds to the
    State that they leave, the first of them being the beginning. One query."""
    entered = next(iter(states))
    revisions = list(Revision.objects.of_chain(competition.chain).of_kind(*states))
    after = {item.replaces: item for item in revisions if item.kind != entered and item.replaces}
    roads = {}
    for first in revisions:
        if first.kind == entered:
            last = first
            while last.op_id in after:
                last = after[last.op_id]
            roads[last.op_id] = (first, last)
    return roads


def roads_agree(rows, competition, states, ids, content):
    """This function will say whether rows that one person enters and another settles are those of
    the record, one for each beginning: who entered and verified them and when, their state, and
    what `content(row, facts, revision)` finds."""
    roads, found = find_roads(competition, states), 0
    for row in rows:
        first, last = roads.get(row.revision, (None, None))
        if first is None:
            return False
        verified = states[last.kind] == State.VERIFIED
        told = (
            states[last.kind],
            ids.person(first, first.by),
            first.at,
            ids.person(last, last.by) if verified else None,
            last.at if verified else None,
        )
        stored = (row.state, row.entered_by_id, row.entered_at)
        if told != (*stored, row.verified_by_id, row.verified_at):
            return False
        if not content(row, reveal(first.facts), first):
            return False
        found += 1
    return found == len(roads)


def _term_changes_agree(competition, ids):
    states = {
        kinds.TERM_PROPOSED: State.ENTERED,
        kinds.TERM_RECORDED: State.VERIFIED,
        kinds.TERM_RETURNED: State.RETURNED,
    }

    def content(row, facts, revision):
        until = row.until.isoformat() if row.until else None
        unit = ids.unit(revision, facts["unit"])
        return (
            unit is not None
            and (row.unit_id, row.person_id) == (unit.pk, ids.person(revision, facts["person"]))
            and (row.since.isoformat(), until) == (facts["since"], facts["until"])
            and (row.acting, row.ends_former) == (facts["acting"], facts["ends_former"])
            and row.reason == facts["reason"]
            and (row.was is None) == (facts["was"] is None)
            and all((row.was or {}).get(name) == (facts["was"] or {}).get(name) for name in DAYS)
        )

    rows = TermChange.objects.filter(competition=competition).order_by("id")
    return roads_agree(rows, competition, states, ids, content)


# --- the competition and its rules ---------------------------------------------------------------


def _competition_agrees(competition):
    created = latest_revision(competition, kinds.COMPETITION_CREATED)
    if created is None:
        return False
    facts = created.facts
    named = latest_revision(competition, kinds.PREVIOUS_NAMED)
    earlier = named.facts if named else facts
    own = ("title", "host_code", "host_name", "year", "demo")
    return (
        all(getattr(competition, name) == facts[name] for name in own if name in facts)
        and (competition.previous.chain if competition.previous else "")
        == earlier.get("previous", "")
        and competition.is_first == bool(earlier.get("first"))
    )


def _versions_agree(competition, ids):
    told = {}
    rules = (kinds.SCHEME_DRAFTED, kinds.SCHEME_APPROVED, kinds.SCHEME_PUBLISHED)
    for item in Revision.objects.of_chain(competition.chain).of_kind(*rules):
        number, by = item.facts["number"], ids.person(item, item.by)
        if item.kind == kinds.SCHEME_DRAFTED:
            _supersede(told, SchemeVersion.State.DRAFT)
            change = reveal(item.facts.get("change", {}))
            told[number] = {
                "revision": item.op_id,
                "digest": item.facts["digest"],
                "state": SchemeVersion.State.DRAFT.value,
                "written_by_id": by,
                "approved_by_id": None,
                "published_by_id": None,
                "reason": change.get("reason", ""),
                "decided_by": change.get("decided_by", ""),
                "document_number": change.get("document_number", ""),
            }
        elif item.kind == kinds.SCHEME_APPROVED:
            told[number]["approved_by_id"] = by
        else:
            _supersede(told, SchemeVersion.State.PUBLISHED)
            told[number]["state"] = SchemeVersion.State.PUBLISHED.value
            told[number]["published_by_id"] = by
    rows = SchemeVersion.objects.filter(competition=competition).defer("document")
    found = {row.number: row for row in rows.order_by("id")}
    return found.keys() == told.keys() and all(
        getattr(row, name) == value
        for number, row in found.items()
        for name, value in told[number].items()
    )


def _supersede(told, state):
    for item in told.values():
        if item["state"] == state:
            item["state"] = SchemeVersion.State.SUPERSEDED.value


def _drafts_agree(competition, ids):
    edits = (kinds.SCHEME_EDITED, kinds.SCHEME_DRAFTED)
    told = {
        item.op_id: item for item in Revision.objects.of_chain(competition.chain).of_kind(*edits)
    }
    rows = list(SchemeDraft.objects.filter(competition=competition).defer("document"))
    kept = {row.revision for row in rows}
    return all(
        item.op_id in kept for item in told.values() if item.kind == kinds.SCHEME_EDITED
    ) and all(row.revision in told and _draft_agrees(row, told, ids) for row in rows)


def _draft_agrees(row, told, ids):
    item = told[row.revision]
    if row.written_by_id != ids.person(item, item.by) or row.written_at != item.at:
        return False
    facts = item.facts
    if item.kind == kinds.SCHEME_DRAFTED:
        own = (draft_digest(facts["document"]), f"规则第 {facts['number']} 版")
        return (row.digest, row.what) == own
    return (row.number, row.digest, row.what) == (facts["number"], facts["digest"], facts["what"])


# --- the lists -----------------------------------------------------------------------------------


def _entries_agree(competition, ids):
    revision = latest_revision(competition, kinds.ENTRIES_CHANGED)
    told = {fact["key"]: fact for fact in revision.facts["entries"]} if revision else {}
    rows = Entry.objects.filter(competition=competition).with_subjects().order_by("id")
    found = {row.key: row for row in rows}
    return (
        found.keys() == told.keys()
        and all(
            _entry_agrees(row, told[key], revision, ids, competition.year)
            for key, row in found.items()
        )
        and _are_dated(found.values())
    )


def _entry_agrees(row, fact, revision, ids, year):
    unit = ids.unit(revision, fact["unit"])
    plain = {
        "subject": row.subject,
        "peer_group": row.peer_group,
        "order": row.official_order,
        "hand_order": row.hand_order,
        "factor": row.factor,
        "withdrawn": row.withdrawn,
    }
    # What stands in a record only where it says something.
    some = {"of": row.of.key if row.of_id else None, "tracks": row.tracks, "people": row.people}
    return (
        unit is not None
        and row.unit_id == unit.pk
        and _is_named(row.unit, fact)
        and all(fact[name] == value for name, value in plain.items() if name in fact)
        and all(fact.get(name) == (value or None) for name, value in some.items() if name in fact)
        and not any(value for name, value in some.items() if name not in fact)
        and _holder_agrees(row, fact, revision, ids, year)
    )


def _is_named(unit, fact):
    """A unit may have been renamed since, from another year: then it has its former name still."""
    codes = {unit.division_code, fact["division"]} - {""}
    return fact["name"] in {unit.name, *unit.aliases} and len(codes) <= 1


def _holder_agrees(row, fact, revision, ids, year):
    if not row.is_human:
        return "person" not in fact
    if "person" not in fact or row.holder.pk != ids.person(revision, fact["person"]):
        return False
    if row.term is None:
        return "since" not in fact
    # Days of other years say nothing about this one, and may have been put right since.
    first, last = date(year, 1, 1), date(year, 12, 31)
    until = date.fromisoformat(fact["until"]) if fact["until"] else last
    return max(date.fromisoformat(fact["since"]), first) == max(row.term.since, first) and min(
        until, last
    ) == min(row.term.until or last, last)


def _are_dated(rows):
    rows = [row for row in rows if row.is_secretary]
    counted = Counter((row.unit_id, row.term.person.name) for row in rows)
    return all(row.dated == (counted[row.unit_id, row.term.person.name] > 1) for row in rows)


def _judges_agree(competition, ids):
    revision = latest_revision(competition, kinds.JUDGES_CHANGED)
    told = {fact["key"]: fact for fact in revision.facts["judges"]} if revision else {}
    rows = Judge.objects.filter(competition=competition).prefetch_related("seats").order_by("id")
    found = {row.key: row for row in rows}
    return found.keys() == told.keys() and all(
        _judge_agrees(row, told[key], revision, ids) for key, row in found.items()
    )


def _judge_agrees(row, fact, revision, ids):
    plain = {
        "number": row.number,
        "group": row.group_key,
        "seniority": row.seniority,
        "hand_order": row.hand_order,
        "seats": sorted(seat.round_key for seat in row.seats.all()),
    }
    return row.person_id == ids.person(revision, fact["person"]) and all(
        fact[name] == value for name, value in plain.items() if name in fact
    )


def _recusals_agree(competition):
    revision = latest_revision(competition, kinds.RECUSAL_RECORDED)
    facts = revision.facts["recusals"] if revision else []
    rows = Recusal.objects.filter(judge__competition=competition).select_related("judge", "entry")
    judges = set(Judge.objects.filter(competition=competition).values_list("key", flat=True))
    # Who leaves the list of judges takes his recusals with him, which the list itself says.
    told = {(fact["judge"], fact["entry"]): fact["kind"] for fact in facts}
    told = {pair: kind for pair, kind in told.items() if pair[0] in judges}
    found = {(row.judge.key, row.entry.key): row for row in rows}
    return {pair: row.kind for pair, row in found.items()} == told and _reasons_agree(
        competition, found.values()
    )


def _reasons_agree(competition, rows):
    """A reason that somebody wrote must be one that he gave for this judge."""
    manual = [row for row in rows if row.kind == Recusal.Kind.MANUAL]
    if not manual:
        return True
    said = Revision.objects.of_chain(competition.chain).of_kind(kinds.RECUSAL_RECORDED)
    notes = [
        note for item in reveal_all(one.facts for one in said) for note in item.get("notes", ())
    ]
    given = {(note["judge"], note["reason"]) for note in notes if "judge" in note}
    return all((row.judge.key, row.reason) in given for row in manual)


def _plans_agree(competition):
    revision = latest_revision(competition, kinds.PLAN_CHANGED)
    facts = revision.facts if revision else {"rounds": [], "sites": []}
    plans = {
        fact["round"]: (
            date.fromisoformat(fact["starts_on"]) if fact["starts_on"] else None,
            datetime.fromisoformat(fact["due_at"]) if fact["due_at"] else None,
            fact["venue"],
        )
        for fact in facts["rounds"]
    }
    rows = RoundPlan.objects.filter(competition=competition).order_by("id")
    if {row.round_key: (row.starts_on, row.due_at, row.venue) for row in rows} != plans:
        return False
    rows = Site.objects.filter(competition=competition).select_related("entry")
    sites, told = {}, {}
    for row in rows.order_by("position", "id"):
        sites.setdefault((row.round_key, row.entry.key), []).append((row.key, row.name))
    for fact in facts["sites"]:
        told.setdefault((fact["round"], fact["entry"]), []).append((fact["key"], fact["name"]))
    return sites == told
