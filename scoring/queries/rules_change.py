"""What a change of published rules means for the evidence that is there already.

Evidence belongs to a criterion by its key. A criterion that asks for something else than before
needs a new key: marks of one scale never count on another.
"""

from collections import Counter

from competitions.models import SchemeVersion
from competitions.queries import scheme_of
from competitions.queries.names import find_entry_names, find_judge_names
from scoring.models import LedgerEvent, Measurement, Ruling, Sheet
from scoring.queries.ruling_kinds import NAMED, describe, timed_choices
from scoring.rules.evidence import RULING_KINDS


def count_evidence(competition):
    """This function will count the values there are: {(round key, criterion key): number}, and the
    ledger items that are used: {criterion key: {item key}}. Three queries."""
    found = Counter()
    sheets = Sheet.objects.filter(competition=competition).values_list("round_key", "marks")
    for round_key, marks in sheets.order_by("id"):
        found.update((round_key, key) for key, value in marks.items() if value not in ("", None))
    values = Measurement.objects.filter(competition=competition)
    found.update(values.order_by("id").values_list("round_key", "criterion_key"))
    items = {}
    events = LedgerEvent.objects.filter(competition=competition).order_by("id")
    for round_key, criterion, item in events.values_list("round_key", "criterion_key", "item_key"):
        found[round_key, criterion] += 1
        items.setdefault(criterion, set()).add(item)
    return found, items


def find_rounds_with_evidence(competition):
    """This function will return {round key} of the rounds in which anything has been entered."""
    counted, _ = count_evidence(competition)
    return {round_key for round_key, _ in counted}


def find_left_behind(competition, old, new):
    """This function will list (title of the round, title of the criterion, number of values) of the
    old rules' criteria that the new rules no longer have: their evidence is kept, and not used."""
    counted, _ = count_evidence(competition)
    kept = {c.key for track in new.tracks for item in track.rounds for c in item.criteria}
    return [
        (item.title, criterion.title, counted[item.key, criterion.key])
        for track in old.tracks
        for item in track.rounds
        for criterion in item.criteria
        if criterion.key not in kept and counted[item.key, criterion.key]
    ]


def find_idle_rulings(competition, old, new):
    """This function will list (key, title of the kind, what it decides) of the rulings, verified or
    waiting, about a part of the old rules that the new ones no longer have: they are kept, and
    nothing follows them."""
    rulings = Ruling.objects.filter(competition=competition, withdrawn=False)
    rulings = list(rulings.exclude(state=Ruling.State.RETURNED).order_by("key"))
    idle = [ruling for ruling in rulings if _rules_on(old, ruling) - _rules_on(new, ruling)]
    if not idle:
        return []
    names = {key: item["name"] for key, item in find_entry_names(competition).items()}
    judges = {
        key: f"{number} 号评委 {name}"
        for key, (number, name) in find_judge_names(competition).items()
    }
    return [
        (
            ruling.key,
            RULING_KINDS[ruling.kind],
            describe(ruling.kind, ruling.subject, old, names, judges),
        )
        for ruling in idle
    ]


def _rules_on(scheme, ruling):
    """The fields of a ruling's subject that name a part of these rules, as far as they have it."""
    rounds = {item.key for track in scheme.tracks for item in track.rounds}
    if ruling.kind == "set_overtime":
        rounds = dict(timed_choices(scheme)).keys()
    there = {
        "track": {track.key for track in scheme.tracks},
        "round": rounds,
        "criterion": {
            criterion.key
            for track in scheme.tracks
            for item in track.rounds
            for criterion in item.criteria
        },
        "of": {key for key, _ in NAMED[ruling.kind](scheme)} if ruling.kind in NAMED else set(),
    }
    return {name for name, keys in there.items() if ruling.subject.get(name) in keys}


def find_unfit_evidence(competition, old, new):
    """This function will return a sentence for every criterion that has evidence and now asks for
    something else, compared with every version that was ever in force."""
    counted, items = count_evidence(competition)
    if not counted:
        return []
    before = {}
    for scheme in [*_earlier(competition), old]:
        for key, asked in _asked_in(scheme, items).items():
            before.setdefault(key, set()).add(asked)
    numbers = Counter()
    for (_, key), number in counted.items():
        numbers[key] += number
    sentences = []
    for key, asked in _asked_in(new, items).items():
        if numbers[key] and before.get(key, {asked}) != {asked}:
            title = new.find_criterion(key)[2].title
            sentences.append(
                f"「{title}」已有 {numbers[key]} 项数据，现在要的数据不同，不能沿用："
                "请在编辑页把它复制成新的评分项，再删除原来的。"
            )
    return sentences


def _earlier(competition):
    versions = SchemeVersion.objects.filter(
        competition=competition,
        state=SchemeVersion.State.SUPERSEDED,
        published_at__isnull=False,
    )
    return [scheme_of(version) for version in versions.order_by("number").defer("document")]


def _asked_in(scheme, used_items):
    """{criterion key: what evidence it asks for}; of a ledger the items that are in use."""
    asked = {}
    for track in scheme.tracks:
        for item in track.rounds:
            for criterion in item.criteria:
                rule = criterion.rule
                if rule.kind == "marks":
                    detail = (rule.low, rule.high, rule.step)
                elif rule.kind == "ledger":
                    used = used_items.get(criterion.key, set())
                    detail = frozenset((i.key, i.sign) for i in rule.items if i.key in used)
                else:
                    detail = tuple((one.key, one.unit) for one in criterion.inputs)
                asked[criterion.key] = (item.key, criterion.evidence, detail)
    return asked
