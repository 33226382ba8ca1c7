"""Recusals as a matrix of judges and entrants."""

from competitions.models import Entry, Judge, Recusal

# What stands in a cell of the matrix.
WORDS = {
    Recusal.Kind.SECRETARY: "书记",
    Recusal.Kind.HELD_OFFICE: "任职",
    Recusal.Kind.IN_CHARGE: "分管",
    Recusal.Kind.MANUAL: "登记",
}


def find_matrix(competition):
    """This function will return (unit entries, [(judge, cells)], recusals of units).

    A cell is {"entry", "recusal", "word"}, recusal None where the judge may mark. Three queries.
    """
    units = list(
        Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT)
        .active()
        .with_subjects()
        .in_official_order()
    )
    judges = Judge.objects.filter(competition=competition).select_related("person")
    rows = (
        Recusal.objects.filter(judge__competition=competition, entry__in=units)
        .select_related("judge__person", "entry__unit")
        .order_by("judge__seniority", "judge__number", "entry__official_order", "id")
    )
    recusals = list(rows)
    found = {(row.judge_id, row.entry_id): row for row in recusals}
    matrix = []
    for judge in judges.in_seniority_order():
        cells = []
        for entry in units:
            recusal = found.get((judge.id, entry.id))
            word = WORDS[Recusal.Kind(recusal.kind)] if recusal else ""
            cells.append({"entry": entry, "recusal": recusal, "word": word})
        matrix.append((judge, cells))
    return units, matrix, recusals
