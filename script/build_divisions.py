"""Turn the tables of china-division into the one file that the catalogue of divisions reads.

Usage: build_divisions.py FOLDER_WITH_CSV OUTPUT. Called by `script/divisions`; needs pypinyin.

Each line of the output is `code<TAB>name<TAB> initials initials… `, sorted by code as text, so
that a division is followed by everything below it. The last column begins and ends with a space, so
that a search for whole initials or for their beginning is a plain search for text.
"""

import csv
import gzip
import itertools
import sys
from pathlib import Path

from pypinyin import Style, lazy_pinyin

TABLES = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv")
EXPECTED = (31, 342, 2978, 41352)

# Names in which the dictionary reads a character otherwise than the place does.
PLACE_READINGS = {
    "阿荣": "ar", "长子": "zz", "长治": "cz", "单县": "sx", "莘县": "sx", "乐亭": "lt",
    "会稽": "kj", "洪洞": "ht", "涡阳": "gy", "解州": "hz", "番禺": "py", "重庆": "cq",
    "厦门": "xm", "六安": "la", "六合": "lh", "枞阳": "zy", "朝阳": "cy", "曾都": "zd",
    "大埔": "db", "黄陂": "hp", "铅山": "ys", "浚县": "xx", "泌阳": "by", "荥阳": "xy",
    "荥经": "yj", "伽师": "js", "迦师": "js", "且末": "qm", "尉犁": "yl", "蔚县": "yx",
    "长安": "ca", "长乐": "cl", "乐清": "yq", "盛泽": "sz", "都匀": "dy", "会理": "hl",
}  # fmt: skip

# Characters common in place names whose readings begin with different letters. Each reading is
# searchable, since people type what they say and dialects and dictionaries differ.
POLYPHONES = {
    "重": "cz", "长": "cz", "番": "pf", "厦": "xs", "乐": "ly", "单": "sd", "莘": "sx",
    "会": "hk", "洞": "dt", "蔚": "yw", "尉": "yw", "涡": "gw", "曾": "zc", "朝": "cz",
    "阿": "ae", "车": "cj", "解": "xjh", "召": "zs", "行": "xh", "盛": "sc", "种": "zc",
    "祭": "jz", "藏": "cz", "降": "jx", "调": "dt", "铅": "yq", "浚": "xj",
    "泌": "bm", "陂": "pb", "埔": "pb", "圩": "xw", "堡": "bp", "峒": "dt", "垌": "dt",
    "荥": "xy", "虹": "hj", "枞": "zc", "伽": "jqg", "茄": "qj", "奇": "qj", "龟": "gqj",
    "畜": "xc", "宿": "sx", "翟": "zd", "卡": "kq", "校": "xj", "巷": "xh",
    "瀑": "pb", "合": "hg", "屯": "tz", "查": "cz", "澄": "cd", "氏": "sz",
    "覃": "qtx", "谌": "cs", "繁": "fp", "秘": "mb", "吓": "xh",
    "褚": "cz", "柜": "gj", "溪": "xq", "裳": "sc", "栖": "qx",
    "扎": "zc", "嵌": "qk", "泷": "ls",
    "槛": "kj", "夹": "jg", "蛤": "gh", "咀": "zj", "磅": "bp",
    "暴": "bp", "隗": "wk", "盖": "gh", "仇": "qc",
    "缪": "mj", "贾": "jg", "参": "cs",
}  # fmt: skip

MOST_ALTERNATIVES = 6


def initials(name: str) -> list[str]:
    """This function will return the pinyin initials of a name, the usual reading first."""
    main = [
        syllable[0].lower() if syllable[0].isascii() and syllable[0].isalnum() else ""
        for syllable in lazy_pinyin(name, style=Style.NORMAL, errors=list)
    ]
    for place, letters in PLACE_READINGS.items():
        start = name.find(place)
        if start >= 0:
            main[start : start + len(place)] = letters
    choices = [
        [letter, *(other for other in POLYPHONES.get(char, "") if other != letter)]
        for char, letter in zip(name, main, strict=True)
    ]
    spelled = itertools.islice(itertools.product(*choices), MOST_ALTERNATIVES)
    return list(dict.fromkeys("".join(letters) for letters in spelled))


def main(folder: Path, output: Path) -> None:
    """This function will read the four tables and write the compressed, reproducible catalogue."""
    lines = []
    for table, expected in zip(TABLES, EXPECTED, strict=True):
        with (folder / table).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if len(rows) != expected:
            raise SystemExit(f"{table}: {len(rows)} rows, {expected} expected")
        for row in rows:
            name = row["name"].strip()
            lines.append(f"{row['code']}\t{name}\t {' '.join(initials(name))} \n")
    lines.sort()
    with output.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write("".join(lines).encode())
    sys.stdout.write(f"{output}: {len(lines)} divisions, {output.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
