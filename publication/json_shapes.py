"""What the JSON columns of a bundle's rows may hold, as deep as pages and rules read them.

A column of the database takes any JSON; a bundle comes from anywhere. A value is walked by its
shape, and what does not fit is named by its place, such as `lines[2].marks`.
"""

from dataclasses import dataclass

from arena.models import Ceremony, Turn
from competitions.models import Entry, SchemeVersion, Unit
from competitions.scheme.read import SchemeError, read_document
from publication.bundle.problems import BundleError, shown
from publication.bundle.shapes import read_evidence
from publication.models import PublicationVersion
from rewards.models import MeetingDecision
from scoring.models import Correction, LateSheet, Measurement, Ruling, Sheet, Tabulation

KINDS = {str: "文字", int: "整数", bool: "是或否", list: "列表（方括号）", dict: "表（花括号）"}


@dataclass(frozen=True)
class ListOf:
    """A list whose items have one shape."""

    item: object


@dataclass(frozen=True)
class MapOf:
    """A table whose keys are free and whose values have one shape."""

    value: object


@dataclass(frozen=True)
class Row:
    """A table with these keys at least; others are free."""

    fields: dict


@dataclass(frozen=True)
class Maybe:
    """What may be null instead of having the shape."""

    shape: object


@dataclass(frozen=True)
class Subject:
    """What a ruling is about: keys to a text, `entries` to a list of texts."""


MARKS = MapOf(str)
LINE = Row({"round": str, "entry": str, "site": str, "marks": MARKS})
_POINTS = Row({"points": Maybe(str), "full": str})
_PART = Row({"points": Maybe(str), "place": Maybe(int), "full": str})
RESULT = Row(
    {
        "complete": bool,
        "missing": ListOf(Row({"message": str})),
        "warnings": ListOf(str),
        "tracks": MapOf(
            Row(
                {
                    "complete": bool,
                    "full": str,
                    "mean": Maybe(str),
                    "order": ListOf(str),
                    "entries": MapOf(
                        Row(
                            {
                                "entry": str,
                                "total": Maybe(str),
                                "place": Maybe(int),
                                "rounds": MapOf(_PART),
                                "dimensions": MapOf(_POINTS),
                            }
                        )
                    ),
                }
            )
        ),
    }
)
CHANGE = Row({"award": str, "entry": str, "give": bool, "reason": str})
# A term of office as it was; whose it was and where is read as a reference.
TERM = Row({"since": str, "until": Maybe(str), "acting": bool})
_PUBLISHED_ROW = Row(
    {"entry": str, "name": str, "total": Maybe(str), "rounds": dict, "dimensions": dict}
)
_RULES = {"kind": str, "circle": str, "competition": dict}
_RESULTS = _RULES | {
    "tracks": ListOf(Row({"key": str, "title": str, "rows": ListOf(_PUBLISHED_ROW)})),
    "flags": ListOf(Row({"rule": str, "entry": str, "colour": str})),
    "awards": ListOf(Row({"entry": str})),
    "names": MapOf(dict),
    "notice": Maybe(dict),
}
SHAPES = {
    (Unit, "aliases"): ListOf(str),
    (SchemeVersion, "document"): dict,
    (Entry, "tracks"): ListOf(str),
    (Sheet, "marks"): MARKS,
    (Sheet, "second_marks"): Maybe(MARKS),
    (Correction, "marks"): MARKS,
    (LateSheet, "lines"): ListOf(LINE),
    (Measurement, "values"): MapOf(str),
    (Measurement, "verified_values"): MapOf(str),
    (Ruling, "subject"): Subject(),
    (Tabulation, "evidence"): dict,
    (Tabulation, "result"): RESULT,
    (MeetingDecision, "changes"): ListOf(CHANGE),
    (PublicationVersion, "contents"): Row(_RULES),
    (Turn, "used"): ListOf(int),
    (Ceremony, "groups"): ListOf(str),
}


def check_column(field, value, place):
    """This function will raise BundleError, with file, line and place in the value, unless a JSON
    column's value has the shape that the product gives it. Rules must be rules that can be read,
    the evidence of a tabulation evidence."""
    column = (field.model, field.name)
    found = _misfit(SHAPES[column], value, field.name)
    if not found and column == (PublicationVersion, "contents") and value["kind"] == "results":
        found = _misfit(Row(_RESULTS), value, field.name)
    _refuse(found, place)
    if column == (SchemeVersion, "document"):
        try:
            read_document(value)
        except SchemeError as error:
            problem = error.problems[0]
            where = shown(problem.place)
            raise BundleError(f"{place}：document 的{where}不能读取：{problem.message}") from None
    if column == (Tabulation, "evidence"):
        read_evidence(value, f"{place}的 evidence")


def check_shape(shape, value, name, place):
    """This function will raise BundleError unless a value has a shape of this module."""
    _refuse(_misfit(shape, value, name), place)


def _refuse(found, place):
    if found:
        raise BundleError(f"{place}：{found}。")


def _misfit(shape, value, at):
    """What does not fit, in words; empty when everything does."""
    if isinstance(shape, Maybe):
        return "" if value is None else _misfit(shape.shape, value, at)
    if isinstance(shape, Subject) and isinstance(value, dict):
        shape = Row({key: ListOf(str) if key == "entries" else str for key in value})
    kind = shape if isinstance(shape, type) else list if isinstance(shape, ListOf) else dict
    if type(value) is not kind:
        return f"「{at}」应为{KINDS[kind]}"
    if isinstance(shape, ListOf):
        inner = [(shape.item, item, f"{at}[{i}]") for i, item in enumerate(value)]
    elif isinstance(shape, MapOf):
        inner = [(shape.value, item, f"{at}.{shown(key)}") for key, item in value.items()]
    elif isinstance(shape, Row):
        for key in shape.fields:
            if key not in value:
                return f"「{at}」缺少「{key}」"
        inner = [(part, value[key], f"{at}.{key}") for key, part in shape.fields.items()]
    else:
        inner = []
    return next((found for item in inner if (found := _misfit(*item))), "")
