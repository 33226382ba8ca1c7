"""Two calculators agree: the product's and a naive one that shares no code with it."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.scheme.read import read_document, read_toml
from competitions.scheme.write import to_document, to_toml
from rewards.rules.decide import decide
from scoring.rules.tabulate import tabulate
from tests.rules.naive import Naive
from tests.rules.naive_rewards import NaiveRewards
from tests.rules.random_cases import Case


def compare(seed):
    """This function will compute one random case twice and compare every number, every place,
    flag and award."""
    case = Case(random.Random(seed))
    scheme = read_document(case.document)
    result = tabulate(scheme, case.evidence)
    assert result.missing == (), (seed, result.missing[:3])
    document = to_document(scheme)
    naive = Naive(document, case.evidence).results
    for track in scheme.tracks:
        entries = result.tracks[track.key].entries
        ranked = {key: entry for key, entry in entries.items() if entry.total is not None}
        rows = naive[track.key]
        assert set(ranked) == set(rows), seed
        for key, entry in ranked.items():
            row = rows[key]
            for name, round_ in entry.rounds.items():
                assert Fraction(round_.points) == row["rounds"][name], (seed, key, name)
                for criterion, points in round_.criteria.items():
                    assert Fraction(points) == row["criteria"][criterion], (seed, key, criterion)
            assert Fraction(entry.total) == row["total"], (seed, key)
            assert entry.place == row["place"], (seed, key)
    outcome = decide(result, scheme, case.evidence)
    rewards = NaiveRewards(document, case.evidence, naive)
    flags = {(f.rule, f.round, f.entry): bool(f.effect) for f in outcome.flags}
    assert flags == rewards.flags, seed
    awards = {
        (g.award, g.entry): (g.amount and Fraction(g.amount), g.months, g.people)
        for g in outcome.awards
    }
    assert awards == rewards.awards, seed
    waiting = {(b.of, tuple(sorted(b.entries)), b.quota) for b in outcome.undecided}
    assert waiting == rewards.waiting, seed
    return scheme, result


@pytest.mark.parametrize("part", range(4))
@settings(max_examples=510)
@given(seed=st.integers(0, 2**40))
def test_second_calculator_agrees_on_random_schemes(part, seed):
    compare(4 * seed + part)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**40))
def test_every_entry_of_a_random_scheme_can_be_explained(seed):
    _, result = compare(seed)
    for track in result.tracks.values():
        for entry in track.entries.values():
            document = entry.tree.to_document()
            assert document["kind"] == "total"
            assert document.get("points", "") == (entry.total or "")


@settings(max_examples=100)
@given(seed=st.integers(0, 2**40))
def test_random_scheme_survives_document_and_toml(seed):
    scheme = read_document(Case(random.Random(seed)).document)
    assert read_document(to_document(scheme)) == scheme
    assert read_toml(to_toml(scheme)) == scheme
