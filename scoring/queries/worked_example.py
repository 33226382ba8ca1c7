"""A worked example of a criterion as filled in: 「若某乡镇基期 120、本期 150，则得 18.50 分。」

The sentence is computed by scoring.rules on a scheme of this one criterion, with invented values
for five townships; nothing is stored.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from competitions.scheme.draft import read_draft
from competitions.scheme.fields import plain
from competitions.scheme.inputs import inputs_of
from competitions.shown import minus_signs
from scoring.rules.evidence import EntryFacts, Evidence, JudgeFacts, LedgerFact, MarkFact
from scoring.rules.tabulate import tabulate

OWN = "e1"
# What the others reach, as a share of the first township's values.
OTHERS = {"e2": "0.7", "e3": "0.85", "e4": "1.1", "e5": "1.3"}
BASELINES = {"e1": "1", "e2": "0.9", "e3": "1.05", "e4": "0.8", "e5": "1.1"}
MARKS = ("0.9", "0.86", "0.94", "0.8", "0.88", "0.92", "0.84")
MOST_JUDGES = 15
COMPARING = ("best", "rank", "efficacy")


@dataclass
class Example:
    """What stands under a rule's form. Either `sentence` or `missing` says something.

    inputs: [(name of the field, title, unit, value)] that the reader may change.
    """

    sentence: str = ""
    formula: str = ""
    notes: list = field(default_factory=list)
    inputs: list = field(default_factory=list)
    missing: list = field(default_factory=list)

    def __post_init__(self):
        self.sentence, self.formula = minus_signs(self.sentence), minus_signs(self.formula)
        self.notes = [minus_signs(note) for note in self.notes]


def work_example(document, path, table, given=None):
    """This function will compute the Example of a criterion.

    `path` are the tokens of its place in the document, `table` is the criterion as filled in,
    `given` maps input keys to values (decimal text) typed in place of the invented ones.
    """
    round_ = document["tracks"][path[1]]["rounds"][path[3]]
    scheme, problems = read_draft(_alone(document, round_, table))
    own = "tracks[0].rounds[0]."
    missing = [item.said for item in problems if item.place.startswith(own)]
    if missing:
        return Example(missing=list(dict.fromkeys(missing)))
    criterion = scheme.tracks[0].rounds[0].criteria[0]
    samples = _samples(criterion, given or {})
    evidence, words = _evidence(scheme, criterion, samples, _titles(document, criterion))
    result = tabulate(scheme, evidence).tracks["t"].entries[OWN].tree
    node = next(item for item in result.children[0].children if item.kind == "criterion")
    titles = _titles(document, criterion)
    inputs = [(key, *titles[key], value) for key, value in samples.items()]
    if not node.points:
        return Example(inputs=inputs, missing=[f"若{words}：{note}" for note in node.notes])
    return Example(
        sentence=f"若{words}，则得 {points_words(node.points)} 分。",
        formula=node.formula,
        notes=node.notes,
        inputs=inputs,
    )


def points_words(text):
    """This function will write points with two decimals unless more were declared; an endless
    fraction as the rules write it."""
    whole, _point, part = text.partition(".")
    return text if "…" in text or len(part) > 1 else f"{whole}.{part:0<2}"


def _alone(document, round_, table):
    """A scheme of nothing but this criterion."""
    criterion = {**table, "key": "c", "title": table.get("title") or "本项"}
    rule = dict(criterion.get("rule") or {})
    if rule.get("kind") == "carried" and rule.get("source") != "outside":
        # Results of another track enter like results from elsewhere.
        rounds = [str(key) for key in rule.get("rounds") or ()] or ["total"]
        rule |= {"source": "outside", "periods": rounds, "unit_of": False}
        criterion["rule"] = rule
    alone = {
        "key": "r",
        "title": "环节",
        "kind": "routine",
        "full": "100",
        "above_full": True,
        "below_zero": True,
        "criteria": [criterion],
    }
    if rule.get("kind") == "marks" and round_.get("panel"):
        alone["panel"] = {**round_["panel"], "sites": "none"}
    track = {"key": "t", "title": "榜单", "combine": "sum", "above_full": True, "below_zero": True}
    return {
        "key": "example",
        "title": "试算",
        "dimensions": document.get("dimensions") or [],
        "judge_groups": document.get("judge_groups") or [],
        "tracks": [{**track, "rounds": [alone]}],
    }


def _samples(criterion, given):
    """{input key: decimal text} of the first township."""
    rule = criterion.rule
    invented = {}
    for number, item in enumerate(inputs_of(rule, criterion.unit)):
        if rule.kind in ("measured", "blend"):
            invented[item.key] = _measured_sample(criterion, item.key)
        elif rule.kind == "carried":
            invented[item.key] = plain(rule.of * Decimal(85 + number % 3 * 4) / 100)
        elif rule.kind in ("grade_votes", "share_bands", "rank_votes"):
            votes = (60, 25, 10, 3, 2)
            count = len(rule.points if rule.kind == "rank_votes" else rule.grades)
            invented[item.key] = str(votes[number % count] if number % count < 5 else 0)
        else:
            invented[item.key] = str(10 * (number + 1))
    return {key: given.get(key) or value for key, value in invented.items()}


def _measured_sample(criterion, key):
    part = criterion.rule.parts[0] if criterion.rule.kind == "blend" else criterion.rule
    conversion = part.conversion
    usual = {"baseline": "120", "value": "150" if part.better == "more" else "90", "target": "140"}
    if key != "value" or part.quantity != "value":
        return usual[key]
    better = 1 if part.better == "more" else -1
    if getattr(conversion, "target", None) is not None:
        return plain(conversion.target + better * 2 * getattr(conversion, "unit", Decimal(1)))
    if conversion.kind == "bands":
        reached = [band.least for band in conversion.bands if band.least is not None]
        return plain(reached[min(1, len(reached) - 1)] + better) if reached else "150"
    if conversion.kind == "segments":
        return plain(conversion.origin + better * (conversion.segments[0].width or 10))
    if conversion.kind == "direct" and conversion.factor:
        return plain((criterion.full * Decimal("0.8") / conversion.factor).quantize(Decimal("0.1")))
    return usual[key]


def _titles(document, criterion):
    """{input key: (title, unit)}; a carried round by its own title."""
    rounds = {
        item.get("key"): str(item.get("title") or "")
        for track in document["tracks"]
        for item in track.get("rounds") or []
    }
    rounds["total"] = "来源总分"
    carried = criterion.evidence == "carried"
    return {
        item.key: (rounds.get(item.key, item.title) if carried else item.title, item.unit)
        for item in criterion.inputs
    }


def _evidence(scheme, criterion, samples, titles):
    """The invented evidence, and the first township's part of it in words."""
    entries = [EntryFacts(key, order) for order, key in enumerate([OWN, *OTHERS])]
    evidence = Evidence(entries=entries)
    kind = criterion.evidence
    if kind == "marks":
        return evidence, _put_marks(scheme, criterion, evidence)
    if kind == "ledger":
        return evidence, _put_events(criterion, evidence)
    table = evidence.inputs(kind)
    for entry in entries:
        table[entry.key, "c"] = {
            key: _scaled(key, value, entry.key, whole=kind == "votes")
            for key, value in samples.items()
        }
    words = "、".join(f"{titles[key][0]} {value}" for key, value in samples.items())
    return evidence, f"某乡镇{words}{_beside(criterion, table)}"


def _scaled(key, value, entry, *, whole):
    """Another township's value, in proportion; votes and unreadable values are the same for all."""
    if entry == OWN or whole:
        return value
    share = BASELINES[entry] if key == "baseline" else OTHERS[entry] if key == "value" else "1"
    try:
        return plain((Decimal(value) * Decimal(share)).quantize(Decimal("0.01")))
    except ArithmeticError:
        return value


def _beside(criterion, table):
    """What the others reach, where the rule compares with them."""
    rule = criterion.rule
    parts = rule.parts if rule.kind == "blend" else (rule,)
    compares = rule.kind in ("measured", "blend") and any(
        part.conversion.kind in COMPARING or part.quantity == "deviation" for part in parts
    )
    if not compares:
        return ""
    names = [item.key for item in criterion.inputs if item.key != "target"]
    others = ["→".join(table[key, "c"].get(name, "") for name in names) for key in OTHERS]
    word = "基期→本期" if len(names) > 1 else "本期"
    return f"，其他四个乡镇{word} {'、'.join(others)}"


def _put_marks(scheme, criterion, evidence):
    rule, panel = criterion.rule, scheme.tracks[0].rounds[0].panel
    sizes = {group.key: group.size for group in scheme.judge_groups}
    titles = {group.key: group.title for group in scheme.judge_groups}
    words, number = [], 0
    for part in panel.parts:
        wanted = max(sizes.get(part.group) or 5, part.minimum, part.trim_from or 0)
        given = []
        for _ in range(min(wanted, MOST_JUDGES)):
            number += 1
            judge = JudgeFacts(f"j{number}", number, part.group)
            evidence.judges.append(judge)
            for place, entry in enumerate(evidence.entries):
                share = Fraction(MARKS[(number + place) % len(MARKS)])
                steps = int(
                    (Fraction(rule.high) - Fraction(rule.low)) * share / Fraction(rule.step)
                )
                mark = plain(rule.low + steps * rule.step)
                evidence.marks.append(MarkFact("r", entry.key, judge.key, "c", mark))
                if entry.key == OWN:
                    given.append(mark)
        words.append(f" {len(given)} 名{titles.get(part.group, '评委')}打 {'、'.join(given)} 分")
    return "，".join(words)


def _put_events(criterion, evidence):
    words = []
    bonuses = [item for item in criterion.rule.items if item.sign == "bonus"][:2]
    deductions = [item for item in criterion.rule.items if item.sign == "deduction"][:1]
    for number, item in enumerate([*bonuses, *deductions]):
        points = "1" if item.points is None else plain(item.points)
        evidence.ledger.append(
            LedgerFact(f"l{number}", OWN, "c", item.key, "2000-01-01", points, item.title)
        )
        sign = "加" if item.sign == "bonus" else "扣"
        words.append(f"“{item.title}”一次（{sign} {points} 分）")
    return f"某乡镇有{'、'.join(words)}" if words else "没有加减分记录"
