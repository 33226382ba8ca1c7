"""The invented figures are plausible in every year."""

from decimal import Decimal

import pytest

from competitions.scheme.shipped import read_shipped
from publication.demo.figures import INDICATORS, QUALITY, measure

CRITERIA = [
    criterion
    for track in read_shipped("linhe-2022").tracks
    for round_ in track.rounds
    for criterion in round_.criteria
    if criterion.key in INDICATORS
]


@pytest.mark.parametrize("year", range(2022, 2027))
def test_indicator_in_percent_never_passes_the_whole(year):
    shares = [criterion for criterion in CRITERIA if criterion.unit == "%"]
    assert {item.key for item in shares} == {key for key in INDICATORS if INDICATORS[key].share}
    for criterion in shares:
        for unit in QUALITY:
            assert all(0 < Decimal(text) <= 100 for text in measure(criterion, unit, year).values())


def test_value_of_a_year_is_the_baseline_of_the_next():
    grown = [item for item in CRITERIA if {"baseline", "value"} <= {x.key for x in item.inputs}]
    assert grown
    for criterion in grown:
        for unit in QUALITY:
            before, after = (measure(criterion, unit, year) for year in (2022, 2023))
            assert before["value"] == after["baseline"]
