"""What still stands in the way of publishing the rules."""

import datetime
from collections import Counter

from competitions.models import Entry, PartySecretary, Seat
from competitions.queries import scheme_of
from competitions.scheme.local import find_blanks
from competitions.scheme.places import name_place

FEWEST_ENTRANTS = 2


def find_obstacles(competition, version):
    """This function will return a sentence for everything that must be done before publishing.

    Three queries, whatever the number of entrants and judges.
    """
    scheme = scheme_of(version)
    entries = list(Entry.objects.filter(competition=competition).active().with_subjects())
    return [
        *_entrant_obstacles(competition, scheme, entries),
        *_peer_group_obstacles(scheme, entries),
        *_panel_obstacles(competition, scheme),
        *find_blank_obstacles(version.document),
        *find_approval_obstacles(version),
    ]


def find_approval_obstacles(version):
    """This function will say that the version has not been approved, if it has not."""
    if version.approved_by_id is not None:
        return []
    return ["规则还没有经第二个人审定，请由另一位工作人员通读后审定。"]


def find_blank_obstacles(document):
    """This function will return a sentence for each 「（请填写…）」 that rules still hold."""
    return [
        f"规则的“{'·'.join(name_place(document, place))}”还没有写好（{text.strip('（）')[:40]}），"
        "请在规则编辑器里填写，重新定稿。"
        for place, text in find_blanks(document)
    ]


def _entrant_obstacles(competition, scheme, entries):
    units = [entry for entry in entries if entry.subject == Entry.Subject.UNIT]
    subjects = {track.subject for track in scheme.tracks}
    if len(units) < FEWEST_ENTRANTS and subjects != {"person"}:
        found = f"参评单位只有 {len(units)} 个" if units else "还没有参评单位"
        yield f"{found}，至少要有 {FEWEST_ENTRANTS} 个，请先登记。"
    yield from find_track_obstacles(scheme.tracks, entries)
    if "secretary" not in subjects:
        return
    own = {track.key for track in scheme.tracks if track.subject == "secretary"}
    units = [entry for entry in units if not entry.tracks or own & set(entry.tracks)]
    held = set(
        PartySecretary.objects.filter(unit__in=[entry.unit_id for entry in units])
        .held_during(datetime.date(competition.year, 1, 1), datetime.date(competition.year, 12, 31))
        .values_list("unit_id", flat=True)
    )
    missing = [entry.unit.name for entry in units if entry.unit_id not in held]
    if missing:
        yield (
            f"{'、'.join(missing)}没有登记 {competition.year} 年在任的{competition.office}，"
            "规则设有书记榜，请先登记任职经历。"
        )


def find_track_obstacles(tracks, entries):
    """This function will return a sentence for each track of units or people in which too few
    compete, though units or people are on the list."""
    for track in tracks:
        if track.subject == "secretary":
            continue
        own = [entry for entry in entries if entry.subject == track.subject]
        count = sum(entry.competes_in(track) for entry in own)
        if track.subject == "person" and not own:
            yield f"「{track.title}」评的是个人，还没有参评人，请在“参评个人”里登记。"
        elif own and count < FEWEST_ENTRANTS and len(own) >= FEWEST_ENTRANTS:
            yield (
                f"「{track.title}」只有 {count} 个参评对象，至少要有 {FEWEST_ENTRANTS} 个，"
                "请在“分榜参评”里安排。"
            )


def _peer_group_obstacles(scheme, entries):
    grouped = [track for track in scheme.tracks if track.peers == "group"]
    missing = [
        entry.name
        for entry in entries
        if not entry.peer_group and any(entry.competes_in(track) for track in grouped)
    ]
    if missing:
        yield f"{'、'.join(missing)}没有填写类别组，规则按类别组分组排名，请先填写。"


def _panel_obstacles(competition, scheme):
    """A sentence for each panel with fewer judges than the rules ask for."""
    rows = Seat.objects.filter(judge__competition=competition)
    seated = Counter(rows.values_list("round_key", "judge__group_key").order_by())
    titles = {group.key: group.title for group in scheme.judge_groups}
    named = Counter(item.title for track in scheme.tracks for item in track.rounds)
    for track in scheme.tracks:
        for item in track.rounds:
            for part in item.panel.parts if item.panel else ():
                count = seated[(item.key, part.group)]
                if count < part.minimum:
                    group = titles.get(part.group, "评委")
                    where = track.title if named[item.title] > 1 else ""
                    yield (
                        f"{where}「{item.title}」的{group}只安排了 {count} 席，"
                        f"规则要求至少 {part.minimum} 席，请先安排评委席。"
                    )
