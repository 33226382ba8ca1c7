"""Files that want to do harm: each is refused in words, quickly, in little memory."""

import io
import struct
import subprocess
import sys
import zipfile

import pytest

from competitions.sheets import Column, match_columns, read_paste, read_table

from .workbooks import raw_workbook, text_cell, workbook

UNIT = Column("unit", "乡镇", kind="unit", required=True)
NOW = Column("now", "本期", kind="number")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def refusal(content, filename="表.xlsx"):
    table = read_table(content, filename)
    assert table.rows == []
    assert [problem.address for problem in table.problems] == [""]
    assert match_columns(table, [UNIT]).problems == table.problems
    return table.problems[0].message


def zipped(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "filename", "words"),
    [
        (b"", "表.xlsx", "空的"),
        (b" \n", "表.csv", "空的"),
        (OLE, "表.xls", "另存为 xlsx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "表.xlsx", "密码"),
        (b"PK\x03\x04 not a zip", "表.xlsx", "已损坏"),
        (b"hello", "表.xlsx", "不是真正的 xlsx"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "图.csv", "不是表格文件"),
        (b"\x89PNG not", "wrong.bin", "图片（PNG）"),
        (b"\xff\xd8\xff\xe0 JFIF", "图.csv", "图片（JPEG）"),
        (b"%PDF-1.7\n1 0 obj", "表.csv", "PDF"),
        (b"Rar!\x1a\x07", "表.csv", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "表.csv", "7z"),
        (b"\x1f\x8b\x08", "表.csv", "gzip"),
        ("乡镇\n狼山镇\x08\n".encode(), "表.csv", "控制字符"),
        ("乡镇\n狼山镇\n".encode(), "表.bin", "「.bin」"),
        (b"\xff\xff\xff\x80 \x81", "表.csv", "编码"),
        (b"<html><table><tr><td>1</td></tr></table>", "表.csv", "网页格式"),
        (zipped(a_txt="x"), "表.xlsx", "已损坏"),
        (zipped(content_xml="x"), "表.ods", "ods"),
        (zipped(xl__workbook_bin="x"), "表.xlsb", "xlsb"),
        (zipped(xl__workbook_xml="<a/>", xl__vbaProject_bin="x"), "表.xlsm", "宏"),
        (raw_workbook(sheet="<worksheet><sheetData><row>"), "表.xlsx", "已损坏"),
        (bytes(10 * 1024 * 1024 + 1), "表.xlsx", "10 MB"),
    ],
)
def test_file_that_is_no_table_is_refused_in_words(content, filename, words):
    message = refusal(content, filename)
    assert words in message
    assert "请" in message


def test_encrypted_zip_is_refused():
    content = bytearray(raw_workbook(data=""))
    spot = content.rfind(b"PK\x01\x02")
    flags = struct.unpack_from("<H", content, spot + 8)[0]
    struct.pack_into("<H", content, spot + 8, flags | 1)
    assert "密码" in refusal(bytes(content))


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_entities_and_document_types_are_refused(doctype):
    data = f'<row r="1">{text_cell("A1", "乡镇")}</row>'
    assert "已损坏" in refusal(raw_workbook(data=data, head=doctype))


def test_too_many_rows_are_refused():
    content = ("乡镇,本期\n" + "狼山镇,1\n" * 10_000).encode()
    assert "10,000 行" in refusal(content, "表.csv")
    data = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(1, 10_002))
    assert "10,000 行" in refusal(raw_workbook(data=data))


def test_ten_thousand_rows_are_read():
    content = ("乡镇,本期\n" + "狼山镇,1\n" * 9_999).encode()
    assert len(match_columns(read_table(content, "表.csv"), [UNIT, NOW]).rows) == 9_999


def test_too_many_columns_are_refused():
    assert "200 列" in refusal(("甲," * 200 + "乙\n").encode(), "表.csv")
    assert "XFD 列" in refusal(raw_workbook(data='<row><c r="XFD1"><v>1</v></c></row>'))


def test_formatted_but_empty_cells_do_not_count():
    data = f'<row r="1">{text_cell("A1", "乡镇")}<c r="XFD1" s="1"/></row>'
    data += "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(2, 20_000))
    data += f'<row r="1048576">{text_cell("A1048576", "狼山镇")}</row>'
    table = read_table(raw_workbook(data=data), "表.xlsx")
    assert [(r["_row"], r["unit"]) for r in match_columns(table, [UNIT]).rows] == [
        (1048576, "狼山镇")
    ]


def test_merged_ranges_over_everything_stay_small():
    rows = f'<row r="1">{text_cell("A1", "乡镇")}</row><row r="2">{text_cell("A2", "狼山镇")}</row>'
    sheet = (
        f'<worksheet><sheetData>{rows}</sheetData><mergeCells><mergeCell ref="A2:XFD1048576"/>'
        '<mergeCell ref="junk"/><mergeCell ref="A1"/></mergeCells></worksheet>'
    )
    table = read_table(raw_workbook(sheet), "表.xlsx")
    assert [row.cells for row in table.rows] == [["乡镇"], ["狼山镇"]]


def test_too_many_merged_ranges_are_refused():
    ranges = '<mergeCell ref="A1:B2"/>' * 5_001
    sheet = f"<worksheet><sheetData/><mergeCells>{ranges}</mergeCells></worksheet>"
    assert "合并单元格太多" in refusal(raw_workbook(sheet))


@pytest.mark.parametrize(
    "value", ["NaN", "inf", "-Infinity", "1e999", "1E-999", "0x10", "9" * 5_000]
)
def test_number_that_is_none_is_a_problem_of_its_cell(value):
    data = f'<row r="1">{text_cell("A1", "乡镇")}{text_cell("B1", "本期")}</row>'
    data += f'<row r="2">{text_cell("A2", "狼山镇")}<c r="B2"><v>{value}</v></c></row>'
    parsed = match_columns(read_table(raw_workbook(data=data), "表.xlsx"), [UNIT, NOW])
    assert [problem.address for problem in parsed.problems] == ["B2"]


def test_broken_references_to_strings_and_styles_are_problems_of_their_cells():
    data = f'<row r="1">{text_cell("A1", "乡镇")}</row>'
    data += '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'
    data += '<row r="3"><c r="A3" s="77" t="n"><v>5</v></c></row>'
    parsed = match_columns(read_table(raw_workbook(data=data), "表.xlsx"), [UNIT])
    assert [problem.address for problem in parsed.problems] == ["A2"]
    assert parsed.rows[1]["unit"] == "5"


def test_names_with_markup_are_text_and_problems_are_not_endless():
    rows = [["乡镇", "本期"], *([f"<script>{n}</script>", "x"] for n in range(500))]
    parsed = match_columns(read_table(workbook(rows), "表.xlsx"), [UNIT, NOW])
    assert parsed.rows[0]["unit"] == "<script>0</script>"
    assert len(parsed.problems) == 201
    assert parsed.problems[-1].message.startswith("还有 300 处问题")


def test_paste_that_is_too_long_is_refused():
    assert "粘贴的内容太多" in read_paste("甲\t" * 1_000_001).problems[0].message


BOMBS = """
import io, resource, sys, zipfile
from competitions.sheets import read_table
limit = 512 * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
sys.path.insert(0, ".")
from tests.competitions.workbooks import raw_workbook

def bomb(name, chunk, size):
    stream = io.BytesIO(raw_workbook(data=""))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(size // len(chunk)):
                part.write(chunk)
    return stream.getvalue()

def told(content):
    table = read_table(content, "x.xlsx")
    return table.problems[0].message if table.problems else f"{len(table.rows)} rows"

print(told(bomb("xl/sharedStrings.xml", bytes(1 << 20), 256 << 20)))
wide = "<row>" + "<c><v>71234</v></c>" * 199 + "</row>"
print(told(raw_workbook(data=wide * 7_900)))
print(told(raw_workbook(data="<row><c t='str'><v>" + "x" * 25_000_000 + "</v></c></row>")))
"""


def test_bombs_are_refused_in_half_a_gigabyte():
    run = subprocess.run([sys.executable, "-c", BOMBS], capture_output=True, text=True)
    assert run.stderr == ""
    packed, wide, long = run.stdout.splitlines()
    assert "内容太多" in packed
    assert "内容太多" in wide
    assert long == "1 rows"


def test_part_that_lies_about_its_size_is_refused():
    honest = f'<row r="1">{text_cell("A1", "乡镇" * 5_000)}</row>'
    content = bytearray(raw_workbook(data=honest))
    spot = content.rfind(b"PK\x01\x02")
    struct.pack_into("<L", content, spot + 24, 50)
    assert "已损坏" in refusal(bytes(content))
