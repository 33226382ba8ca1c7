"""Measured values and votes: entered in one save, verified or returned by a second person.

One save is one revision, whatever the number of cells. Only changed rows go back to “entered”; what
was verified in them goes on counting until a second person has verified the change.
"""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions.frontdoor import hold_pages
from record.actions import OperationReused, append
from record.models import Revision
from record.private import Private, reveal
from scoring import doors, kinds
from scoring.actions.evidence import (
    NEEDS_REASON,
    OWN_PART,
    TWO_PERSONS,
    active_entries,
    find_recorded,
    lock_competition,
    published_scheme,
)
from scoring.models import Checked, Measurement
from scoring.queries.hands import find_measured_hands
from scoring.queries.inputs import find_asked, read_value
from scoring.queries.vote_history import find_counted_votes

VOTES_NEED_REASON = (
    "这里有投票计出的票数，更正它要写明原因，例如「第 12 席由工作人员误投，评委会决定不计」。"
)


@dataclass(frozen=True)
class StaleCell:
    """A cell that two people changed: what it was, what the other saved, and what was typed."""

    entry: object
    asked: object
    input: object
    was: str
    theirs: str
    mine: str
    by: object
    at: object


class StaleCells(ValidationError):
    """Somebody else changed some of the same cells first; `cells` holds both versions of each.

    `own` {(entry key, criterion key): {input key: text}} is all that this person had changed.
    """

    def __init__(self, cells, own):
        super().__init__(
            "您修改的内容中，有的单元格已被别人先改过，没有保存。请对照两个版本后再保存。",
            code="stale_revision",
        )
        self.cells = cells
        self.own = own


class CellErrors(ValidationError):
    """Cells that cannot be read; `cells` is {(entry key, criterion key, input key): sentence}."""

    def __init__(self, cells):
        super().__init__("有的单元格不能识别，没有保存，请按提示更正。", code="cells")
        self.cells = cells


def enter_measurements(*, competition, round_key, values, revisions, op, by, now, reason=""):
    """This function will save the cells that somebody changed in a round's grid, as one revision.

    `values` is {(entry key, criterion key): {input key: text}}; an empty text, 「/」 or 「—」 makes
    the cell missing. `revisions` is {(entry key, criterion key): hex of the revision that the page
    was made from, "" where there was no row}: what differs from that revision is this person's
    change. A cell that somebody else changed too raises StaleCells and nothing is saved; other
    cells of the same row are merged. Votes that were counted from ballots change with a `reason`
    only, as marks do: else ValidationError. Returns the Revision, or None when nothing changes; a
    repeated `op` returns the first one.
    """
    with transaction.atomic():
        competition = lock_competition(competition)
        scheme = published_scheme(competition)
        track, round_ = _find_round(scheme, round_key)
        entries = active_entries(competition, track)
        asked = {item.key: item for item in find_asked(round_)}
        cells = _read_cells(values, entries, asked)
        earlier = find_recorded(op, kind=kinds.MEASUREMENTS_ENTERED, by=by, competition=competition)
        if earlier is not None:
            return _same_as(earlier, round_key, cells, revisions, reason)
        rows = _rows(competition, round_key)
        cells = _keep_own_changes(rows, revisions, cells, entries, asked)
        changes = _merge(rows, cells)
        if not changes:
            return None
        body = {
            "round": round_key,
            "rows": [
                _row_body(entry, criterion, merged, rows.get((entry, criterion)))
                for (entry, criterion), merged in sorted(changes.items())
            ],
        }
        if find_counted_votes(competition, round_key) & changes.keys():
            body["reason"] = Private(_read_reason(reason))
        revision = append(
            chain=competition.chain,
            kind=kinds.MEASUREMENTS_ENTERED,
            body=body,
            by=str(by.id),
            now=now,
            op_id=op,
        )
        _project(competition, round_key, rows, changes, entries, revision, by, now)
        return revision


def verify_measurements(*, competition, round_key, revisions, op, by, now):
    """This function will mark rows as verified by a second person.

    `revisions` is {(entry key, criterion key): hex of the revision that was looked at}. Nobody
    verifies a row of which she entered a value that is not verified yet; a row that changed since
    it was looked at refuses the whole call.
    """
    return _check(
        competition, round_key, revisions, op, by, now, kinds.MEASUREMENTS_VERIFIED, reason=""
    )


def return_measurements(*, competition, round_key, revisions, reason, op, by, now):
    """This function will send rows back to whoever entered them, with a reason."""
    if not reason.strip():
        raise ValidationError(NEEDS_REASON)
    return _check(
        competition, round_key, revisions, op, by, now, kinds.MEASUREMENTS_RETURNED, reason
    )


def _find_round(scheme, round_key):
    try:
        return scheme.find_round(round_key)
    except KeyError:
        raise ValidationError("规则里没有这个环节，请从路线图重新进入。") from None


def _read_cells(values, entries, asked):
    """{(entry, criterion): {input: decimal text or ""}}; every unreadable cell is reported."""
    cells, errors = {}, {}
    for (entry, criterion), inputs in values.items():
        for key, text in inputs.items():
            input_ = asked[criterion].input(key) if criterion in asked else None
            if entry not in entries or input_ is None:
                errors[entry, criterion, key] = "参评名单或规则里没有这一格，请刷新页面后重试。"
                continue
            try:
                value = read_value(text, input_, votes=asked[criterion].is_votes)
            except ValidationError as error:
                errors[entry, criterion, key] = error.message
                continue
            cells.setdefault((entry, criterion), {})[key] = value
    if errors:
        raise CellErrors(errors)
    return cells


def _read_reason(reason):
    reason = reason.strip()
    if not reason:
        raise ValidationError(VOTES_NEED_REASON, code="votes_need_reason")
    return reason


def _same_as(earlier, round_key, cells, revisions, reason):
    """The earlier revision, when the cells say what it recorded; else OperationReused.

    What the save found there already, and what only repeats the page, was not recorded by it.
    """
    said = reveal(earlier.facts)
    if said["round"] != round_key or said.get("reason", reason.strip()) != reason.strip():
        raise OperationReused(earlier)
    saves = Revision.objects.of_chain(earlier.chain).of_kind(kinds.MEASUREMENTS_ENTERED)
    after = {}
    for revision in saves.filter(seq__lte=earlier.seq):
        facts = revision.facts
        if facts["round"] == round_key:
            after |= {(row["entry"], row["criterion"]): row["values"] for row in facts["rows"]}
    shown = _recorded_values({place: revisions.get(place, "") for place in cells})
    for place, inputs in cells.items():
        for key, value in inputs.items():
            if value not in (after.get(place, {}).get(key, ""), shown[place].get(key, "")):
                raise OperationReused(earlier)
    return earlier


def _rows(competition, round_key):
    rows = (
        Measurement.objects.select_for_update(of=("self",), no_key=True)
        .filter(competition=competition, round_key=round_key)
        .select_related("entry", "entered_by")
        .order_by("id")
    )
    return {(row.entry.key, row.criterion_key): row for row in rows}


def _keep_own_changes(rows, revisions, cells, entries, asked):
    """The cells that this person changed, by what her page was made from; refuses stale ones."""
    moved = {
        place: revisions.get(place, "")
        for place in cells
        if place in rows and rows[place].revision.hex != revisions.get(place, "")
    }
    own = {place: inputs for place, inputs in cells.items() if place not in moved}
    stale = []
    for place, was in _recorded_values(moved).items():
        row = rows[place]
        own[place] = {key: mine for key, mine in cells[place].items() if mine != was.get(key, "")}
        stale += [
            StaleCell(
                entry=entries[place[0]],
                asked=asked[place[1]],
                input=asked[place[1]].input(key),
                was=was.get(key, ""),
                theirs=row.values.get(key, ""),
                mine=mine,
                by=row.entered_by,
                at=row.entered_at,
            )
            for key, mine in own[place].items()
            if row.values.get(key, "") not in (was.get(key, ""), mine)
        ]
    if stale:
        raise StaleCells(stale, own)
    return own


def _recorded_values(moved):
    """The values that a page was made from, as the record has them: {place: {input: text}}."""
    wanted = {hex_ for hex_ in moved.values() if hex_}
    bodies = {}
    if wanted:
        try:
            ids = [UUID(hex_) for hex_ in wanted]
        except ValueError:
            raise ValidationError("页面内容不完整，没有保存，请刷新页面后重试。") from None
        for revision in Revision.objects.filter(op_id__in=ids).order_by("id"):
            bodies[revision.op_id.hex] = {
                (row["entry"], row["criterion"]): row["values"]
                for row in revision.facts.get("rows", [])
            }
    return {place: bodies.get(hex_, {}).get(place, {}) for place, hex_ in moved.items()}


def _merge(rows, cells):
    """{place: whole values after the save} of the rows that really change."""
    changes = {}
    for place, inputs in cells.items():
        before = rows[place].values if place in rows else {}
        after = {**before, **inputs}
        after = {key: value for key, value in after.items() if value != ""}
        if after != before:
            changes[place] = after
    return changes


def _row_body(entry, criterion, values, row):
    body = {"entry": entry, "criterion": criterion, "values": values}
    if row is not None:
        body["was"] = row.revision.hex
    return body


def _project(competition, round_key, rows, changes, entries, revision, by, now):
    new, changed = [], []
    for (entry, criterion), values in changes.items():
        row = rows.get((entry, criterion))
        if row is None:
            row = Measurement(
                competition=competition,
                entry=entries[entry],
                round_key=round_key,
                criterion_key=criterion,
            )
            new.append(row)
        else:
            changed.append(row)
        if row.state == Checked.State.VERIFIED:
            row.verified_values = row.values
        row.values = values
        row.state = Checked.State.ENTERED
        row.entered_by, row.entered_at = by, now
        row.verified_by = row.verified_at = None
        row.return_reason = ""
        row.revision = revision.op_id
    Measurement.objects.bulk_create(new)
    if changed:
        Measurement.objects.bulk_update(
            changed,
            [
                "values",
                "verified_values",
                "state",
                "entered_by",
                "entered_at",
                "verified_by",
                "verified_at",
                "return_reason",
                "revision",
            ],
        )


def _check(competition, round_key, revisions, op, by, now, kind, reason):
    with transaction.atomic():
        competition = lock_competition(competition)
        earlier = find_recorded(op, kind=kind, by=by, competition=competition)
        if earlier is not None:
            recorded = {(row["entry"], row["criterion"]) for row in earlier.facts["rows"]}
            if recorded != set(revisions):
                raise OperationReused(earlier)
            return earlier
        if not revisions:
            raise ValidationError("请先勾选要核对的行。")
        verified = kind == kinds.MEASUREMENTS_VERIFIED
        if verified:
            hold_pages(competition)
        rows = _rows(competition, round_key)
        hands = find_measured_hands(competition, round_key) if verified else {}
        chosen = []
        for place, hex_ in sorted(revisions.items()):
            row = rows.get(place)
            if row is None or row.revision.hex != hex_:
                raise ValidationError(
                    "所选的行在您查看之后又有改动，没有保存。请刷新页面，看过新的数值再核对。",
                    code="stale_revision",
                )
            if row.state != Checked.State.ENTERED:
                raise ValidationError("所选的行里有的不在待核对状态，请刷新页面后重试。")
            if row.entered_by_id == by.id:
                raise ValidationError(TWO_PERSONS)
            if by.id in hands.get(place, ()):
                raise ValidationError(f"{row.entry.name}这一行{OWN_PART}")
            chosen.append(row)
        body = {
            "round": round_key,
            "rows": [
                _row_body(row.entry.key, row.criterion_key, row.values, row) for row in chosen
            ],
        }
        if reason:
            body["reason"] = Private(reason.strip())
        revision = append(
            chain=competition.chain, kind=kind, body=body, by=str(by.id), now=now, op_id=op
        )
        for row in chosen:
            row.state = Checked.State.VERIFIED if verified else Checked.State.RETURNED
            row.verified_by, row.verified_at = (by, now) if verified else (None, None)
            if verified:
                row.verified_values = {}
            row.return_reason = reason.strip()
            row.revision = revision.op_id
        Measurement.objects.bulk_update(
            chosen,
            [
                "state",
                "verified_values",
                "verified_by",
                "verified_at",
                "return_reason",
                "revision",
            ],
        )
        if verified:
            doors.tell_changed(competition, round_key, now=now)
        return revision
