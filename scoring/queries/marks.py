"""Marks as people write them, and as they are kept: decimal text, exact."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

WRITTEN = re.compile(r"(-?)(\d{1,6})(?:\.(\d{0,6}))?")
PLACES = 2


@dataclass(frozen=True)
class Problem:
    """What is wrong with one mark: where it stands, and the sentence for the person marking."""

    entry: str
    site: str
    criterion: str
    message: str


def tidy_mark(text):
    """This function will return a mark as canonical decimal text (`92.50` → `92.5`).

    Full-width digits are read; anything that is not a plain decimal number raises ValueError; blank
    text gives an empty text, which means missing.
    """
    plain = unicodedata.normalize("NFKC", str(text if text is not None else "")).strip()
    plain = plain.replace("。", ".")
    if not plain:
        return ""
    found = WRITTEN.fullmatch(plain)
    if found is None:
        raise ValueError(f"「{plain[:20]}」不是数字")
    sign, whole, part = found.groups()
    whole, part = whole.lstrip("0") or "0", (part or "").rstrip("0")
    number = f"{whole}.{part}" if part else whole
    return sign + number if number != "0" else number


def plain_decimal(value):
    """This function will write a Decimal without exponent or trailing zeros."""
    return tidy_mark(f"{value:f}")


def find_fault(criterion, text):
    """This function will say what is wrong with a tidy mark on a criterion, or return ''."""
    rule = criterion.rule
    if not text:
        return "没有打分，请填写后再提交。"
    value = Decimal(text)
    if not rule.low <= value <= rule.high:
        low, high = plain_decimal(rule.low), plain_decimal(rule.high)
        return f"应在 {low} 到 {high} 之间，现在是 {text}，请修改。"
    if rule.step and (value - rule.low) % rule.step:
        return f"应以 {plain_decimal(rule.step)} 为间隔，现在是 {text}，请修改。"
    return ""


def read_marks(line, given):
    """This function will read one line's marks and return (marks, problems).

    `line` is scoring.queries.panels.Line, `given` maps criterion key to text. Every criterion must
    have its mark; a key that the round does not have is a problem too.
    """
    marks, problems = {}, []

    def refuse(key, title, message):
        where = f"{line.name}「{title}」" if title else line.name
        problems.append(Problem(line.entry.key, line.site_key, key, where + message))

    for criterion in line.criteria:
        try:
            text = tidy_mark(given.get(criterion.key, ""))
        except ValueError as error:
            refuse(criterion.key, criterion.title, f"填写的{error}，请填写数字。")
            continue
        fault = find_fault(criterion, text)
        if fault:
            refuse(criterion.key, criterion.title, fault)
        else:
            marks[criterion.key] = text
    if set(given) - {criterion.key for criterion in line.criteria}:
        refuse("", "", "含有规则里没有的评分项，请刷新页面后重新填写。")
    return marks, problems


def total_of(marks):
    """This function will return the exact sum of marks, as Decimal."""
    return sum((Decimal(text) for text in marks.values()), Decimal(0))


def show_total(marks):
    """This function will write the sum of marks with at least two decimals, without rounding."""
    total = total_of(marks)
    places = max(PLACES, -plain_exponent(total))
    return f"{total:.{places}f}"


def plain_exponent(value):
    """This function will return the exponent of a Decimal without its trailing zeros, at most 0."""
    return min(0, value.normalize().as_tuple().exponent)
