"""What must hold between the fields of a scheme; each failing check names its place and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from competitions.scheme.check_event import check_event
from competitions.scheme.check_rewards import (
    check_award,
    check_flag,
    check_gate,
    check_honour,
    check_pool,
)
from competitions.scheme.check_rules import check_criterion_rule
from competitions.scheme.fields import plain
from competitions.scheme.types import PERIOD_KINDS

# Each honour looks at every flag of the scheme.
MOST_HONOURS = 200
# Places whose failing leaves it open which flags and awards there are.
REWARDS = re.compile(r"(tracks|honours)(\[\d+\](\.(flags|awards|steps|key)\b.*)?)?")


class Known:
    """The keys that others may refer to, and which places could not be read."""

    def __init__(self, scheme, broken: set[str]):
        self.scheme = scheme
        self.broken = broken
        self.dimensions = {item.key for item in scheme.dimensions}
        self.categories = {item.key for item in scheme.categories}
        self.periods = {item.key for item in scheme.periods}
        self.groups = {item.key for item in scheme.judge_groups}
        self.tracks = {track.key: track for track in scheme.tracks}
        self.flags = {rule.key for track in scheme.tracks for rule in track.flags}
        self.awards = {award.key: award for award in scheme.every_award}
        self._counted: dict = {}

    def fine(self, place: str) -> bool:
        """This function will say whether everything under a place could be read."""
        if not self.broken:
            return True
        return not any(
            item == place or item.startswith((place + ".", place + "[")) for item in self.broken
        )

    def rewards_fine(self) -> bool:
        """This function will say whether every flag and award could be read."""
        return not any(REWARDS.fullmatch(item) for item in self.broken)

    def counted(self, honour) -> Counted:
        """This function will return the flags that an honour counts, looked up once for all
        honours that count the same."""
        asked = (honour.colour, honour.rules)
        if asked not in self._counted:
            self._counted[asked] = Counted.of(self.scheme.counted_flags(honour))
        return self._counted[asked]


class Counted(NamedTuple):
    """The flags that an honour counts: their keys, the subjects and the number of their tracks, and
    how many there are at most."""

    keys: frozenset[str]
    subjects: frozenset[str]
    tracks: int
    most: int

    @classmethod
    def of(cls, pairs) -> Counted:
        """This function will sum up (track, flag rule) pairs."""
        return cls(
            frozenset(rule.key for _, rule in pairs),
            frozenset(track.subject for track, _ in pairs),
            len({track.key for track, _ in pairs}),
            sum(max(len(rule.rounds), 1) for _, rule in pairs),
        )


def check_scheme(scheme, broken: set[str]) -> Iterator[tuple[str, str]]:
    """This function will yield `(place, message)` for everything in the scheme that contradicts
    itself or leaves a hole. `broken` holds places that could not be read: sums over them and
    references to them are not judged."""
    known = Known(scheme, broken)
    yield from _check_keys(scheme, broken)
    yield from _check_periods(known, scheme)
    if known.fine("tracks"):
        yield from _check_circles(scheme)
    for t, track in enumerate(scheme.tracks):
        place = f"tracks[{t}]"
        yield from _check_limits(track, place)
        yield from _check_track(known, track, place)
        if track.category and track.category not in known.categories:
            yield (
                f"{place}.category",
                f"没有类别「{track.category}」，请先列入榜单类别（categories）或改正。",
            )
        yield from _check_period(known, track.period, f"{place}.period")
        for r, round_ in enumerate(track.rounds):
            inner = f"{place}.rounds[{r}]"
            yield from _check_limits(round_, inner)
            yield from _check_period(known, round_.period, f"{inner}.period")
            yield from _check_round(known, round_, inner)
            yield from _check_panel(known, round_, inner)
            yield from check_event(known, round_, inner)
            for c, criterion in enumerate(round_.criteria):
                where = f"{inner}.criteria[{c}]"
                yield from _check_limits(criterion, where)
                if criterion.dimension and criterion.dimension not in known.dimensions:
                    yield (
                        f"{where}.dimension",
                        f"没有维度「{criterion.dimension}」，请先列入维度（dimensions）或改正。",
                    )
                yield from check_criterion_rule(known, track, criterion, where)
    if len(scheme.honours) > MOST_HONOURS:
        yield "honours", f"综合荣誉有 {len(scheme.honours)} 项，最多 {MOST_HONOURS} 项，请精简。"
    for place, honour in _places("honours", scheme.honours[:MOST_HONOURS]):
        yield from check_honour(known, honour, place)
    taken: dict[str, str] = {}
    for place, pool in _places("pools", scheme.pools):
        yield from check_pool(known, pool, place, taken)


def _check_period(known, name, place) -> Iterator[tuple[str, str]]:
    if name and name not in known.periods:
        yield place, f"没有时期「{name}」，请先列入时期（periods）或改正。"


def _check_periods(known, scheme) -> Iterator[tuple[str, str]]:
    """A period lies in a longer one that is listed too."""
    lengths = {name: i for i, name in enumerate(PERIOD_KINDS)}
    kinds = {item.key: lengths[item.kind] for item in scheme.periods}
    for i, item in enumerate(scheme.periods):
        where = f"periods[{i}].within"
        yield from _check_period(known, item.within, where)
        if item.within in kinds and kinds[item.within] <= kinds[item.key]:
            yield where, f"「{item.title}」应属于比它更长的时期，请改正。"


def _check_keys(scheme, broken) -> Iterator[tuple[str, str]]:
    yield from _unique(_places("dimensions", scheme.dimensions), "维度", broken)
    yield from _unique(_places("categories", scheme.categories), "类别", broken)
    yield from _unique(_places("periods", scheme.periods), "时期", broken)
    yield from _unique(_places("judge_groups", scheme.judge_groups), "评委组", broken)
    yield from _unique(_places("tracks", scheme.tracks), "榜单", broken)
    rounds, criteria, rewards = [], [], []
    for place, track in _places("tracks", scheme.tracks):
        rounds += _places(f"{place}.rounds", track.rounds)
        for name in ("gates", "flags", "awards"):
            rewards += _places(f"{place}.{name}", getattr(track, name))
    rewards += _places("honours", scheme.honours)
    for place, round_ in rounds:
        criteria += _places(f"{place}.criteria", round_.criteria)
    yield from _unique(rounds, "环节", broken)
    yield from _unique(criteria, "评分项", broken)
    yield from _unique(rewards, "旗、奖项和门槛", broken)
    yield from _unique(_places("pools", scheme.pools), "共用总额", broken)
    for place, item in [("", scheme), *rounds, *criteria, *_places("tracks", scheme.tracks)]:
        name = f"{place}.title".lstrip(".")
        if not item.title.strip() and name not in broken:
            yield name, "名称不能为空，请填写。"
    if not scheme.key and "key" not in broken:
        yield "key", "键不能为空，请填写。"


def _places(prefix, items):
    return [(f"{prefix}[{i}]", item) for i, item in enumerate(items)]


def _unique(items, what, broken) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for place, item in items:
        if not item.key:
            if f"{place}.key" not in broken and place not in broken:
                yield f"{place}.key", f"{what}的键不能为空，请填写。"
        elif item.key in seen:
            yield (
                f"{place}.key",
                f"{what}的键「{item.key}」与 {seen[item.key]} 重复，请改用不同的键。",
            )
        else:
            seen[item.key] = place


def _check_circles(scheme) -> Iterator[tuple[str, str]]:
    """Carried results must not lead back to their own track."""
    needs = {
        track.key: {
            c.rule.track
            for round_ in track.rounds
            for c in round_.criteria
            if c.rule.kind == "carried" and c.rule.source != "outside"
        }
        for track in scheme.tracks
    }
    for t, track in enumerate(scheme.tracks):
        reached: set[str] = set()
        waiting = list(needs[track.key])
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += needs.get(name, ())
        if track.key in reached:
            yield f"tracks[{t}]", f"「{track.title}」的结转又依赖它自己的结果，请去掉循环结转。"


def _check_limits(item, place) -> Iterator[tuple[str, str]]:
    if item.floor is not None and item.floor < 0 and not item.below_zero:
        yield f"{place}.floor", "最低计为负数的，须写明可以为负（below_zero = true）。"
    if item.floor is not None and item.cap is not None and item.floor > item.cap:
        yield f"{place}.floor", "最低计不能大于最高计，请改正。"


def _sum(values) -> Decimal:
    return sum(values, Decimal(0))


def _check_track(known, track, place) -> Iterator[tuple[str, str]]:
    inside = [(r, item) for r, item in enumerate(track.rounds) if not item.outside]
    readable = known.fine(f"{place}.rounds") and known.fine(f"{place}.full")
    if readable and not inside:
        yield f"{place}.rounds", "全部环节都在百分之外，请至少保留一个计入总分的环节。"
    elif readable:
        yield from _check_total(track, place, inside)
    if track.combine == "best":
        if track.best_of is None:
            yield f"{place}.best_of", "取最好的几个环节时须写明个数，请补充。"
        elif track.best_of > len(inside):
            yield (
                f"{place}.best_of",
                f"只有 {len(inside)} 个环节，不能取最好的 {track.best_of} 个。",
            )
    if track.part_year != "count" and track.subject != "secretary":
        yield f"{place}.part_year", "任职不满考核期的办法只用于书记榜，请去掉或改为书记榜。"
    if track.part_year != "count" and track.part_year_months < 1:
        yield f"{place}.part_year_months", "任职满几个月视为全期应至少为 1，请改正。"
    yield from _check_ties(known, track, place)
    for name, check in (("gates", check_gate), ("flags", check_flag), ("awards", check_award)):
        for i, item in enumerate(getattr(track, name)):
            yield from check(known, track, item, f"{place}.{name}[{i}]")


def _check_total(track, place, inside) -> Iterator[tuple[str, str]]:
    if track.combine == "weighted":
        total = _sum(item.weight for _, item in inside)
        if total != track.full:
            yield (
                f"{place}.rounds[{inside[-1][0]}].weight",
                f"各环节权重之和为 {plain(total)}，应为 {plain(track.full)}。",
            )
        for r, item in inside:
            if item.full <= 0:
                yield f"{place}.rounds[{r}].full", "按权重汇总的环节满分须大于 0，请改正。"
    elif track.combine == "sum":
        total = _sum(item.full for _, item in inside)
        if total != track.full and not track.above_full:
            yield (
                f"{place}.full",
                f"各环节满分之和为 {plain(total)}，与总分 {plain(track.full)} 不等，请改正其一。",
            )
    else:
        for r, item in inside:
            if item.full != track.full and not track.above_full:
                yield (
                    f"{place}.rounds[{r}].full",
                    f"环节求平均时各环节满分应与总分相同，应为 {plain(track.full)}。",
                )


def _check_ties(known, track, place) -> Iterator[tuple[str, str]]:
    names = {
        "round": {item.key for item in track.rounds},
        "criterion": {c.key for item in track.rounds for c in item.criteria},
        "dimension": known.dimensions,
    }
    for i, step in enumerate(track.ties):
        where = f"{place}.ties[{i}]"
        if step.by in names and not step.of:
            yield f"{where}.of", "须选定要比较的环节、评分项或维度，请补充。"
        elif step.by in names and step.of not in names[step.by]:
            yield f"{where}.of", f"本榜单中没有「{step.of}」，请填写要比较的环节、评分项或维度。"
        if step.by == "dimension" and track.combine == "best":
            yield f"{where}.by", "取最好几个环节的榜单没有维度得分，请改用环节或评分项。"
        if step.by == "decimals" and (step.decimals is None or step.decimals <= track.decimals):
            yield f"{where}.decimals", f"应写明多于 {track.decimals} 位的小数位数。"


def _check_round(known, round_, place) -> Iterator[tuple[str, str]]:
    if not known.fine(f"{place}.criteria") or not known.fine(f"{place}.full"):
        return
    if round_.combine == "mean":
        for c, item in enumerate(round_.criteria):
            if item.full != round_.full and not (round_.scaled or round_.above_full):
                yield (
                    f"{place}.criteria[{c}].full",
                    f"评分项求平均时各项满分应与环节满分相同，应为 {plain(round_.full)}。",
                )
        return
    weights = [item.weight if round_.combine == "weighted" else 1 for item in round_.criteria]
    total = _sum(w * item.full for w, item in zip(weights, round_.criteria, strict=True))
    if round_.scaled and total <= 0:
        yield f"{place}.criteria", "评分项满分之和为 0，不能折算，请填写满分。"
    if total != round_.full and not round_.scaled and not round_.above_full and round_.criteria:
        yield (
            f"{place}.full",
            f"各评分项满分之和为 {plain(total)}，与环节满分 {plain(round_.full)} 不等，"
            "请改正其一，或写明折算（scaled）。",
        )


def _check_panel(known, round_, place) -> Iterator[tuple[str, str]]:
    has_marks = any(c.rule.kind == "marks" for c in round_.criteria)
    panel, where = round_.panel, f"{place}.panel"
    if panel is None:
        if has_marks and known.fine(f"{place}.criteria"):
            yield where, "有评委打分的评分项，请写明评委组成（panel）。"
        return
    if not has_marks and known.fine(f"{place}.criteria"):
        yield where, "本环节没有评委打分的评分项，请去掉评委组成或补充评分项。"
    if not known.fine(f"{where}.parts"):
        return
    total = _sum(part.weight for part in panel.parts)
    summing = all(part.average == "sum" for part in panel.parts)
    if total != 100 and not (summing and all(part.weight == 100 for part in panel.parts)):
        yield f"{where}.parts", f"各评委组权重之和为 {plain(total)}，应为 100。"
    groups = [part.group for part in panel.parts]
    for p, part in enumerate(panel.parts):
        inner = f"{where}.parts[{p}]"
        if not part.group:
            yield f"{inner}.group", "须选定评委组，请补充。"
        elif part.group not in known.groups:
            yield (
                f"{inner}.group",
                f"没有评委组「{part.group}」，请先列入评委组（judge_groups）或改正。",
            )
        elif part.group in groups[:p]:
            yield f"{inner}.group", f"评委组「{part.group}」重复，请合并。"
        yield from _check_part(panel, part, inner)
    if panel.trim == "total" and panel.decimals is not None:
        yield f"{where}.decimals", "按评委总分去分时由环节得分取小数，请去掉此项。"
    if panel.sites == "site" and panel.trim == "total":
        yield f"{where}.sites", "按评委总分去分时，多点位应先求每名评委各点位平均（judge）。"


def _check_part(panel, part, place) -> Iterator[tuple[str, str]]:
    dropped = part.drop_high + part.drop_low
    if dropped and part.trim_from is None:
        yield (
            f"{place}.trim_from",
            "去掉最高最低分时，须写明达到几名评委才去分（评委回避或缺席时依此处理）。",
        )
    elif dropped and part.trim_from <= dropped:
        yield f"{place}.trim_from", f"共去掉 {dropped} 个分，应至少 {dropped + 1} 名评委才去分。"
    if not part.minimum and part.average != "sum":
        yield f"{place}.minimum", "只有求和的可以填 0（无人打分计 0 分），请填 1 以上。"
    if part.average == "median" and panel.trim == "total":
        yield f"{place}.average", "按评委总分去分时不能取中位数，请改为平均或求和。"
    if part.standard == "none":
        return
    if not part.equal_standard:
        yield f"{place}.equal_standard", "评委分标准化时，须写明某评委各分全部相等时怎样计分。"
    if panel.trim == "total" or panel.sites == "site":
        yield f"{place}.standard", "评委分标准化只能与逐项去分、不分点位或先求评委平均同用。"
