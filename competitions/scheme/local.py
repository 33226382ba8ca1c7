"""A shipped scheme made a county's own: title, issuer, year, and what is still to fill in."""

from __future__ import annotations

import re
from dataclasses import replace

from competitions.scheme.types import Scheme

BLANK = "（请填写"
_PLACE = re.compile(r"^[\u4e00-\u9fff]{2,3}[区县市旗镇]")
_YEAR_OR_NOTE = re.compile(r"（(?:\d{4}|通用[^）]*)）$")
# What the shipped schemes say about the reports on the place that they come from, without them.
_REPORTED = [
    (r"^公开报道没有给出(.+?)，本办法", r"\1由本地自行约定，本办法"),
    (r"^公开报道只写明.+?，没有给出.+?，本办法", "本办法"),
    (r"报道没有给出，使用前", "，使用前"),
    (r"报道没有给出，(?:由本地文件确定，)?", "由本地自行约定，"),
    (r"；公开报道没有给出[^；。]*", ""),
    (r"；报道没有给出此项，", "；"),
    (r"报道没有给出奖金，", ""),
    (r"报道没有写黄旗，本办法不设。", "本办法不设黄旗。"),
    (r"公开报道没有写明(.+?)，本办法不设。", r"本办法不设\1。"),
    (r"结果运用有\d+种，报道只写明\d+种；本办法只列这(\d+)种", r"结果运用本办法列\1种"),
    (r"在报道给出的区间内", ""),
    (r"报道只给出个数，", ""),
    (r"；制定单位的名称也是假定", ""),
]
_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")
_YEAR_AND_NUMBER = re.compile(r"20\d{2}\.\d+")
_KIND_OF_PAPER = re.compile(r"(?:评分|评定|计分|考核)?办法")


def neutral_title(title: str) -> str:
    """This function will return a scheme's title without the place and year that it comes from."""
    return _YEAR_OR_NOTE.sub("", _PLACE.sub("", title))


def short_name(title: str) -> str:
    """This function will return what a scheme's competition is called: without 「评分办法」 too."""
    return _KIND_OF_PAPER.sub("", neutral_title(title))


def make_local(scheme: Scheme, host_name: str, year: int) -> Scheme:
    """This function will put the year into a scheme, and another county's name; at home the rest
    stays.

    What it says of the reports on its own county falls away: they are no source for another one.
    """
    followed = scheme.title
    scheme = replace(
        scheme,
        title=_of_year(scheme.title, year),
        version=_version_of_year(scheme.version, year),
        periods=tuple(replace(one, title=_of_year(one.title, year)) for one in scheme.periods),
    )
    if f"中共{host_name}委" in scheme.issuer:
        return scheme
    return replace(
        scheme,
        title=f"{host_name}{neutral_title(scheme.title)}（{year}）",
        version=f"{year}.1",
        issuer=f"中共{host_name}委组织部",
        basis=f"参照《{followed}》起草，项目和分值由本地自行约定。",
        assumptions=tuple(map(_without_reports, scheme.assumptions)),
    )


def begin_year(document: dict, year: int) -> dict:
    """This function will return an earlier year's document with the year in its title, its version
    and the titles of its periods."""
    document = {
        **document,
        "title": _of_year(document["title"], year),
        "version": _version_of_year(document["version"], year),
    }
    if periods := document.get("periods"):
        titled = [{**one, "title": _of_year(one["title"], year)} for one in periods]
        document["periods"] = titled
    return document


def _of_year(text: str, year: int) -> str:
    return _YEAR.sub(str(year), text)


def _version_of_year(version: str, year: int) -> str:
    """The first of the year; a version of this year, or one not counted by years, stays."""
    counted = _YEAR_AND_NUMBER.fullmatch(version) and not version.startswith(f"{year}.")
    return f"{year}.1" if counted else version


def _without_reports(sentence: str) -> str:
    for pattern, instead in _REPORTED:
        sentence = re.sub(pattern, instead, sentence)
    return sentence


def find_blanks(value, place: str = "") -> list[tuple[str, str]]:
    """This function will return (place, text) of every 「（请填写…）」 in a scheme's document."""
    if isinstance(value, str):
        return [(place, value)] if BLANK in value else []
    if isinstance(value, dict):
        below = [(f"{place}.{key}" if place else str(key), item) for key, item in value.items()]
    elif isinstance(value, list | tuple):
        below = [(f"{place}[{index}]", item) for index, item in enumerate(value)]
    else:
        return []
    return [found for where, item in below for found in find_blanks(item, where)]
