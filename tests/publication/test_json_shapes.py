"""A JSON column that has not the shape of its kind is refused by file, line and field."""

import pytest
from django.db.models import JSONField

from competitions.models import SchemeDraft, SchemeVersion, TermChange
from publication.bundle.problems import BundleError
from publication.carried import SHARED, TABLES, RowReader, carried_fields
from publication.json_shapes import SHAPES, check_column
from publication.models import PublicationVersion
from rewards.models import MeetingDecision
from scoring.models import LateSheet, Measurement, Ruling, Sheet, Tabulation

PLACE = "tables.jsonl 第 7 行"
WRONG = [
    (Sheet, "marks", ["9"], "「marks」应为表（花括号）"),
    (Sheet, "marks", {"speech": 9}, "「marks.speech」应为文字"),
    (
        LateSheet,
        "lines",
        [{"round": "arena", "entry": "e01", "site": ""}],
        "「lines[0]」缺少「marks」",
    ),
    (Measurement, "values", [], "「values」应为表"),
    (Ruling, "subject", {"entries": "e01"}, "「subject.entries」应为列表（方括号）"),
    (MeetingDecision, "changes", {}, "「changes」应为列表"),
    (Tabulation, "result", {"complete": True, "missing": []}, "「result」缺少「warnings」"),
    (Tabulation, "evidence", {"marks": {}}, "evidence」的 marks 应为列表"),
    (Tabulation, "evidence", [], "「evidence」应为表"),
    (PublicationVersion, "contents", {"kind": "rules"}, "「contents」缺少「circle」"),
    (
        PublicationVersion,
        "contents",
        {"kind": "results", "circle": "county", "competition": []},
        "「contents.competition」应为表",
    ),
    (SchemeVersion, "document", {"title": 1}, "document 的"),
]


@pytest.mark.parametrize(("model", "name", "value", "words"), WRONG)
def test_column_of_another_shape_is_refused_by_line_and_field(model, name, value, words):
    with pytest.raises(BundleError) as refused:
        check_column(model._meta.get_field(name), value, PLACE)
    told = str(refused.value)
    assert PLACE in told and words in told, told


def test_former_term_of_another_shape_is_refused():
    field = TermChange._meta.get_field("was")
    reader = RowReader(lambda model, name: 1)
    good = {"term": 1, "person": "a", "unit": 1, "since": "2022-01-01", "until": None}
    good["acting"] = False
    assert reader._read(field, good, PLACE) == good | {"person": "1"}
    for wrong in (
        [],
        {**good, "since": 2022},
        {**good, "until": "never"},
        {**good, "acting": "no"},
    ):
        with pytest.raises(BundleError, match=PLACE):
            reader._read(field, wrong, PLACE)


def test_every_json_column_that_travels_has_its_shape():
    models = [*SHARED.values(), *(table.model for table in TABLES)]
    found = {
        (model, field.name)
        for model in models
        for field in carried_fields(model)
        if isinstance(field, JSONField)
    }
    # A draft may still be wrong, and travels as a text; a former term is read as references.
    assert found - {(SchemeDraft, "document"), (TermChange, "was")} == set(SHAPES)
