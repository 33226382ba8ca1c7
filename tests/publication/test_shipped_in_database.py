"""Every shipped scheme is lived through in the database: created, filled by the actions, tabulated.

The result is that of the sample's bundle, which other tests hold against numbers worked out by
hand.
"""

import pytest

from competitions.scheme.shipped import read_sample, read_shipped, shipped_schemes
from publication.actions import publish_results
from publication.bundle.shapes import read_evidence
from rewards.queries import find_outcome
from rewards.rules.decide import decide
from scoring.rules.tabulate import tabulate
from tests.poured import Poured, op


def standing(result, names):
    """This function will return {track: {entry: what is said of it}} of a Tabulation's document."""
    return {
        track: {
            names[key]: (
                entry["place"],
                entry["total"],
                bool(entry["excluded"]),
                {name: (r["points"], r["place"]) for name, r in entry["rounds"].items()},
            )
            for key, entry in part["entries"].items()
        }
        for track, part in result["tracks"].items()
    }


def given(outcome, names):
    """This function will return all flags and awards of an Outcome, in an order of their own."""
    return (
        sorted((f.rule, f.round, names[f.entry], f.colour, f.effect) for f in outcome.flags),
        sorted(
            (a.award, names[a.entry], a.amount or "", a.months, a.people) for a in outcome.awards
        ),
        sorted((item.of, sorted(names[key] for key in item.entries)) for item in outcome.undecided),
        outcome.total,
    )


# The fullest, and the one of persons: on every database.
TELLING = {"linhe-2022", "village-heads-arena"}
CASES = [
    key if key in TELLING else pytest.param(key, marks=pytest.mark.once)
    for key in shipped_schemes()
]


@pytest.mark.parametrize("key", CASES)
def test_shipped_scheme_gives_its_samples_result_from_the_database(key, organiser, colleague):
    poured = Poured(key, organiser, colleague)
    stored = poured.pour()
    assert [item["message"] for item in stored.result["missing"]] == []
    assert stored.complete
    scheme = read_shipped(key)
    facts = read_evidence(read_sample(key).evidence, "evidence.json")
    sample = tabulate(scheme, facts)
    assert sample.complete
    same = {entry.key: entry.key for entry in facts.entries}
    own = {name: entry for entry, name in poured.keys.items()}
    assert standing(stored.result, own) == standing(sample.to_document(), same)
    assert given(find_outcome(stored).final, own) == given(decide(sample, scheme, facts), same)
    if any(track.subject == "person" for track in scheme.tracks):
        version = publish_results(
            circle="county", tabulation=stored, notice=None, op=op(), **poured.who
        )
        rows = next(t["rows"] for t in version.contents["tracks"] if t["subject"] == "person")
        assert rows[0]["name"].startswith("演示先锋") and rows[0]["name"].endswith("村）")
        pages = [bytes(page.body).decode("utf-8", "replace") for page in version.pages.all()]
        assert all(any(row["name"] in page for page in pages) for row in rows)
