"""Reading and writing the scheme language."""

import copy
import json
import re
import tomllib
from decimal import Decimal

import pytest

from competitions.scheme.read import SchemeError, read_document, read_toml
from competitions.scheme.shipped import read_shipped, shipped_schemes
from competitions.scheme.write import to_document, to_toml, write_draft


def test_shipped_scheme_survives_document_and_toml():
    for key in shipped_schemes():
        scheme = read_shipped(key)
        assert read_document(json.loads(json.dumps(to_document(scheme)))) == scheme
        assert read_toml(to_toml(scheme)) == scheme
        assert scheme.key == key


def test_document_holds_no_floats_and_no_exponents():
    def check(value):
        if isinstance(value, dict):
            for inner in value.values():
                check(inner)
        elif isinstance(value, list):
            for inner in value:
                check(inner)
        else:
            assert isinstance(value, str | int)

    check(to_document(read_shipped("linhe-2022")))


def test_linhe_names_its_evidence_and_inputs():
    scheme = read_shipped("linhe-2022")
    _, _, income = scheme.find_criterion("income")
    assert income.evidence == "measurement"
    assert [(field.key, field.title, field.unit) for field in income.inputs] == [
        ("baseline", "基期", "元"),
        ("value", "本期", "元"),
    ]
    _, _, mark = scheme.find_criterion("a-results")
    assert mark.evidence == "marks"
    assert (mark.rule.low, mark.rule.high, mark.rule.step) == (0, 40, Decimal("0.5"))


def test_problems_are_listed_all_at_once():
    with pytest.raises(SchemeError) as caught:
        read_toml('key = 1\nfoo = 2\n[[tracks]]\nkey = "a"\n[[tracks.rounds]]\nweight = 1e999\n')
    assert [(problem.place, problem.message) for problem in caught.value.problems][:4] == [
        ("foo", "不认识的字段，请删除或改正拼写。"),
        ("key", "键只能用小写字母、数字、「-」和「_」，不超过 64 个字符，请改正。"),
        ("title", "缺少「名称」，请补充。"),
        ("tracks[0].title", "缺少「名称」，请补充。"),
    ]


def test_broken_toml_names_the_line():
    with pytest.raises(SchemeError) as caught:
        read_toml('key = "a"\nkey = "b"\n')
    assert caught.value.problems[0].place == "第 2 行第 10 列"


def test_large_scheme_is_read_quickly_enough_and_whole():
    document = to_document(read_shipped("linhe-2022"))
    routine = document["tracks"][0]["rounds"][2]
    tracks = []
    for t in range(22):
        rounds = []
        for r in range(4):
            criteria = [
                {**criterion, "key": f"c-{t}-{r}-{c}"}
                for c, criterion in enumerate(routine["criteria"])
            ]
            rounds.append({**routine, "key": f"r-{t}-{r}", "weight": "25", "criteria": criteria})
        tracks.append({"key": f"t-{t}", "title": "榜", "rounds": rounds})
    scheme = read_document({**document, "tracks": tracks})
    assert len(scheme.tracks) == 22
    assert read_document(to_document(scheme)) == scheme


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = 1\na = 2", "同一个键写了两次"),
        ("[a]\n[a]", "同一个表头写了两次"),
        ("a = x", "文字须加引号"),
        ("“a” = 1", "要用半角"),
        ("a = {b = 1", "花括号没有写全"),
        ("a = 0xZ\n", "不是正确的 TOML"),
    ],
)
def test_broken_toml_is_explained_without_english(text, words):
    with pytest.raises(SchemeError, match=words) as caught:
        read_toml(text)
    assert not re.search("[A-Za-z]{5}", str(caught.value))


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "{b = " * 5000,
        "[" + ".".join("a" * 5000) + "]",
        "key = " + "9" * 5000,
        "key = 1e999999999",
        "key = nan",
        "key = -inf",
        "tracks = [1, 2, 'x', {}, [[]]]",
        'key = "a"\nkey = "b"',
        "\x00",
        'title = "\\ud800"',
        "tracks = 3",
        "[[tracks]]\n" * 5000,
        "x" * 3_000_000,
    ],
)
def test_hostile_toml_is_refused_in_words(text):
    with pytest.raises(SchemeError) as caught:
        read_toml(text)
    assert all(problem.message.endswith("。") for problem in caught.value.problems)


def test_draft_of_any_shape_is_written_as_toml_that_reads_back():
    document = {
        "title": '引号"、反斜线\\、换行\n、控制\x01符',
        "有 空格": [1, {"a": "x"}, [True, "乙"]],
        "tracks": [{"rounds": [{"weight": "60", "rule": {"kind": None, "x": {}}}]}, {}],
        "half": 0.5,
        "none": None,
        "empty": [],
    }
    del (expected := copy.deepcopy(document))["none"]
    del expected["tracks"][0]["rounds"][0]["rule"]["kind"]
    assert tomllib.loads(write_draft(document)) == expected
