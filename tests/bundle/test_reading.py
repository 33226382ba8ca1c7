"""Reading and writing bundles: by hand, as a folder, as a zip, there and back."""

import dataclasses
import json

import pytest

from publication.bundle import shapes
from publication.bundle.problems import BundleError
from publication.bundle.read import read_bundle
from publication.bundle.write import write_bundle
from scoring.rules.evidence import RULING_KINDS, Evidence, to_document
from scoring.rules.tabulate import tabulate
from tests.bundle.small import NAMES, TOTALS, tables, write_folder, write_zip
from tests.rules.linhe import worked_evidence


def problems_of(source):
    """This function will return the sentences with which a bundle is refused."""
    with pytest.raises(BundleError) as caught:
        read_bundle(source)
    return caught.value.problems


def test_bundle_by_hand_gives_the_totals_worked_out_beside_it(by_hand):
    with read_bundle(by_hand) as bundle:
        track = tabulate(bundle.scheme, bundle.evidence).tracks["town"]
    assert {key: item.total for key, item in track.entries.items()} == TOTALS
    assert track.order == ["xin", "lang", "shuang"]
    assert bundle.names["entries"] == NAMES


def test_zip_and_folder_read_alike(by_hand, tmp_path):
    packed = write_zip(tmp_path / "b.zip", tables())
    with read_bundle(by_hand) as one, read_bundle(packed) as other:
        assert to_document(one.evidence) == to_document(other.evidence)
        assert one.scheme == other.scheme


def test_gbk_tables_of_a_spreadsheet_are_read(tmp_path):
    files = tables()
    files["entries.csv"] = files["entries.csv"].encode("gb18030")
    with read_bundle(write_folder(tmp_path, files)) as bundle:
        assert bundle.name_of("lang") == "狼山镇"


def test_written_bundle_reads_back_without_loss(parts, whole, reopen):
    with read_bundle(whole) as bundle:
        again = write_bundle(
            about={k: v for k, v in bundle.about.items() if k not in ("format", "files")},
            documents={
                name: json.loads(bundle.files.read(name, 10**7)) for name in parts["documents"]
            },
            record=list(bundle.record_rows()),
            attachments=[("l001.pdf", bundle.files.read("attachments/l001.pdf", 10**6))],
        )
        assert bundle.result == parts["documents"]["result.json"]
        assert bundle.decision == parts["documents"]["decision.json"]
    assert again == whole.read_bytes()


def test_evidence_of_the_linhe_example_survives_the_way_through_a_bundle(reopen):
    evidence = worked_evidence()
    scheme = tables()["scheme.toml"]
    with pytest.raises(ValueError):
        write_bundle(about={}, documents={"scheme.json": {"points": 0.5}})
    from competitions.scheme.shipped import read_shipped
    from competitions.scheme.write import to_document as scheme_document

    data = write_bundle(
        about={},
        documents={
            "scheme.json": scheme_document(read_shipped("linhe-2022")),
            "evidence.json": to_document(evidence),
        },
    )
    bundle = reopen(data)
    assert to_document(bundle.evidence) == to_document(evidence)
    assert bundle.scheme == read_shipped("linhe-2022")
    assert scheme


def test_every_kind_of_evidence_has_its_check():
    assert set(shapes.CHECKS) == {item.name for item in dataclasses.fields(Evidence)}


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        (
            "marks.csv",
            "91\n",
            "NaN\n",
            "「marks.csv」第 2 行「分数」「NaN」不是普通写法的数字，例如 92.50。",
        ),
        (
            "marks.csv",
            "91\n",
            "1e999\n",
            "「marks.csv」第 2 行「分数」「1e999」不是普通写法的数字，例如 92.50。",
        ),
        (
            "marks.csv",
            "91\n",
            "=1+1\n",
            "「marks.csv」第 2 行「分数」以「=」开头，会被当作公式，请改成普通文字或数字。",
        ),
        ("marks.csv", ",91\n", "\n", "「marks.csv」第 2 行有 4 格，表头有 5 格，请对齐。"),
        ("marks.csv", ",value", ",value,value", "「marks.csv」的表头「value」重复。"),
        ("judges.csv", "j1,1,", "j1,,", "「judges.csv」第 2 行「序号」是空的，请补充。"),
        ("judges.csv", ",group", ",groop", "「judges.csv」缺少「评委组」（group）一列。"),
        (
            "entries.csv",
            "xin,",
            "lang,",
            "「CSV 表格」的 entries[1]：与前面的一项重复，无法确定以哪一个为准。",
        ),
        (
            "measurements.csv",
            "income,value,120",
            "income,baseline,120",
            "「measurements.csv」第 3 行与前面的一行重复，无法确定以哪一个为准。",
        ),
        (
            "ledger.csv",
            "2022-07-01",
            "七月一日",
            "「CSV 表格」的 ledger[0]：date 「七月一日」应写成 2022-08-20 的样子。",
        ),
        (
            "entries.csv",
            "lang,",
            "la ng,",
            "「CSV 表格」的 entries[0]：「la ng」不能作编号：应为不带空格的文字，不超过 80 字，"
            "也不能以 =、+、-、@ 开头。",
        ),
    ],
)
def test_wrong_cell_is_refused_with_its_address(tmp_path, name, old, new, sentence):
    files = tables()
    files[name] = files[name].replace(old, new, 1)
    assert sentence in problems_of(write_folder(tmp_path, files))


def test_misspelt_table_is_refused_and_not_passed_over(tmp_path):
    files = tables()
    files["mark.csv"] = files.pop("marks.csv")
    assert problems_of(write_folder(tmp_path, files)) == [
        "不认识的文件「mark.csv」，请核对文件名。"
    ]


def test_two_schemes_or_two_forms_of_evidence_are_refused(tmp_path):
    files = tables() | {"scheme.json": "{}", "evidence.json": "{}"}
    assert problems_of(write_folder(tmp_path, files)) == [
        "同时有 scheme.toml 和 scheme.json，请只留一个。",
        "同时有 evidence.json 和 entries.csv，请只留一种。",
    ]


def test_bundle_without_scheme_says_what_is_missing(tmp_path):
    assert problems_of(write_folder(tmp_path, {"entries.csv": "key\na\n"})) == [
        "缺少 scheme.toml 或 scheme.json（办法），不能计算。"
    ]


def test_wrong_scheme_names_every_problem_with_its_place(tmp_path):
    files = tables()
    files["scheme.toml"] = files["scheme.toml"].replace("weight = 60", "weight = 55")
    assert problems_of(write_folder(tmp_path, files)) == [
        "「scheme.toml」tracks[0].rounds[1].weight：各环节权重之和为 95，应为 100。"
    ]


def test_other_format_is_refused(tmp_path):
    files = tables() | {"bundle.json": '{"format": "leitai-bundle/9"}'}
    assert problems_of(write_folder(tmp_path, files)) == [
        "「bundle.json」的 format 是「leitai-bundle/9」，这个版本只认识 leitai-bundle/1，"
        "请换用相应版本的核验程序。"
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d["marks"][0].pop(), None),
        (
            lambda d: d["marks"][0].__setitem__(4, "9e9"),
            "「evidence.json」的 marks[0]：「9e9」不是普通写法的数字，请写成带引号的十进制数，"
            '例如 "92.50"。',
        ),
        (
            lambda d: d["entries"][0].__setitem__("key", {"a": 1}),
            "「evidence.json」的 entries[0]：「{'a': 1}」不能作编号：应为不带空格的文字，"
            "不超过 80 字，也不能以 =、+、-、@ 开头。",
        ),
        (
            lambda d: d["measurements"].append(d["measurements"][0]),
            "「evidence.json」的 measurements[3]：与前面的一项重复，无法确定以哪一个为准。",
        ),
        (
            lambda d: d.__setitem__("ballots", []),
            "「evidence.json」里有不认识的内容「ballots」，请删除或改正拼写。",
        ),
        (lambda d: d.__setitem__("marks", {}), "「evidence.json」的 marks 应为列表。"),
        (
            lambda d: d["rulings"].append({"key": "r1", "kind": "abolish"}),
            "「evidence.json」的 rulings[0]：kind 应为下列之一："
            + "、".join(f"{kind}（{title}）" for kind, title in RULING_KINDS.items())
            + "。",
        ),
        (
            lambda d: d["entries"][0].__setitem__("excluded", "退出\x1b[2J"),
            "「evidence.json」的 entries[0]：excluded 文字里有控制字符，请删除。",
        ),
    ],
)
def test_evidence_of_a_wrong_shape_is_refused(tmp_path, by_hand, change, sentence):
    with read_bundle(by_hand) as bundle:
        document = to_document(bundle.evidence)
    change(document)
    files = {"scheme.toml": tables()["scheme.toml"], "evidence.json": json.dumps(document)}
    folder = write_folder(tmp_path / "b", files)
    if sentence is None:
        read_bundle(folder).files.close()
    else:
        assert sentence in problems_of(folder)
