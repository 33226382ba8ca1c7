"""Every shipped scheme with its sample: places, totals, flags, awards as worked out by hand.

The expected numbers and their arithmetic stand beside the sample, in expected.md; they do not come
from the program.
"""

import io
import re
from fractions import Fraction
from importlib.resources import files

import pytest

from competitions.scheme.describe import describe_criterion, describe_round, describe_track
from competitions.scheme.read import read_toml
from competitions.scheme.shipped import read_sample, read_shipped, shipped_schemes
from competitions.scheme.write import to_document, to_toml
from publication.bundle.cli import run
from publication.bundle.shapes import read_evidence
from rewards.rules.decide import decide
from scoring.rules.tabulate import tabulate
from tests.rules.naive import Naive

FOLDER = files("competitions") / "schemes" / "samples"
WITH_SAMPLE = [key for key in shipped_schemes() if (FOLDER / key / "expected.md").is_file()]


def expected_tables(key):
    """This function will return {mark: rows of cells} of the tables in a sample's expected.md."""
    page = (FOLDER / key / "expected.md").read_text(encoding="utf-8")
    tables = {}
    for match in re.finditer(r"<!-- ([a-z]+)(?:: ([\w.-]+))? -->\n((?:[|-].*\n)*)", page):
        rows = [line.strip("|\n").split("|") for line in match[3].splitlines()]
        rows = [[cell.strip().replace("−", "-") for cell in row] for row in rows]
        tables[match[1], match[2]] = rows[2:]
    total = re.search(r"<!-- total: ([\d.]+) -->", page)
    waiting = re.findall(r"^- 待会议决定：`([\w-]+)`，(.+)$", page, re.M)
    return tables, total[1], [(of, tuple(entries.split("、"))) for of, entries in waiting]


@pytest.fixture(scope="module", params=WITH_SAMPLE)
def worked(request):
    """A shipped scheme: (key, scheme, evidence, tabulation, outcome)."""
    scheme = read_shipped(request.param)
    evidence = read_evidence(read_sample(request.param).evidence, "evidence.json")
    tabulation = tabulate(scheme, evidence)
    return request.param, scheme, evidence, tabulation, decide(tabulation, scheme, evidence)


def test_sample_is_complete_and_uses_everything(worked):
    _, _, _, tabulation, _ = worked
    assert tabulation.missing == ()
    assert tabulation.warnings == ()
    assert tabulation.complete


def test_totals_places_and_rounds_are_those_worked_out_by_hand(worked):
    key, scheme, _, tabulation, _ = worked
    tables, _, _ = expected_tables(key)
    for track in scheme.tracks:
        expected = {row[0]: row[2:] for row in tables["places", track.key]}
        computed = {}
        for name, entry in tabulation.tracks[track.key].entries.items():
            if entry.excluded:
                continue
            points = [entry.rounds[round_.key].points for round_ in track.rounds]
            computed[name] = [str(entry.place), entry.total, *points]
        assert computed == expected, track.key


def test_flags_are_those_worked_out_by_hand(worked):
    key, _, _, _, outcome = worked
    tables, _, _ = expected_tables(key)
    colours = {"red": "红", "yellow": "黄"}
    computed = [
        [flag.rule, flag.round or "—", flag.entry, colours[flag.colour], flag.effect or "—"]
        for flag in outcome.flags
    ]
    expected = [[*row[:3], *row[4:]] for row in tables["flags", None]]
    assert sorted(computed) == sorted(expected)


def test_awards_are_those_worked_out_by_hand_to_the_yuan(worked):
    key, _, _, _, outcome = worked
    tables, total, waiting = expected_tables(key)
    computed = [
        [grant.award, grant.entry, grant.amount or "—", str(grant.months or "—"),
         str(grant.people)]
        for grant in outcome.awards
    ]  # fmt: skip
    expected = [[*row[:2], *row[3:6]] for row in tables["awards", None]]
    assert sorted(computed) == sorted(expected)
    assert sum(Fraction(row[6]) for row in tables["awards", None]) == Fraction(total)
    assert outcome.total == total
    assert [(item.of, item.entries) for item in outcome.undecided] == waiting


def test_second_calculator_agrees_on_the_sample(worked):
    _, scheme, evidence, tabulation, _ = worked
    naive = Naive(to_document(scheme), evidence).results
    for track in scheme.tracks:
        for name, entry in tabulation.tracks[track.key].entries.items():
            if entry.total is not None:
                row = naive[track.key][name]
                assert (Fraction(entry.total), entry.place) == (row["total"], row["place"])


def test_scheme_survives_toml_and_says_what_it_assumes(worked):
    _, scheme, _, _, _ = worked
    assert read_toml(to_toml(scheme)) == scheme
    assert scheme.assumptions
    for track in scheme.tracks:
        words = describe_track(track, scheme)
        for round_ in track.rounds:
            words += describe_round(round_, scheme)
            for criterion in round_.criteria:
                words += describe_criterion(criterion)
        assert all(line.endswith(("。", "）")) for line in words)


def test_every_name_of_the_sample_is_there_and_people_are_marked(worked):
    key, _, evidence, _, _ = worked
    names = read_sample(key).names
    assert set(names["entries"]) == {entry.key for entry in evidence.entries}
    people = [names["entries"][e.key] for e in evidence.entries if e.subject != "unit"]
    assert all("演示" in name for name in [*people, *names.get("judges", {}).values()])


def test_sample_is_tabulated_by_its_key(worked):
    key, scheme, _, _, outcome = worked
    out, err = io.StringIO(), io.StringIO()
    options = {"bundle": key, "format": "table", "explain": None}
    assert run("tabulate", options, out, err) == 0, err.getvalue()
    assert scheme.title in out.getvalue()
    assert f"合计 {outcome.total} 元" in out.getvalue() or not outcome.awards


def test_unknown_sample_is_refused():
    with pytest.raises(KeyError):
        read_sample("../../settings")


def test_annual_sample_carries_the_totals_of_the_monthly_lists():
    evidence = read_evidence(read_sample("yishui-longhu").evidence, "evidence.json")
    month = tabulate(read_shipped("yishui-longhu"), evidence).tracks["month-total"].entries
    carried = read_sample("county-annual").evidence["carried"]
    assert {entry: given["m06"] for entry, _, given in carried} == {
        key: entry.total for key, entry in month.items()
    }
