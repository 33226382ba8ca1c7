"""The rows that travel in a bundle beside the record: which tables, and how a row is written.

A bundle has no ids of the database. A row is named by its number in its own table, from 1 in the
order in which the rows came to be; a person by the uuid that is the same everywhere; a file by the
attachment that carries it. `publication.bundles` writes, `publication.importing` reads back.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from arena.models import Ballot, Ceremony, Event, JurySeat, PaperSheet, Turn
from competitions.models import (
    Competition,
    Entry,
    Involvement,
    Judge,
    PartySecretary,
    Person,
    Recusal,
    RoundPlan,
    SchemeDraft,
    SchemeVersion,
    Seat,
    Site,
    TermChange,
    Unit,
)
from publication.bundle.problems import BundleError, shown
from publication.json_shapes import TERM, check_column, check_shape
from publication.models import Closing, PublicationVersion
from record.chain.digests import INSTANT, instant_text
from record.restore import INSTANT as INSTANT_FORM
from rewards.models import MeetingDecision
from scoring.models import (
    Correction,
    LateDecision,
    LateSheet,
    LedgerEvent,
    Measurement,
    Ruling,
    Sheet,
    Tabulation,
)

FORMAT = "leitai-tables/1"


@dataclass(frozen=True)
class Table:
    """A table of rows that belong to one competition: `path` leads from a row to it."""

    name: str
    model: type
    path: str = "competition"

    def rows(self, competition):
        """This function will return the competition's rows, in the order in which they were
        made."""
        return self.model.objects.filter(**{self.path: competition}).order_by("pk")


# A row refers only to tables above its own, or to its own.
TABLES = (
    Table("scheme_versions", SchemeVersion),
    Table("scheme_drafts", SchemeDraft),
    Table("round_plans", RoundPlan),
    Table("entries", Entry),
    Table("sites", Site),
    Table("judges", Judge),
    Table("seats", Seat, "judge__competition"),
    Table("recusals", Recusal, "judge__competition"),
    Table("term_changes", TermChange),
    Table("sheets", Sheet),
    Table("corrections", Correction, "sheet__competition"),
    Table("late_sheets", LateSheet),
    Table("late_decisions", LateDecision, "late__competition"),
    Table("measurements", Measurement),
    Table("ledger_events", LedgerEvent),
    Table("rulings", Ruling),
    Table("tabulations", Tabulation),
    Table("decisions", MeetingDecision),
    Table("publications", PublicationVersion),
    Table("closings", Closing),
    Table("events", Event),
    Table("turns", Turn, "event__competition"),
    Table("papers", PaperSheet, "event__competition"),
    Table("jury_seats", JurySeat, "event__competition"),
    Table("ballots", Ballot, "turn__event__competition"),
    Table("ceremonies", Ceremony),
)
# What several competitions share; it is met again, or made, when a bundle comes in.
SHARED = {"people": Person, "units": Unit, "terms": PartySecretary, "involvements": Involvement}
# The files of rows: {model: (file, the beginning of its attachment's name, the row's key in that
# name, the digest beside it)}.
FILES = {
    LedgerEvent: ("evidence", "ledger", "key", "evidence_digest"),
    MeetingDecision: ("scan", "decision", "number", "scan_digest"),
}
# The competition's own columns; the chain is its uuid, the year before is named by its chain. No
# rehearsal travels.
OWN = tuple(
    field.name
    for field in Competition._meta.concrete_fields
    if field.name not in {"id", "uuid", "previous", "rehearsal_of"}
)
# A frozen copy of a term as it was, with the ids of its rows in it.
TERM_FACT = {"term": PartySecretary, "person": Person, "unit": Unit}


def table_titles():
    """This function will return {name of a table: what people call its rows}, in the order in which
    they stand in a bundle."""
    models_ = SHARED | {table.name: table.model for table in TABLES}
    return {name: str(model._meta.verbose_name) for name, model in models_.items()}


def carried_fields(model):
    """This function will return the fields of a model that travel: all but the row's own id and the
    competition, which every row of a bundle belongs to."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.related_model is not Competition
    ]


# --- writing -------------------------------------------------------------------------------------


def write_row(row, number_of):
    """This function will return a row as JSON-able data. `number_of(model, id)` gives the name of
    another row in the bundle: its number, or a person's uuid."""
    return {field.name: _write(field, row, number_of) for field in carried_fields(type(row))}


def _write(field, row, number_of):
    value = getattr(row, field.attname)
    if value is None:
        return None
    if field.is_relation:
        return number_of(field.related_model, value)
    if isinstance(field, models.FileField):
        return value.name.rsplit(".", 1)[-1] if value else ""
    if _is_draft(field):
        return json.dumps(value, sort_keys=True)
    if isinstance(field, models.JSONField):
        return _renamed(value, number_of) if _is_term_fact(field) else value
    return write_value(field, value)


def write_value(field, value):
    """This function will return a plain column's value as JSON-able data."""
    if isinstance(field, models.DateTimeField):
        return instant_text(value) if value else None
    if isinstance(field, models.DateField):
        return value.isoformat()
    if isinstance(field, models.UUIDField):
        return value.hex
    return value


def _is_draft(field):
    """A draft may still be wrong: it need not have the canonical form, so it travels as a text."""
    return field.model is SchemeDraft and field.name == "document"


def _is_term_fact(field):
    return field.model is TermChange and field.name == "was"


def _renamed(fact, number_of):
    return fact | {name: number_of(model, int(fact[name])) for name, model in TERM_FACT.items()}


# --- reading -------------------------------------------------------------------------------------


class RowReader:
    """Reads rows back into attributes of a model; `id_of(model, name)` gives the id here of another
    row of the bundle, None when there is no such row. Whatever has another shape than the column
    raises BundleError with its `place`."""

    def __init__(self, id_of):
        self.id_of = id_of

    def read(self, model, row, place):
        """This function will return {attribute: value} of one row."""
        if not isinstance(row, dict):
            raise BundleError(f"{place}：应为一个表（花括号）。")
        fields = carried_fields(model)
        check_keys(row, {field.name for field in fields}, place)
        return {field.attname: self._read(field, row[field.name], place) for field in fields}

    def _read(self, field, value, place):
        if value is None:
            if not field.null:
                raise BundleError(f"{place}：「{field.name}」不能空着。")
            return None
        if field.is_relation:
            found = self.id_of(field.related_model, value)
            if found is None:
                raise BundleError(f"{place}：「{field.name}」所指的一行不在卷宗里。")
            return found
        if _is_draft(field):
            return _read_draft(value, place)
        if isinstance(field, models.JSONField):
            if _is_term_fact(field):
                return self._read_fact(value, place)
            check_column(field, value, place)
            return value
        return read_value(field, value, place)

    def _read_fact(self, value, place):
        if not isinstance(value, dict) or not value.keys() >= TERM_FACT.keys():
            raise BundleError(f"{place}：原任期的写法不对。")
        check_shape(TERM, value, "was", place)
        _check_days(value, place)
        ids = {name: self.id_of(model, value[name]) for name, model in TERM_FACT.items()}
        if None in ids.values():
            raise BundleError(f"{place}：原任期所指的一行不在卷宗里。")
        return value | ids | {"person": str(ids["person"])}


def _check_days(fact, place):
    try:
        for name in ("since", "until"):
            date.fromisoformat(fact[name] or fact["since"])
    except ValueError:
        raise BundleError(f"{place}：原任期的日期不对。") from None


def _read_draft(text, place):
    try:
        found = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BundleError(f"{place}：规则草稿不能读取。")
    return found


def check_keys(row, known, place):
    """This function will raise BundleError unless a row has exactly the known keys."""
    strange, missing = sorted(row.keys() - known), sorted(known - row.keys())
    if strange:
        raise BundleError(
            f"{place}：不认识的「{shown(strange[0])}」，卷宗出自更新的版本，请先升级本系统。"
        )
    if missing:
        raise BundleError(f"{place}：缺少「{missing[0]}」。")


def read_value(field, value, place):
    """This function will return a plain column's value from JSON-able data, or raise BundleError
    when it has another shape than the column."""
    try:
        found = _parsed(field, value)
        field.run_validators(found)
    except (ValueError, TypeError, ValidationError):
        raise BundleError(f"{place}：「{field.name}」的值「{shown(value)}」不合要求。") from None
    left_blank = field.blank and found == ""
    if field.choices and not left_blank and found not in [key for key, _ in field.flatchoices]:
        raise BundleError(f"{place}：「{field.name}」没有「{shown(value)}」这一种。")
    return found


def _parsed(field, value):
    if isinstance(field, models.BooleanField):
        kind = bool
    elif isinstance(field, models.IntegerField):
        kind = int
    else:
        kind = str
    if type(value) is not kind:
        raise TypeError
    if isinstance(field, models.DateTimeField):
        if not INSTANT.fullmatch(value):
            raise ValueError
        return datetime.strptime(value, INSTANT_FORM).replace(tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date.fromisoformat(value)
    if isinstance(field, models.UUIDField):
        return UUID(value)
    if kind is str and "\x00" in value:
        raise ValueError
    return value
