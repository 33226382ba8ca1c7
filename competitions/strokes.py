"""Order by strokes (姓氏笔画): how lists of names are arranged in official documents.

Convention: fewer strokes first; with equal strokes by the kinds of the strokes in writing order,
横 竖 撇 点 折, main forms before their variants (提, 竖钩, 捺), after GB 13000.1; then, among
people of one surname, given names of one character before longer ones, and these again by
strokes. What the data do not tell is decided by code point, so that the order is always the same.
"""

import gzip
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"

# For a character that has no strokes (a letter, a digit): after all that have.
UNKNOWN = 999

_COMPOUND = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊
赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文
司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正
宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户
公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘
贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师 纳兰 完颜 叶赫
那拉 爱新觉罗
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())
_LONGEST_SURNAME = max(map(len, COMPOUND_SURNAMES))

# a 横 b 提 | c 竖 d 竖钩 | e 撇 | f 点 g 捺 | h 折
_KINDS = str.maketrans("abcdefgh", "11223445")

CharKey = tuple[int, str, str, str]


@cache
def _counts() -> tuple[tuple[int, str], ...]:
    lines = gzip.decompress((FOLDER / "stroke_counts.txt.gz").read_bytes()).decode().splitlines()
    fields = (line.split("\t") for line in lines)
    return tuple((int(first, 16), counts) for first, counts in fields)


@cache
def _orders() -> dict[str, str]:
    lines = gzip.decompress((FOLDER / "stroke_orders.txt.gz").read_bytes()).decode().splitlines()
    return {line[0]: line[1:] for line in lines}


def stroke_count(char: str) -> int | None:
    """This function will return the number of strokes of one character, None if it has none."""
    point = ord(char)
    for first, counts in _counts():
        if first <= point < first + len(counts):
            return ord(counts[point - first]) - 48
    return None


def _char_key(char: str) -> CharKey:
    strokes = _orders().get(char, "")
    return stroke_count(char) or UNKNOWN, strokes.translate(_KINDS), strokes, char


def split_name(name: str) -> tuple[str, str]:
    """This function will return (surname, given name) of a person's name without spaces."""
    for length in range(min(_LONGEST_SURNAME, len(name) - 1), 1, -1):
        if name[:length] in COMPOUND_SURNAMES:
            return name[:length], name[length:]
    return name[:1], name[1:]


def surname_key(name: str) -> tuple:
    """This function will return the sort key of a person's name by strokes of the surname.

    Spaces and the dot in names of other peoples do not matter (巴特尔·呼和). Names without a
    surname are arranged by their first character.
    """
    surname, given = split_name("".join(c for c in name if not c.isspace() and c not in "·•・．."))
    length = min(len(given), 2)
    return tuple(map(_char_key, surname)), length, tuple(map(_char_key, given))


def stroke_key(name: str) -> tuple[CharKey, ...]:
    """This function will return the sort key of a unit's name, character by character."""
    return tuple(_char_key(char) for char in name if not char.isspace())
