"""What the pages of flags and awards show: computed and decided side by side, and the money."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from competitions.models import Entry
from competitions.scheme.fields import plain
from competitions.scheme.reward_types import Honour
from rewards.models import MeetingDecision
from rewards.rules.awards import amount_of, has_money
from rewards.rules.outcome import AwardGrant
from rewards.rules.pools import payable

NOT_RANKED = 10**6


@dataclass
class AwardRow:
    """One entry under one award: what the rules give it, and what the meeting made of it."""

    entry: str
    name: str
    unit: str
    place: int | None
    tied: bool = False
    computed: AwardGrant | None = None
    decided: AwardGrant | None = None
    reason: str = ""

    @property
    def changed(self):
        """`withdrawn` or `given` when the meeting differs from the rules, else empty."""
        if (self.computed is None) == (self.decided is None):
            return ""
        return "given" if self.computed is None else "withdrawn"


@dataclass
class AwardSection:
    """One award: the offer (a grant without a winner), its terms, its rows and open ties."""

    offer: AwardGrant
    track: str
    quota: int
    promotion: bool
    rows: list = field(default_factory=list)
    undecided: list = field(default_factory=list)
    barred: list = field(default_factory=list)

    @property
    def counted(self):
        """The measure word of its winners."""
        return "个" if self.offer.to == "unit" else "名"

    @property
    def changed(self):
        """The rows that the meeting changed."""
        return [row for row in self.rows if row.changed]

    @property
    def holders(self):
        """The rows that hold the award in the end."""
        return [row for row in self.rows if row.decided]

    @property
    def total(self):
        """Yuan of all holders, all months included, as plain decimal text."""
        return plain(sum((payable(row.decided) for row in self.holders), Decimal(0)))


def find_entries(competition):
    """This function will return {key: Entry} in official order, withdrawn ones too. One query."""
    entries = Entry.objects.filter(competition=competition).with_subjects().in_official_order()
    return {entry.key: entry for entry in entries}


def find_history(competition):
    """This function will return all decisions of a competition, the latest first."""
    return (
        MeetingDecision.objects.filter(competition=competition)
        .select_related("entered_by", "verified_by", "returned_by", "tabulation")
        .defer("tabulation__evidence", "tabulation__result")
        .order_by("-number", "-id")
    )


def award_sections(scheme, computed, final, entries, changes=()):
    """This function will set the two outcomes side by side, award by award, in the rules' order.

    Rows go by place; `changes` (rewards.rules.outcome.Change) give the reasons.
    """
    reasons = {(change.award, change.entry): change.reason for change in changes}
    sections = []
    for offer in computed.offers:
        section = AwardSection(
            offer=offer.grant,
            track=track_title(scheme, offer.grant.track),
            quota=_quota(offer.award),
            promotion=offer.promotion,
            undecided=[
                _boundary(item, entries)
                for item in final.undecided
                if item.kind == "award" and item.of == offer.grant.award
            ],
        )
        rows = {}
        places = computed.candidates(offer)
        ties = Counter(places.values())
        for outcome, side in ((computed, "computed"), (final, "decided")):
            for grant in outcome.awards:
                if grant.award != offer.grant.award:
                    continue
                row = rows.get(grant.entry) or award_row(entries, places, ties, grant.entry)
                setattr(row, side, grant)
                row.reason = reasons.get((grant.award, grant.entry), "")
                rows[grant.entry] = row
        section.rows = sorted(rows.values(), key=lambda row: (row.place or NOT_RANKED, row.entry))
        sections.append(section)
    return sections


def track_title(scheme, key):
    """This function will return a track's title; flags and awards for several flags have none of
    their own."""
    return scheme.track(key).title if key else "综合"


def _quota(award):
    """How many places the rules name; an honour names none."""
    if isinstance(award, Honour):
        return 0
    return award.quota or sum(tier.places for tier in award.tiers)


def arrange_rows(rows, entries, arrangement, key_of):
    """This function will return rows in the chosen order; by place they stand so already.

    `key_of` gives a row's entry key. Rows of entries that are no longer on the list come last.
    """
    if arrangement is None or arrangement.order == "place":
        return list(rows)
    known = [row for row in rows if key_of(row) in entries]
    found = arrangement.sort(known, of=lambda row: entries[key_of(row)])
    return found + [row for row in rows if key_of(row) not in entries]


def arrange_sections(sections, entries, arrangement):
    """This function will put each award's rows in the chosen order."""
    for section in sections:
        section.rows = arrange_rows(section.rows, entries, arrangement, lambda row: row.entry)


def arrange_flags(cards, entries, arrangement):
    """This function will return flag cards in the chosen order, red before yellow."""
    found = arrange_rows(cards, entries, arrangement, lambda card: card["entry"])
    return sorted(found, key=lambda card: card["colour"] != "red")


def award_row(entries, places, ties, key):
    """This function will return an entry's row without an award: name, unit and place.

    `ties` counts how many share each place.
    """
    return AwardRow(
        entry=key,
        name=_name(entries, key),
        unit=_unit(entries, key),
        place=places.get(key),
        tied=places.get(key) is not None and ties[places[key]] > 1,
    )


def flag_cards(scheme, outcome, entries):
    """This function will return the flags as cards, red before yellow, by track and place."""
    order = {"": -1, **{track.key: number for number, track in enumerate(scheme.tracks)}}
    flags = sorted(
        outcome.flags, key=lambda flag: (flag.colour != "red", order[flag.track], flag.place or 0)
    )
    return [
        {
            "entry": flag.entry,
            "colour": flag.colour,
            "title": flag.title,
            "track": scheme.track(flag.track).title if flag.track else flag.title,
            "name": _name(entries, flag.entry),
            "place": flag.place,
            "reason": flag.reason,
            "effect": flag.effect,
        }
        for flag in flags
    ]


def open_boundaries(scheme, outcome, entries):
    """This function will return the ties across a quota that nobody has decided yet."""
    return [
        {**_boundary(item, entries), "track": track_title(scheme, item.track)}
        for item in outcome.undecided
    ]


def promotion_rows(outcome, entries, arrangement=None):
    """This function will return the entries recommended for promotion. Internal, never published.

    By place of the award that recommends them, or as the arrangement says; each with that award's
    title.
    """
    promoted = {offer.grant.award: offer for offer in outcome.offers if offer.promotion}
    rows = {}
    for grant in outcome.awards:
        if grant.award in promoted:
            places = outcome.candidates(promoted[grant.award])
            row = award_row(entries, places, Counter(places.values()), grant.entry)
            rows.setdefault(grant.entry, {"row": row, "awards": []})["awards"].append(grant.title)
    found = sorted(rows.values(), key=lambda item: (item["row"].place or 0, item["row"].entry))
    return arrange_rows(found, entries, arrangement, lambda item: item["row"].entry)


def payment_rows(outcome, entries, arrangement=None):
    """This function will return one row for each sum to be paid, in the order of the awards.

    Within an award by place, or as the arrangement says. Awards without money are left out.
    Amounts are plain decimal text in yuan.
    """
    grants = [grant for grant in outcome.awards if grant.amount is not None]
    awards = list(dict.fromkeys(grant.award for grant in grants))
    grants = arrange_rows(grants, entries, arrangement, lambda grant: grant.entry)
    grants.sort(key=lambda grant: awards.index(grant.award))
    return [
        {
            "number": number,
            "award": grant.title,
            "name": _name(entries, grant.entry),
            "unit": _unit(entries, grant.entry),
            "to": "单位" if grant.to == "unit" else "个人",
            "place": grant.place,
            "amount": grant.amount,
            "months": grant.months or None,
            "people": grant.people if grant.people > 1 else None,
            "sum": plain(payable(grant)),
            "basis": grant.legal_basis,
            "approval": grant.approval,
            "source": grant.source_of_money,
            "decided": grant.decided,
        }
        for number, grant in enumerate(grants, 1)
    ]


def _boundary(item, entries):
    return {
        "of": item.of,
        "kind": item.kind,
        "names": [_name(entries, key) for key in item.entries],
        "quota": item.quota,
        "text": item.choice,
    }


def _name(entries, key):
    return entries[key].name if key in entries else key


def _unit(entries, key):
    return entries[key].unit.name if key in entries else ""


def find_barred(tabulation):
    """This function will return {(track, entry): titles of the gates that bar it from awards}."""
    return {
        (track, key): "、".join(entry["barred"])
        for track, result in tabulation.result["tracks"].items()
        for key, entry in result["entries"].items()
        if entry["barred"]
    }


def gates_of(barred, offer, key):
    """This function will return the titles of the gates that bar an entry from an award, on any
    track that the award goes by; empty when there are none."""
    titles = [barred[track, key] for track in offer.tracks if (track, key) in barred]
    return "、".join(dict.fromkeys(titles))


def decision_choices(sections, outcome, entries, barred):
    """This function will return what a meeting may choose from: [(section, choices)].

    Each choice is (AwardRow, usual amount or None, whether the award has money); every ranked entry
    of the award's track is there, by place, but those that a gate bars or that withdrew. The rows
    of `sections` and `outcome` are those that the rules computed.
    """
    offers = {offer.grant.award: offer for offer in outcome.offers}
    found = []
    for section in sections:
        offer = offers[section.offer.award]
        award, places = offer.award, outcome.candidates(offer)
        held = {row.entry: row for row in section.rows if row.computed}
        # Who was lowered to an award's lowest tier holds it although a gate bars him from others.
        kept_out = {
            key: gates
            for key in places
            if key not in held and (gates := gates_of(barred, offer, key))
        }
        section.barred = [f"{_name(entries, key)}（{gates}）" for key, gates in kept_out.items()]
        choices, ties = [], Counter(places.values())
        for key in sorted(places, key=lambda key: (places[key] or 0, key)):
            row = held.get(key) or award_row(entries, places, ties, key)
            away = key not in entries or entries[key].withdrawn
            if row.computed is None and (away or key in kept_out):
                continue
            usual = amount_of(award, places[key])
            choices.append((row, None if usual is None else plain(usual), has_money(award)))
        found.append((section, choices))
    return found
