"""The orders in which every table of entries can be shown, and who knows the places.

Places come from tabulations, which stand above this app: whoever makes them registers a provider.
"""

from competitions.strokes import stroke_key, surname_key

ORDERS = ("official", "place", "strokes", "custom")
_place_providers: list = []


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


def chosen_order(request):
    """This function will return the order that the address asks for, the official one otherwise."""
    order = request.GET.get("order", "")
    return order if order in ORDERS else "official"


def sort_entries(entries, order, places=None):
    """This function will return entries (with their subjects loaded) in one of ORDERS.

    By place those without one come last; by strokes secretaries go by surname, units by name.
    """
    places = places or {}
    keys = {
        "official": lambda entry: (entry.official_order, entry.id),
        "custom": lambda entry: (entry.hand_order, entry.official_order, entry.id),
        "place": lambda entry: (
            entry.id not in places,
            places.get(entry.id, 0),
            entry.official_order,
            entry.id,
        ),
        "strokes": lambda entry: (
            surname_key(entry.term.person.name) if entry.term_id else stroke_key(entry.unit.name),
            entry.id,
        ),
    }
    return sorted(entries, key=keys[order])
