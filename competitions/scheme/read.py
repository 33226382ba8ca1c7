"""Reading a scheme: from TOML text or from its canonical document, with every problem at once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, dataclass
from decimal import Decimal, InvalidOperation

from competitions.scheme.check import check_scheme
from competitions.scheme.fields import KEY, Spec, plain, specs
from competitions.scheme.types import Scheme

LONGEST_TEXT = 2_000_000
MOST_PROBLEMS = 300
MOST_ITEMS = 2_000
DIGITS = 12
PLACES = 9
# A field or a value of the language, behind what people call it.
_WORDS = re.compile(r"（[a-z_]+(?: = [a-z]+)?）")


# What tomllib says, by a part of its sentence.
_FAULTS = {
    "Cannot overwrite": "同一个键写了两次，请删去一个",
    "Duplicate inline table key": "同一个键写了两次，请删去一个",
    "Cannot declare": "同一个表头写了两次，请合并",
    "Cannot mutate": "同一个表在两处写了内容，请合并",
    "Expected '='": "键的后面缺少等号，请补上",
    "Expected ']": "表头的方括号没有写全，请补上",
    "Unclosed array": "方括号没有写全，请补上",
    "Unclosed inline table": "花括号没有写全，请补上",
    "Unterminated string": "文字的引号没有写全，请补上",
    "Expected newline": "一行里多写了内容，请另起一行或删去",
    "Illegal character": "文字里有看不见的字符或没有写完就换了行，请改正",
    "Unescaped": "文字里的反斜杠须写成两个，请改正",
    "Invalid statement": "这一行的写法不对，键和引号要用半角，请改正",
    "Invalid initial character": "键的写法不对，请改正",
    "Invalid value": "值的写法不对，文字须加引号，请改正",
}


def _say_fault(said):
    for part, words in _FAULTS.items():
        if part in said:
            return f"不是正确的 TOML：{words}。"
    return "不是正确的 TOML，请对照原来的文本改正。"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a scheme: its place (`tracks[0].rounds[2].weight`) and what to do."""

    place: str
    message: str

    @property
    def said(self) -> str:
        """What pages say, where nobody writes TOML: without the words of the language."""
        return _WORDS.sub("", self.message)

    def __str__(self) -> str:
        return f"{self.place}：{self.message}" if self.place else self.message


class SchemeError(ValueError):
    """A scheme that cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__("\n".join(str(item) for item in self.problems))


def read_toml(text: str) -> Scheme:
    """This function will read a scheme from TOML, or raise SchemeError with all its problems."""
    if len(text) > LONGEST_TEXT:
        raise SchemeError([Problem("", f"文本超过 {LONGEST_TEXT} 字，请精简后再导入。")])
    try:
        data = tomllib.loads(text, parse_float=_exact)
    except RecursionError:
        raise SchemeError([Problem("", "表格嵌套过深，请检查括号和表头。")]) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        where = f"第 {place[1]} 行第 {place[2]} 列" if place else "文本末尾"
        raise SchemeError([Problem(where, _say_fault(str(error)))]) from None
    except ValueError:
        raise SchemeError([Problem("", "含有过长的数字或无效的日期，请修改。")]) from None
    return read_document(data)


def _exact(written: str) -> Decimal | str:
    try:
        return Decimal(written)
    except InvalidOperation:
        return written


def read_document(data: dict) -> Scheme:
    """This function will read a scheme from its canonical document (`to_document`), or raise
    SchemeError. Numbers may stand as plain strings, integers or Decimals."""
    reader = _Reader()
    scheme = reader.read_table(Scheme, data, "")
    if not reader.problems or len(reader.problems) < MOST_PROBLEMS:
        broken = {problem.place for problem in reader.problems}
        for place, message in check_scheme(scheme, broken):
            reader.report(place, message)
    if reader.problems:
        raise SchemeError(reader.problems[:MOST_PROBLEMS])
    return scheme


class _Reader:
    """Walks a document along the declared fields and keeps a list of problems.

    A field that cannot be read gets a neutral value, so that the rest is still checked.
    """

    def __init__(self):
        self.problems: list[Problem] = []

    def report(self, place: str, message: str):
        """Note one problem."""
        self.problems.append(Problem(place, message))

    def read_table(self, cls, data, place):
        if not isinstance(data, dict):
            self.report(place, f"应为一个表（{cls.__name__}），请按格式填写。")
            data = {}
            silent = True
        else:
            silent = False
        known = specs(cls)
        extra = {"kind"} if hasattr(cls, "kind") and "kind" not in known else set()
        for name in data:
            if name not in known and name not in extra:
                self.report(_join(place, _shown(name)), "不认识的字段，请删除或改正拼写。")
        values = {}
        for name, (spec, default) in known.items():
            where = _join(place, name)
            if name in data:
                values[name] = self.read_value(spec, data[name], where)
            elif default is not MISSING:
                values[name] = default
            else:
                if not silent:
                    self.report(where, f"缺少「{spec.label}」，请补充。")
                values[name] = _neutral(spec)
        return cls(**values)

    def read_value(self, spec: Spec, value, place):
        if spec.form == "table":
            return self.read_table(spec.of[0], value, place)
        return getattr(self, f"read_{spec.form}")(spec, value, place)

    def read_text(self, spec, value, place):
        if not isinstance(value, str):
            self.report(place, f"「{spec.label}」应为文字，请加引号。")
            return ""
        if len(value) > spec.longest:
            self.report(place, f"「{spec.label}」超过 {spec.longest} 字，请精简。")
            return ""
        allowed = "\n\t" if spec.form == "long" else ""
        if any(ord(char) < 32 and char not in allowed for char in value):
            self.report(place, f"「{spec.label}」含有控制字符，请删除。")
            return ""
        if any(0xD800 <= ord(char) <= 0xDFFF for char in value):
            self.report(place, f"「{spec.label}」含有无效字符，请删除。")
            return ""
        return value

    read_long = read_text

    def read_key(self, spec, value, place):
        if value == "" and not spec.optional:
            return ""
        if not isinstance(value, str) or not KEY.fullmatch(value):
            self.report(place, "键只能用小写字母、数字、「-」和「_」，不超过 64 个字符，请改正。")
            return ""
        return value

    def read_number(self, spec, value, place):
        number = _number(value)
        if number is None:
            self.report(place, f"「{spec.label}」应为数字，请改正。")
            return _neutral(spec)
        if number != 0 and (
            number.adjusted() >= DIGITS or plain(number).partition(".")[2].__len__() > PLACES
        ):
            self.report(
                place,
                f"「{spec.label}」过大或小数位过多（整数 {DIGITS} 位、小数 {PLACES} 位以内）。",
            )
            return _neutral(spec)
        if spec.low is not None and number < spec.low:
            self.report(place, f"「{spec.label}」不能小于 {plain(spec.low)}。")
            return _neutral(spec)
        if spec.high is not None and number > spec.high:
            self.report(place, f"「{spec.label}」不能大于 {plain(spec.high)}。")
            return _neutral(spec)
        return Decimal(plain(number))

    def read_integer(self, spec, value, place):
        number = _number(value)
        if number is None or number.adjusted() >= DIGITS or number != number.to_integral_value():
            self.report(place, f"「{spec.label}」应为整数，请改正。")
            return _neutral(spec)
        if not spec.low <= number <= spec.high:
            self.report(place, f"「{spec.label}」应在 {spec.low} 与 {spec.high} 之间。")
            return _neutral(spec)
        return int(number)

    def read_flag(self, spec, value, place):
        if not isinstance(value, bool):
            self.report(place, f"「{spec.label}」应为 true 或 false。")
            return False
        return value

    def read_choice(self, spec, value, place):
        words = [word for word, _ in spec.choices]
        if not isinstance(value, str) or value not in words:
            offered = "、".join(f"{word}（{title}）" for word, title in spec.choices if word)
            self.report(place, f"「{spec.label}」应为下列之一：{offered}。")
            return words[0]
        return value

    def read_tables(self, spec, value, place):
        items = self._list(spec, value, place)
        return tuple(
            self.read_table(spec.of[0], item, f"{place}[{i}]") for i, item in enumerate(items)
        )

    def read_variant(self, spec, value, place):
        kinds = {cls.kind: cls for cls in spec.of}
        if not isinstance(value, dict):
            self.report(place, f"「{spec.label}」应为一个表，请按格式填写。")
            return _neutral(spec)
        kind = value.get("kind")
        if not isinstance(kind, str) or kind not in kinds:
            offered = "、".join(f"{name}（{cls.title}）" for name, cls in kinds.items())
            self.report(_join(place, "kind"), f"「{spec.label}」的 kind 应为下列之一：{offered}。")
            return _neutral(spec)
        return self.read_table(kinds[kind], value, place)

    def _list(self, spec, value, place):
        if not isinstance(value, list):
            self.report(place, f"「{spec.label}」应为列表，请按格式填写。")
            return []
        if len(value) > MOST_ITEMS:
            self.report(place, f"「{spec.label}」超过 {MOST_ITEMS} 项，请精简。")
            return []
        if len(value) < spec.least:
            self.report(place, f"「{spec.label}」至少要有 {spec.least} 项，请补充。")
        return value

    def read_keys(self, spec, value, place):
        items = self._list(spec, value, place)
        return tuple(self.read_key(spec, item, f"{place}[{i}]") for i, item in enumerate(items))

    def read_texts(self, spec, value, place):
        items = self._list(spec, value, place)
        return tuple(self.read_text(spec, item, f"{place}[{i}]") for i, item in enumerate(items))

    def read_numbers(self, spec, value, place):
        items = self._list(spec, value, place)
        return tuple(self.read_number(spec, item, f"{place}[{i}]") for i, item in enumerate(items))


def _neutral(spec: Spec):
    """A value that lets reading go on after a problem was noted."""
    if spec.optional:
        return None
    if spec.form in ("number", "integer"):
        value = spec.low if spec.low is not None else Decimal(0)
        return value if spec.form == "number" else int(value)
    if spec.form == "flag":
        return False
    if spec.form == "choice":
        return spec.choices[0][0]
    if spec.form in ("tables", "keys", "texts", "numbers"):
        return ()
    if spec.form in ("table", "variant"):
        cls = spec.of[0]
        return cls(
            **{
                name: _neutral(inner) if default is MISSING else default
                for name, (inner, default) in specs(cls).items()
            }
        )
    return ""


def _number(value) -> Decimal | None:
    """A finite Decimal from an int, a Decimal or a plain string; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if len(value) > 40 or not value.isascii() or "_" in value or value != value.strip():
            return None
        try:
            value = Decimal(value)
        except InvalidOperation:
            return None
    if isinstance(value, int):
        if abs(value) >= 10**40:
            return None
        return Decimal(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 40:
        return value
    return None


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _shown(name: str) -> str:
    return name if len(name) <= 60 else name[:60] + "…"
