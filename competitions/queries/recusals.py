"""Recusals as a matrix of judges and entrants."""

from competitions.models import Entry, Judge, Recusal

# What stands in a cell of the matrix.
WORDS = {
    Recusal.Kind.SECRETARY: "书记",
    Recusal.Kind.HELD_OFFICE: "任职",
    Recusal.Kind.IN_CHARGE: "分管",
    Recusal.Kind.MANUAL: "登记",
}


def find_matrix(competition, units_as, judges_as):
    """This function will return (unit entries, [(judge, cells)], recusals of units).

    Both stand as their Arrangements say. A cell is {"entry", "recusal", "word"}, recusal None where
    the judge may mark. Three queries.
    """
    units = units_as.sort(
        Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT)
        .active()
        .with_subjects()
    )
    judges = Judge.objects.filter(competition=competition).select_related("person")
    rows = (
        Recusal.objects.filter(judge__competition=competition, entry__in=units)
        .select_related("judge__person", "entry__unit")
        .order_by("id")
    )
    recusals = units_as.sort(rows, of=lambda row: row.entry)
    recusals = judges_as.sort(recusals, of=lambda row: row.judge)
    found = {(row.judge_id, row.entry_id): row for row in recusals}
    matrix = []
    for judge in judges_as.sort(judges):
        cells = []
        for entry in units:
            recusal = found.get((judge.id, entry.id))
            word = WORDS[Recusal.Kind(recusal.kind)] if recusal else ""
            cells.append({"entry": entry, "recusal": recusal, "word": word})
        matrix.append((judge, cells))
    return units, matrix, recusals
