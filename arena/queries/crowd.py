"""How large the marks of a panel can stand on the large screen, so that all of them fit."""

# In the screen's own unit (rem): the sizes of a mark, the largest first, and how wide and high the
# marks may stand under score and standing on screens of 1024 × 768 and of 1920 × 1080.
# static/css/stage.css has a class for each of them.
SIZES = (2.5, 2.25, 2, 1.75, 1.5, 1.25)
SCREENS = {"narrow": (84, 32), "broad": (114, 30)}
SAME = {"narrow": 0, "broad": 3}  # so many sizes keep a judge's name as large as his mark
LESS = 0.75
TITLE = 8  # letters of a criterion's title on one line
LINE = 1.15


def find_crowd(rows):
    """This function will return the classes by which the large screen lays out rows of marks
    (arena.queries.scores.Score).

    Empty for a small panel; stage-many for close lines beside the standing; stage-wide for lines
    across the screen, with the first of SIZES that fits each of SCREENS: stage-narrow-2.
    """
    lengths = [len(marks) for _title, _points, marks in rows]
    if sum(-(-length // 4) for length in lengths) <= 3:
        return ""
    if sum(-(-length // 3) for length in lengths) <= 10:
        return "stage-many"
    return " ".join(
        ["stage-wide", *(f"stage-{screen}-{_find_step(rows, screen)}" for screen in SCREENS)]
    )


def _find_step(rows, screen):
    wide, high = SCREENS[screen]
    for step, size in enumerate(SIZES, 1):
        label = 1 if step <= SAME[screen] else LESS
        lines = sum(_lines(row, wide / size, label, len(rows) > 1) for row in rows)
        if lines * size * LINE <= high:
            return step
    return len(SIZES)


def _lines(row, wide, label, titled):
    """How many lines a row takes that is so many letters wide, after its title if it has one."""
    title, _points, marks = row
    widths = [label * _letters(mark.label) + _letters(mark.points or "—") for mark in marks]
    each = 1 + max(widths, default=0)
    room = wide - (TITLE + 1 if titled else 0)
    lines = -(-len(marks) // max(1, int(room / each)))
    return max(lines, -(-len(title) // TITLE)) if titled else lines


def _letters(text):
    """How wide a text is, in widths of a Chinese letter."""
    return sum(0.56 if letter.isascii() else 1 for letter in text)
