"""What a public bundle leaves out: everything that the scheme does not open to everybody."""

from dataclasses import replace

from scoring.rules.evidence import Evidence, from_document, to_document


def is_fully_open(disclosure) -> bool:
    """This function will say whether the scheme opens all it can open, so that marks and data may
    be read by everybody and the whole result computed again."""
    return (
        disclosure.judges != "none"
        and disclosure.scores_public
        and disclosure.last_places_public
        and disclosure.yellow_flags_public
    )


def find_withheld(disclosure) -> list[str]:
    """This function will say in Chinese what a public bundle does not carry, and why."""
    words = ["存证记录的正文（只附摘要）", "会议决定的理由、附件和推荐使用名单"]
    if is_fully_open(disclosure):
        return [*words, "事由、理由等文字"]
    return [*words, "打分、指标值、票数和加减分（办法没有全部公开）"]


def redact_evidence(evidence: Evidence) -> tuple[Evidence, dict[str, str]]:
    """This function will return evidence without free text, in which judges are known by their
    numbers only, and {former key of a judge: new key}."""
    facts = from_document(to_document(evidence))
    keys = {judge.key: f"n{judge.number}" for judge in facts.judges}

    def key(judge):
        return keys.get(judge, judge)

    facts.judges = [replace(judge, key=key(judge.key)) for judge in facts.judges]
    facts.recusals = {(key(judge), entry) for judge, entry in facts.recusals}
    facts.marks = [mark._replace(judge=key(mark.judge)) for mark in facts.marks]
    facts.seats = {
        name: tuple(key(judge) for judge in judges) for name, judges in facts.seats.items()
    }
    facts.entries = [
        replace(entry, excluded="不参加排名" if entry.excluded else "") for entry in facts.entries
    ]
    # Events of one matter count once: the matter becomes a number, the reason goes.
    matters = {
        matter: f"m{n}" for n, matter in enumerate(sorted({e.matter for e in facts.ledger}), 1)
    }
    facts.ledger = [
        replace(event, reason="", matter=matters[event.matter] if event.matter else "")
        for event in facts.ledger
    ]
    facts.rulings = [
        replace(ruling, judge=key(ruling.judge) if ruling.judge else "", reason="")
        for ruling in facts.rulings
    ]
    return facts, keys
