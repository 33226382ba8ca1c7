"""The ledger as pages show it: items of the rules, events, and how much of each cap is used."""

from dataclasses import dataclass, field

from django.db.models import Case, IntegerField, When

from competitions.models import Entry, SchemeVersion
from competitions.queries import current_scheme_version, scheme_of
from scoring.models import Checked, LedgerEvent
from scoring.rules.evidence import LedgerFact
from scoring.rules.exact import show
from scoring.rules.ledger import tally


@dataclass(frozen=True)
class BookItem:
    """One item of one ledger criterion. `key` names both: criterion and item."""

    track: object
    round: object
    criterion: object
    item: object

    @property
    def key(self):
        return f"{self.criterion.key}:{self.item.key}"

    @property
    def is_bonus(self):
        return self.item.sign == "bonus"

    @property
    def sign(self):
        return "+" if self.is_bonus else "−"

    @property
    def title(self):
        return self.item.title


@dataclass
class Book:
    """The ledger of a competition: its items under the rules in force, its entries, its events."""

    competition: object
    version: SchemeVersion
    scheme: object
    items: list
    entries: list
    events: list = field(default_factory=list)

    def item(self, criterion_key, item_key):
        """This function will return the BookItem, or None where the rules have none such."""
        return next(
            (
                each
                for each in self.items
                if each.criterion.key == criterion_key and each.item.key == item_key
            ),
            None,
        )

    @property
    def rows(self):
        """[(event, BookItem or None)] in the order of the events."""
        return [(event, self.item(event.criterion_key, event.item_key)) for event in self.events]


def load_book(competition):
    """This function will return the Book of the published rules, or None without them."""
    version = current_scheme_version(competition)
    if version is None or version.state != SchemeVersion.State.PUBLISHED:
        return None
    scheme = scheme_of(version)
    items = [
        BookItem(track, round_, criterion, item)
        for track in scheme.tracks
        for round_ in track.rounds
        for criterion in round_.criteria
        if criterion.evidence == "ledger"
        for item in criterion.rule.items
    ]
    tracks = [track for track in scheme.tracks if any(item.track is track for item in items)]
    rows = Entry.objects.filter(competition=competition).active().with_subjects()
    entries = [
        entry
        for entry in rows.in_official_order()
        if any(entry.competes_in(track) for track in tracks)
    ]
    return Book(competition, version, scheme, items, entries)


def find_events(competition, *, entry="", item="", state=""):
    """This function will return the ledger's events, latest first, narrowed by key, item, state.

    `item` is a BookItem's key; `state` is entered, returned, verified or withdrawn.
    """
    events = LedgerEvent.objects.filter(competition=competition).select_related(
        "entry__unit",
        "entry__term__person",
        "entry__person",
        "entered_by",
        "verified_by",
        "withdrawal_by",
    )
    if entry:
        events = events.filter(entry__key=entry)
    if item:
        criterion, _, key = item.partition(":")
        events = events.filter(criterion_key=criterion, item_key=key)
    return in_state(events, state).latest_first()


def in_state(rows, state):
    """This function will narrow events or rulings: entered are those that wait for a second person,
    a withdrawal that was asked for too; verified those that count."""
    if state == Checked.State.ENTERED:
        return rows.waiting()
    if state == Checked.State.VERIFIED:
        return rows.in_force()
    if state == "withdrawn":
        return rows.filter(withdrawn=True)
    return rows.filter(state=state, withdrawn=False) if state else rows


def find_holders(competition):
    """This function will return every entry that an event may belong to, withdrawn ones too."""
    return list(Entry.objects.filter(competition=competition).with_subjects())


def sort_events(events, entries):
    """This function will order events by the entries as these stand; an entry's latest first."""
    rank = Case(
        *(When(entry_id=entry.id, then=number) for number, entry in enumerate(entries)),
        default=len(entries),
        output_field=IntegerField(),
    )
    return events.order_by(rank, "-happened_on", "-id")


def find_matters(competition, *, without=""):
    """This function will return (event key, what it is called) for one event of every matter in the
    ledger, the first one; `without` leaves an event out."""
    events = LedgerEvent.objects.filter(competition=competition).exclude(matter_key="")
    found = {}
    for event in events.exclude(key=without).select_related("entry__unit").order_by("id"):
        said = f"加减分 {event.number}：{event.matter or event.entry.name}"
        found.setdefault(event.matter_key, (event.key, said))
    return list(found.values())


def find_same_matter(event):
    """This function will return the other events of an event's matter, the first first."""
    if not event.matter_key:
        return []
    events = LedgerEvent.objects.filter(competition=event.competition_id)
    return list(events.filter(matter_key=event.matter_key).exclude(pk=event.pk).order_by("id"))


def load_usage(book, *, without=""):
    """This function will say how much of each cap is used, for all entries, with one query.

    {entry key: {BookItem key: {"used", "cap", "waiting", "total", "total_cap"}}}, points as text;
    `used` and `total` count verified events as the tabulation does, `waiting` is the sum of those
    that are not verified yet. `without` leaves one event's key out: the one that is corrected.
    """
    counted, waiting = {}, {}
    events = LedgerEvent.objects.filter(competition=book.competition, withdrawn=False)
    for event in events.exclude(key=without).select_related("entry").order_by("id"):
        verified = event.state == Checked.State.VERIFIED
        place = (event.entry.key, event.criterion_key)
        fact = LedgerFact(
            key=event.key,
            entry=event.entry.key,
            criterion=event.criterion_key,
            item=event.item_key,
            date=event.happened_on.isoformat(),
            points=event.points,
            matter=event.matter_key,
        )
        (counted if verified else waiting).setdefault(place, []).append(fact)
    usage = {}
    for entry in book.entries:
        own = usage.setdefault(entry.key, {})
        tallies = {}
        for item in book.items:
            if not entry.competes_in(item.track):
                continue
            rule, place = item.criterion.rule, (entry.key, item.criterion.key)
            if place not in tallies:
                tallies[place] = (
                    tally(rule, counted.get(place, [])),
                    tally(rule, waiting.get(place, [])),
                )
            done, open_ = tallies[place]
            cap = rule.bonus_cap if item.is_bonus else rule.deduction_cap
            own[item.key] = {
                "used": show(done.counted.get(item.item.key, 0)),
                "cap": _text(item.item.cap),
                "waiting": show(open_.sums.get(item.item.key, 0)),
                "total": show(done.bonus if item.is_bonus else done.deduction),
                "total_cap": _text(cap),
            }
    return usage


def _text(number):
    return "" if number is None else f"{number:f}"


def describe_usage(usage, item):
    """This function will say in Chinese how much of an item's caps an entry has used."""
    word = "加分" if item.is_bonus else "扣分"
    own = f"本项已计 {usage['used']} 分"
    if usage["cap"]:
        own += f"，封顶 {usage['cap']} 分"
    if usage["waiting"] != "0":
        own += f"，另有 {usage['waiting']} 分待核对"
    total = f"{word}合计已计 {usage['total']} 分"
    if usage["total_cap"]:
        total += f"，封顶 {usage['total_cap']} 分"
    return f"{own}；{total}。"
