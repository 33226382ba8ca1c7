"""What stands beside every page of the editor: the tree of pages, the sums, and the problems."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from competitions.scheme.fields import plain, specs
from competitions.scheme.local import find_blanks
from competitions.scheme.places import APART, LISTED, find_spot, name_place, page_of, tokens
from competitions.scheme.read import Problem
from competitions.scheme.types import ROUND_KINDS, Criterion, Round, Scheme, Track

SECTIONS = (
    ("", "基本信息"),
    *((name, specs(Scheme)[name][0].label) for name in APART[Scheme]),
)


# How a list is brought together when its owner says nothing.
USUAL = {Round: "weighted", Criterion: "sum"}


@dataclass
class Leaf:
    """A page in the tree: address, title, how deep it stands, how many problems are on it."""

    address: str
    title: str
    level: int
    current: bool = False
    problems: int = 0


@dataclass(frozen=True)
class Sum:
    """One sum that must come out: 「各环节权重」 95 of 100."""

    title: str
    total: str
    wanted: str
    fine: bool
    address: str


@dataclass
class ProblemLine:
    """One problem in words, with the page and the place on it where it is put right."""

    where: str
    message: str
    address: str
    anchor: str


@dataclass
class Outline:
    """Everything beside a page."""

    leaves: list
    sums: list
    problems: list
    here: dict = field(default_factory=dict)


def find_outline(document, problems, address):
    """This function will return the Outline of the page at an address.

    `here` is {place on the page: [messages]}. Of tracks and rounds only those on the way to the
    page are unfolded, so that a long scheme stays readable.
    """
    lines, here, counts = [], {}, {}
    # What a shipped scheme leaves to fill in stands in the way as much as what is wrong.
    blanks = [Problem(place, "还没有写好，请填写。") for place, _text in find_blanks(document)]
    for problem in (*problems, *blanks):
        page, place = page_of(problem.place)
        counts[page] = counts.get(page, 0) + 1
        if page == address:
            here.setdefault(place, []).append(problem.said)
        words = name_place(document, problem.place)
        anchor = f"id_{place}" if place else ""
        lines.append(ProblemLine(" · ".join(words) or "全文", problem.said, page, anchor))
    leaves = []
    for page, title in SECTIONS:
        leaves.append(Leaf(page, title, 0, page == address, counts.get(page, 0)))
        if page == "tracks":
            leaves += _leaves(document, address, counts)
        elif page and specs(Scheme)[page][0].of and specs(Scheme)[page][0].of[0] in LISTED:
            leaves += _own_leaves(document, page, title, address, counts)
    return Outline(leaves, find_sums(document, address), lines, here)


def _own_leaves(document, page, title, address, counts):
    for i, item in enumerate(document.get(page) or []):
        own = f"{page}.{i}"
        yield Leaf(own, _title(item, title), 1, own == address, counts.get(own, 0))


def _leaves(document, address, counts):
    here = tokens(address)
    for t, track in enumerate(document.get("tracks") or []):
        own = f"tracks.{t}"
        inside = here[:2] == ("tracks", t)
        below = sum(count for page, count in counts.items() if f"{page}.".startswith(f"{own}."))
        problems = counts.get(own, 0) if inside else below
        yield Leaf(own, _title(track, "榜单"), 1, own == address, problems)
        if not inside:
            continue
        for name in APART[Track]:
            page = f"{own}.{name}"
            label = specs(Track)[name][0].label
            yield Leaf(page, label, 2, page == address, counts.get(page, 0))
            spec = specs(Track)[name][0]
            if spec.of[0] not in LISTED:
                continue
            open_round = here[3] if here[2:3] == ("rounds",) and len(here) > 3 else None
            for i, item in enumerate(track.get(name) or []):
                inner = f"{page}.{i}"
                yield from _items(item, spec, inner, address, counts, i == open_round)


def _items(item, spec, inner, address, counts, unfolded):
    below = sum(count for page, count in counts.items() if f"{page}.".startswith(f"{inner}."))
    shown = unfolded and spec.of[0] is Round
    problems = counts.get(inner, 0) if shown else below
    yield Leaf(inner, _title(item, spec.label), 3, inner == address, problems)
    if not shown:
        return
    page = f"{inner}.criteria"
    yield Leaf(page, "全部评分项", 4, page == address, counts.get(page, 0))
    for c, criterion in enumerate(item.get("criteria") or []):
        own = f"{page}.{c}"
        yield Leaf(own, _title(criterion, "评分项"), 4, own == address, counts.get(own, 0))


def _title(item, label):
    return str(item.get("title") or "").strip() or f"（{label}，未起名）"


def number_of(value):
    """This function will return a draft's number as Decimal, or None where it is none."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 20 else None


def _add(values):
    numbers = [number_of(value) for value in values]
    return None if None in numbers else sum(numbers, Decimal(0))


def find_sums(document, address):
    """This function will return the sums (Sum) of the track and round on the way to a page; on a
    page of no track those of every track that do not come out."""
    here = tokens(address)
    tracks = document.get("tracks") or []
    if here[:1] == ("tracks",) and len(here) > 1 and here[1] < len(tracks):
        track = tracks[here[1]]
        sums = [*_track_sums(track, here[1])]
        rounds = track.get("rounds") or []
        if here[2:3] == ("rounds",) and len(here) > 3 and here[3] < len(rounds):
            sums += _round_sums(rounds[here[3]], f"tracks.{here[1]}.rounds.{here[3]}")
        return sums
    return [
        item for t, track in enumerate(tracks) for item in _track_sums(track, t) if not item.fine
    ]


def _track_sums(track, t):
    inside = [item for item in track.get("rounds") or [] if not item.get("outside")]
    combine = track.get("combine", "weighted")
    if combine not in ("weighted", "sum"):
        return
    name = "weight" if combine == "weighted" else "full"
    default = "0" if name == "weight" else "100"
    what = "各环节权重" if name == "weight" else "各环节满分"
    total = _add(item.get(name, default) for item in inside)
    wanted = number_of(track.get("full", "100"))
    fine = total == wanted or (combine == "sum" and bool(track.get("above_full")))
    yield _sum(f"「{_title(track, '榜单')}」{what}", total, wanted, fine, f"tracks.{t}.rounds")


def _round_sums(round_, own):
    combine = round_.get("combine", "sum")
    if combine not in ("sum", "weighted"):
        return
    total = Decimal(0)
    for item in round_.get("criteria") or []:
        weight = number_of(item.get("weight", "1")) if combine == "weighted" else Decimal(1)
        full = number_of(item.get("full"))
        if weight is None or full is None:
            total = None
            break
        total += weight * full
    wanted = number_of(round_.get("full", "100"))
    fine = total == wanted or bool(round_.get("scaled") or round_.get("above_full"))
    title = f"「{_title(round_, '环节')}」各评分项满分"
    yield _sum(title, total, wanted, fine, f"{own}.criteria")


def _sum(title, total, wanted, fine, address):
    def shown(value):
        return "有数字未填" if value is None else plain(value)

    return Sum(title, shown(total), shown(wanted), bool(fine and total is not None), address)


def list_rows(spot, outline):
    """This function will return the rows of a listing page: [{address, title, facts, problems}]."""
    cls = specs(spot.cls)[spot.listed][0].of[0]
    base = ".".join(map(str, (*spot.path, spot.listed)))
    rows = []
    for i, item in enumerate(spot.table.get(spot.listed) or []):
        address = f"{base}.{i}"
        facts = []
        for name in ("kind", "weight", "full", "colour", "to", "when", "effect"):
            if name == "weight" and spot.table.get("combine", USUAL.get(cls)) != "weighted":
                continue
            if name in specs(cls) and item.get(name) not in (None, ""):
                spec = specs(cls)[name][0]
                value = ROUND_KINDS.get(item[name]) if name == "kind" else item[name]
                facts.append(f"{spec.label} {dict(spec.choices).get(value, value)}")
        if isinstance(item.get("rule"), dict):
            titles = {one.kind: one.title for one in specs(cls)["rule"][0].of}
            facts.append(titles.get(item["rule"].get("kind"), ""))
        for name in ("rounds", "criteria"):
            if name in specs(cls):
                facts.append(f"{specs(cls)[name][0].label} {len(item.get(name) or [])} 个")
        wrong = sum(1 for line in outline.problems if f"{line.address}.".startswith(f"{address}."))
        rows.append(
            {"address": address, "title": _title(item, "未起名"), "facts": facts, "problems": wrong}
        )
    return rows


__all__ = ["Outline", "find_outline", "find_spot", "find_sums", "list_rows", "number_of"]
