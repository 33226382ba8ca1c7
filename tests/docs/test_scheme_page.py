"""docs/scheme.md says what the scheme language is: its tables are made, its examples computed."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from competitions.scheme.shipped import read_shipped, shipped_schemes
from scoring.rules.evidence import Evidence, LedgerFact
from scoring.rules.tabulate import tabulate
from script.scheme_tables import BLOCK, fill, language_classes
from tests.rules.small import entries, panel_evidence, points, scheme_of, with_inputs

RULES = {name for name, cls in language_classes().items() if hasattr(cls, "kind")}
PAGE = Path(settings.BASE_DIR / "docs" / "scheme.md").read_text(encoding="utf-8")


def read_examples():
    """This function will return (section, TOML of a criterion, header, rows) of each example."""
    found, section = [], ""
    for match in re.finditer(
        r"^#+ (\w+)$|^```toml\n((?:(?!```).*\n)+)```\n((?:\|.*\n)+)", PAGE, re.M
    ):
        if match[1]:
            section = match[1] if match[1] in RULES else section
            continue
        header, _, *rows = [
            [cell.strip() for cell in line.strip("|\n").split("|")]
            for line in match[3].splitlines()
        ]
        found.append(pytest.param(match[2], header, rows, id=section))
    return found


EXAMPLES = read_examples()


def tabulate_example(text, header, rows):
    """This function will return the points of an example, as they are computed."""
    criterion = {"key": "x", "title": "指标", **tomllib.loads(text, parse_float=str)}
    panel = criterion.pop("panel", None)
    open_round = {"above_full": True}
    scheme = scheme_of([criterion], panel=panel, round_=open_round, above_full=True)
    if header[0] == "marks":
        # A judge who is not in the row was not asked: each row is a field of its own.
        return [points(tabulate(scheme, panel_evidence([marks.split()])))[0] for marks, _ in rows]
    if header[0] == "events":
        evidence = Evidence(entries=entries(len(rows)))
        for n, (events, _) in enumerate(rows, 1):
            evidence.ledger += [
                LedgerFact(f"{n}-{i}", f"e{n}", "x", item) for i, item in enumerate(events.split())
            ]
        return points(tabulate(scheme, evidence))
    given = [dict(zip(header[:-1], row[:-1], strict=True)) for row in rows]
    return points(tabulate(scheme, with_inputs(scheme, given)))


@pytest.mark.parametrize(("text", "header", "rows"), EXAMPLES)
def test_example_of_the_page_comes_out_as_it_says(text, header, rows):
    assert header[-1] == "points"
    assert tabulate_example(text, header, rows) == [row[-1] for row in rows]


def test_tables_of_the_page_are_up_to_date():
    assert fill(PAGE) == PAGE, "docs/scheme.md 的参数表已过时，请运行 script/scheme-tables"


def test_every_class_of_the_language_has_a_table_and_a_heading():
    told = [name for _, name, _ in BLOCK.findall(PAGE)]
    assert sorted(told) == sorted(language_classes())
    headings = set(re.findall(r"^#+ (\w+)$", PAGE, re.M))
    assert set(told) <= headings


def test_every_rule_and_conversion_has_an_example():
    assert {example.id for example in EXAMPLES} == RULES


def test_links_within_the_page_lead_to_a_heading():
    anchors = {title.lower().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", PAGE, re.M)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= anchors


@pytest.mark.parametrize("key", shipped_schemes())
def test_every_shipped_scheme_reads_and_is_named_as_its_file(key):
    assert read_shipped(key).key == key
