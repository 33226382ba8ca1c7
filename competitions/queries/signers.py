"""Whose names stand behind the ids of people in a record, also in one that came in a bundle."""

from uuid import UUID

from competitions.models import ImportedRecord, Person


def find_signers(revisions):
    """This function will return {operation id: the name of who did it} of revisions of any chains;
    an empty name where nobody signed, or where nobody is known under the id."""
    revisions = list(revisions)
    names = find_people((item, item.by) for item in revisions)
    return {item.op_id: names.get((item.op_id, item.by), "") for item in revisions}


def find_people(pairs):
    """This function will return {(operation id, id): name} for pairs of a revision and the id of a
    person in it. In the part of a chain that came in a bundle an id is that of the other
    installation. At most three queries."""
    return {place: name for place, (_, name) in _find(pairs).items()}


def find_person_ids(pairs):
    """This function will return {(operation id, id): the person's id here} as find_people does the
    names; who is not known here is left out."""
    return {place: person for place, (person, _) in _find(pairs).items() if person is not None}


def _find(pairs):
    """{(operation id, id): (the person's id here or None, name)}."""
    pairs = [(revision, key) for revision, key in pairs if key]
    spans = find_spans({revision.chain for revision, _ in pairs})
    own, carried = {}, {}
    for revision, key in pairs:
        place, span = (revision.op_id, key), span_at(spans.get(revision.chain), revision.seq)
        if span is None and key.isdigit():
            own[place] = int(key)
        elif span is not None and key in span["people"]:
            carried[place] = UUID(span["people"][key])
    here = _persons("id", own.values()) if own else {}
    there = _persons("uuid", carried.values()) if carried else {}
    return {
        **{place: here.get(person, (None, "")) for place, person in own.items()},
        **{place: there.get(person, (None, "")) for place, person in carried.items()},
    }


def find_spans(chains):
    """This function will return {chain: spans} of those chains of which a part came in a bundle
    (see ImportedRecord). One query, none for the audit chain alone."""
    uuids = [UUID(chain) for chain in chains if chain != "audit"]
    if not uuids:
        return {}
    rows = ImportedRecord.objects.filter(competition__uuid__in=uuids)
    return {uuid.hex: spans for uuid, spans in rows.values_list("competition__uuid", "spans")}


def span_at(spans, seq):
    """This function will return the span in which a number of the chain lies, None if it was
    written here."""
    return next((span for span in spans or () if seq <= span["until"]), None)


def _persons(field, keys):
    rows = Person.objects.filter(**{f"{field}__in": set(keys)}).values_list(field, "id", "name")
    return {key: (person, name) for key, person, name in rows}
