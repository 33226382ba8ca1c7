"""The orders in which tables of entries and of judges can be shown, and who knows the places.

Places come from tabulations, which stand above this app: whoever makes them registers a provider.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from competitions.strokes import stroke_key, surname_key

ORDERS = ("official", "place", "strokes", "custom")
# A result is first read by place.
BY_PLACE = ("place", "official", "strokes", "custom")
# A judge has no place: the order of office and seniority stands where units have theirs.
JUDGE_ORDERS = ("seniority", "strokes", "custom")
LABELS = {
    "official": "建制顺序",
    "place": "名次",
    "strokes": "姓氏笔画",
    "custom": "自定义",
    "seniority": "资历顺序",
    "date": "日期",
}
NO_PLACES = "还没有完整的统分结果，统分以后才能按名次排列。"
_place_providers: list = []


@dataclass(frozen=True)
class Arrangement:
    """How one table is arranged: what it can be ordered by, what was chosen, and how to sort it.

    `param` is the address's parameter, `barred` says why an order cannot be chosen now, `places`
    is {entry id: place} for tables of entries.
    """

    order: str
    orders: tuple
    param: str = "order"
    label: str = "排列"
    barred: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)

    @property
    def query(self):
        """`order=strokes`: what a link adds so that an export follows the order on the screen."""
        return urlencode({self.param: self.order})

    def sort(self, rows, of=None):
        """This function will return rows in the chosen order; `of` gives a row's entry or judge.

        Rows of the same one keep their order among themselves, and so do all rows under an order
        that is neither of entries nor of judges.
        """
        find = of or (lambda row: row)
        if self.order == "date":
            return list(rows)
        if "seniority" in self.orders:
            return sorted(rows, key=lambda row: _JUDGE_KEYS[self.order](find(row)))
        return sorted(rows, key=lambda row: _entry_key(find(row), self.order, self.places))


def register_places(provider):
    """This function will add a provider: provider(competition) -> {entry id: place (int)} of the
    latest complete tabulation, empty when there is none."""
    if provider not in _place_providers:
        _place_providers.append(provider)


def find_places(competition):
    """This function will return {entry id: place} as the registered providers know it."""
    places = {}
    for provider in _place_providers:
        places.update(provider(competition))
    return places


def arrange_entries(request, competition, *, default="official", orders=ORDERS, label="排列"):
    """This function will return the Arrangement of a table of entries that the address asks for.

    By place only once a complete tabulation has places; until then in the official order.
    """
    return arrange_by(
        request, find_places(competition), default=default, orders=orders, label=label
    )


def arrange_by(request, places, *, default="official", orders=ORDERS, label="排列"):
    """This function will return the Arrangement of entries whose {entry id: place} are known."""
    barred = {} if places else {"place": NO_PLACES}
    order = request.GET.get("order", "")
    if order not in orders or order in barred:
        order = "official" if default in barred else default
    return Arrangement(order, tuple(orders), label=label, barred=barred, places=places)


def arrange_judges(request, *, label="评委排列"):
    """This function will return the Arrangement of a table of judges that the address asks for."""
    order = request.GET.get("judges", "")
    order = order if order in JUDGE_ORDERS else JUDGE_ORDERS[0]
    return Arrangement(order, JUDGE_ORDERS, param="judges", label=label)


def sort_entries(entries, order, places=None):
    """This function will return entries (with their subjects loaded) in one of ORDERS.

    By place those without one come last; by strokes people go by surname, units by name, and
    where both stand in one table the units come first.
    """
    return sorted(entries, key=lambda entry: _entry_key(entry, order, places or {}))


def _entry_key(entry, order, places):
    is_person = entry.is_human
    official = (entry.official_order, entry.id)
    if order == "custom":
        return (entry.hand_order, *official)
    if order == "place":
        return (is_person, entry.id not in places, places.get(entry.id, 0), *official)
    if order == "strokes":
        name = surname_key(entry.holder.name) if is_person else stroke_key(entry.unit.name)
        return (is_person, name, entry.id)
    return official


_JUDGE_KEYS = {
    "seniority": lambda judge: (judge.seniority, judge.number, judge.id),
    "strokes": lambda judge: (surname_key(judge.person.name), judge.id),
    "custom": lambda judge: (judge.hand_order, judge.seniority, judge.number, judge.id),
}
