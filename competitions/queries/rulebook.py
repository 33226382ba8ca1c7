"""The rules as a document to read and print: the county's 评分细则, laid out from the scheme."""

from dataclasses import dataclass

from competitions.scheme.describe import (
    describe_criterion,
    describe_round,
    describe_track,
)
from competitions.scheme.describe_rewards import describe_honour, describe_pool
from competitions.scheme.fields import plain
from competitions.scheme.types import ROUND_KINDS

DISCLOSED = {
    "none": "评委及其打分不公开。",
    "number": "评委按编号公开，不公开姓名。",
    "name": "评委按姓名公开。",
}


@dataclass(frozen=True)
class CriterionLine:
    """One row of the table of criteria. `dimension` stands in the first row of its run only."""

    dimension: str
    title: str
    full: str
    unit: str
    description: str
    words: list


@dataclass(frozen=True)
class RoundPart:
    """One round: its head, its sentences, its table."""

    key: str
    title: str
    kind: str
    weight: str
    full: str
    description: str
    words: list
    criteria: list
    dimensions: bool


@dataclass(frozen=True)
class TrackPart:
    """One track: its head, its sentences (totals, places, flags, awards), its rounds."""

    key: str
    title: str
    subject: str
    full: str
    description: str
    words: list
    rounds: list


@dataclass(frozen=True)
class Rulebook:
    """The whole document."""

    scheme: object
    tracks: list
    groups: list
    dimensions: list
    disclosure: list
    honours: list
    pools: list


def lay_out_rules(scheme):
    """This function will lay a Scheme out as a Rulebook; numbers are text, sentences Chinese."""
    disclosure = [DISCLOSED[scheme.disclosure.judges]]
    if not scheme.disclosure.yellow_flags_public:
        disclosure.append("黄旗只在县（区）内通报，不向社会公开。")
    if not scheme.disclosure.last_places_public:
        disclosure.append("末位名次不向社会公开。")
    if not scheme.disclosure.scores_public:
        disclosure.append("总分不向社会公开。")
    return Rulebook(
        scheme=scheme,
        tracks=[_track(track, scheme) for track in scheme.tracks],
        groups=[
            f"{group.title}（{group.size} 人）" if group.size else group.title
            for group in scheme.judge_groups
        ],
        dimensions=[item.title for item in scheme.dimensions],
        disclosure=disclosure,
        honours=[word for item in scheme.honours for word in describe_honour(item, scheme)],
        pools=[describe_pool(item, scheme) for item in scheme.pools],
    )


def _track(track, scheme):
    return TrackPart(
        key=track.key,
        title=track.title,
        subject={"unit": "单位", "secretary": "书记", "person": "个人"}[track.subject],
        full=plain(track.full),
        description=track.description,
        words=describe_track(track, scheme),
        rounds=[_round(item, scheme) for item in track.rounds],
    )


def _round(item, scheme):
    lines, before = [], None
    for criterion in item.criteria:
        title = scheme.dimension_title(criterion.dimension)
        lines.append(
            CriterionLine(
                dimension="" if title == before else title,
                title=criterion.title,
                full=plain(criterion.full),
                unit=criterion.unit,
                description=criterion.description,
                words=describe_criterion(criterion),
            )
        )
        before = title
    return RoundPart(
        key=item.key,
        title=item.title,
        kind=ROUND_KINDS[item.kind],
        weight=plain(item.weight),
        full=plain(item.full),
        description=item.description,
        words=describe_round(item, scheme),
        criteria=lines,
        dimensions=any(line.dimension for line in lines),
    )
