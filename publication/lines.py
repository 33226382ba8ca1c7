"""What a whole bundle carries beside what can be verified from its documents: the rows of the
competition and the bytes of its published pages, one JSON line each (docs/bundle.md)."""

import base64
from datetime import date

from django.db.models import Q

from competitions.models import (
    Entry,
    ImportedRecord,
    Involvement,
    Judge,
    PartySecretary,
    Person,
    TermChange,
    Unit,
)
from competitions.queries.signers import span_at
from publication.carried import (
    FORMAT,
    OWN,
    SHARED,
    TABLES,
    carried_fields,
    write_row,
    write_value,
)
from publication.models import PublishedPage
from record.chain.canonical import encode
from record.queries import revisions
from scoring.models import Tabulation


def table_lines(competition, leave_bare):
    """This function will yield the lines of tables.jsonl: the competition itself, the people,
    units, terms of office and involvements that its rows speak of, then its rows.

    `leave_bare(result)` takes the explanations out of a large result.
    """
    spans = find_spans(competition)
    shared = _Shared(competition, spans)
    yield _line(
        {
            "format": FORMAT,
            "competition": _competition(competition),
            "record": spans,
        }
    )
    for name in SHARED:
        for row in shared.rows[name]:
            yield _line({"table": name, "row": shared.write(name, row)})
    numbers = {}
    for table in TABLES:
        rows = table.rows(competition)
        numbers[table.model] = {
            key: number for number, key in enumerate(rows.values_list("pk", flat=True), 1)
        }

        def number_of(model, key, numbers=numbers):
            found = numbers.get(model)
            return shared.number_of(model, key) if found is None else found[key]

        for row in rows.iterator(chunk_size=200):
            written = write_row(row, number_of)
            if table.model is Tabulation:
                leave_bare(written["result"])
            yield _line({"table": table.name, "row": written})


def page_lines(competition):
    """This function will yield the lines of pages.jsonl: every stored page of every version, the
    bytes as text where they are text."""
    pages = PublishedPage.objects.filter(version__competition=competition)
    fields = ("version__number", "path", "content_type", "body")
    order = ("version__number", "pk")
    for number, path, kind, body in pages.order_by(*order).values_list(*fields).iterator(50):
        body = bytes(body)
        line = {"version": number, "path": path, "type": kind}
        if kind.startswith("text/"):
            line["text"] = body.decode("utf-8")
        else:
            line["base64"] = base64.b64encode(body).decode("ascii")
        yield _line(line)


def find_spans(competition):
    """This function will return who stands behind the ids in the record (see ImportedRecord): what
    came in a bundle as it came, then what was written here."""
    imported = ImportedRecord.objects.filter(competition=competition).first()
    spans = list(imported.spans) if imported else []
    people, units, until = set(), set(), None
    for revision in revisions(competition.chain).iterator(chunk_size=500):
        if span_at(spans, revision.seq) is None:
            until = revision.seq
            people.add(revision.by)
            _collect(revision.facts, people, units)
    if until is None:
        return spans
    known = Person.objects.filter(id__in=[int(key) for key in people if key.isdigit()])
    named = Unit.objects.filter(id__in=units)
    own = {
        "until": until,
        "people": {str(person.id): person.uuid.hex for person in known.order_by("id")},
        "units": {str(unit.id): unit.name for unit in named.order_by("id")},
    }
    return [*spans, own]


def _collect(item, people, units):
    """Every id of a person or a unit in a body."""
    if isinstance(item, list):
        for part in item:
            _collect(part, people, units)
    elif isinstance(item, dict):
        for key, value in item.items():
            if key == "person" and isinstance(value, str):
                people.add(value)
            elif key == "unit" and isinstance(value, int):
                units.add(value)
            else:
                _collect(value, people, units)


def _line(value):
    return encode(value) + b"\n"


def _competition(competition):
    fields = {field.name: field for field in competition._meta.concrete_fields}
    row = {name: write_value(fields[name], getattr(competition, name)) for name in OWN}
    previous = competition.previous
    row["previous"] = None
    if previous is not None:
        row["previous"] = {"chain": previous.chain, "title": previous.title}
    return row


class _Shared:
    """The people, units, terms and involvements that a competition speaks of, each in an order that
    is the same in every installation."""

    def __init__(self, competition, spans):
        units = Unit.objects.filter(
            Q(entries__competition=competition) | Q(term_changes__competition=competition)
        )
        own = Q(entries__competition=competition) | Q(changes__competition=competition)
        served = Q(unit__in=units.values("pk"), since__lte=date(competition.year, 12, 31))
        terms = PartySecretary.objects.filter(own | served).select_related("person", "unit")
        judging = Judge.objects.filter(competition=competition).values("person")
        units_in = Entry.objects.filter(competition=competition).values("unit")
        duties = Involvement.objects.filter(person__in=judging, unit__in=units_in)
        self.rows = {
            "people": [],
            "units": list(units.distinct().order_by("host_code", "name")),
            "terms": sorted(terms.distinct(), key=_term_order),
            "involvements": sorted(
                duties.select_related("person", "unit"),
                key=lambda row: (row.person.uuid.hex, row.unit.name, row.kind),
            ),
        }
        self._add_people(competition, spans)
        self.numbers = {
            SHARED[name]: {row.pk: number for number, row in enumerate(self.rows[name], 1)}
            for name in ("units", "terms")
        }

    def _add_people(self, competition, spans):
        uuids = {key for span in spans for key in span["people"].values()}
        ids = {row.person_id for name in ("terms", "involvements") for row in self.rows[name]}
        ids |= {
            change.was and int(change.was["person"])
            for change in TermChange.objects.filter(competition=competition)
        }
        for table in TABLES:
            for field in carried_fields(table.model):
                if field.related_model is Person:
                    values = table.rows(competition).order_by().values_list(field.attname)
                    ids |= {key for (key,) in values.distinct()}
        people = Person.objects.filter(Q(uuid__in=uuids) | Q(id__in=ids - {None}))
        self.rows["people"] = sorted(people, key=lambda row: row.uuid.hex)
        self.uuids = {person.id: person.uuid.hex for person in self.rows["people"]}

    def number_of(self, model, key):
        return self.uuids[key] if model is Person else self.numbers[model][key]

    def write(self, name, row):
        return write_row(row, self.number_of)


def _term_order(row):
    return (row.unit.host_code, row.unit.name, row.since, row.person.uuid.hex, row.pk)
