"""What the tabulation pages show: what is missing, standings in the reader's order, the tree."""

from collections import Counter
from dataclasses import astuple, replace
from functools import lru_cache

from django.urls import reverse

from competitions.queries import scheme_of
from competitions.queries.names import find_judge_names
from competitions.roadmap import Known
from competitions.todo import Step, Todo
from record.models import Revision
from record.prepared import Prepared
from scoring.models import LedgerEvent, Ruling, Tabulation
from scoring.queries.evidence import load_evidence, ruling_fact
from scoring.queries.outdated import find_newer
from scoring.queries.sealed import find_sealed_result
from scoring.rules.evidence import RULING_KINDS
from scoring.rules.tabulate import tabulate


def find_tabulations(competition):
    """This function will return a competition's tabulations, the latest first, without results."""
    return (
        Tabulation.objects.filter(competition=competition)
        .select_related("made_by", "scheme_version")
        .defer("evidence", "result", "scheme_version__document")
        .order_by("-number", "id")
    )


LATEST = Prepared(lambda competition: find_tabulations(competition)[:1])


def find_latest_tabulation(competition):
    """This function will return the latest tabulation without its documents, None before it."""
    return LATEST.first(competition=competition.pk)


# The kinds of ruling without which something is missing; of the others none is ever waited for.
SETTLING = ("exclude_judge", "exclude_entry", "set_points", "part_year")


def find_missing(competition, scheme):
    """This function will say what the evidence as it stands now still lacks: Missing documents. One
    that a ruling settles as soon as a second person has verified it names the ruling.

    The rules are asked in memory; nothing is stored and no total leaves this function.
    """
    evidence = load_evidence(competition, scheme)
    document = tabulate(scheme, evidence).to_document(trees=False)
    missing = document["missing"]
    entered = Ruling.objects.filter(competition=competition, state="entered", withdrawn=False)
    waiting = list(entered.filter(kind__in=SETTLING).order_by("-id"))
    if missing and waiting:
        rulings = [*evidence.rulings, *map(ruling_fact, waiting)]
        settled = tabulate(scheme, replace(evidence, rulings=rulings)).missing
        still = {astuple(item) for item in settled}
        missing = [
            item if tuple(item.values()) in still else _name_ruling(item, waiting)
            for item in missing
        ]
    return missing, document["warnings"]


def _name_ruling(item, waiting):
    """What is missing only until a ruling is verified: the one that is about just this."""
    for ruling in waiting:
        about = {name: ruling.subject.get(name) or item[name] for name in item if name != "message"}
        if about.items() <= item.items():
            title = RULING_KINDS[ruling.kind]
            said = f"裁定 {ruling.number}（{title}）待核对，另一人核对以后才算齐。"
            return {**item, "message": said}
    return item


def missing_sections(competition, scheme, missing, names, order="official"):
    """This function will group what is missing by round, each with the page where it is entered.

    Marks stand together by judge, values by criterion, everything else alone. Returns
    [{title, url, count, rows: [{who, names, message, count}]}] in the order of the scheme; entries
    stand in an order of which `names` have the ranks, judges and criteria in the rules' own.
    """

    def rank(item):
        return names[item["entry"]][order] if item["entry"] in names else -1

    sections = {}
    for item in missing:
        key = (item["track"], item["round"])
        if key not in sections:
            sections[key] = {**_where(competition, scheme, *key), "count": 0, "groups": {}}
        section = sections[key]
        section["count"] += 1
        kind = ("judge", item["judge"]) if item["judge"] else ("criterion", item["criterion"])
        group = section["groups"].setdefault(kind if kind[1] else ("", item["message"]), [])
        group.append(item)
    judges = find_judge_names(competition)
    places = [(track.key, "") for track in scheme.tracks]
    places += [(track.key, item.key) for track in scheme.tracks for item in track.rounds]
    for section in sections.values():
        groups = [(kind, sorted(items, key=rank)) for kind, items in section.pop("groups").items()]
        # What stands alone goes by its entry, below what stands together.
        groups.sort(
            key=lambda group: (not group[0][0], rank(group[1][0]) if not group[0][0] else 0)
        )
        section["rows"] = [
            _missing_row(scheme, kind, items, names, judges) for kind, items in groups
        ]
    return [sections[key] for key in sorted(sections, key=places.index)]


def _missing_row(scheme, kind, items, names, judges):
    """One line: who or what is wanting, for which entries, and the sentence when it is alone."""
    what, key = kind
    entries = dict.fromkeys(item["entry"] for item in items if item["entry"])
    who = ""
    if what == "judge":
        number, name = judges[key]
        who = f"{number} 号评委 {name}"
    elif what == "criterion" and len(items) > 1:
        who = scheme.find_criterion(key)[2].title
    elif len(items) > 1:
        who = items[0]["message"].rstrip("。")
    return {
        "who": who,
        "names": [names[entry]["name"] for entry in entries if entry in names],
        "message": items[0]["message"] if len(items) == 1 else "",
        "count": len(items),
    }


def _where(competition, scheme, track_key, round_key):
    track = scheme.track(track_key)
    if not round_key:
        return {"title": track.title, "url": reverse("work_rulings", args=[competition.slug])}
    round_ = track.round(round_key)
    kinds = {criterion.evidence for criterion in round_.criteria}
    name = "work_round" if "marks" in kinds else "work_measurements"
    url = ""
    if kinds & {"marks", "measurement", "votes"}:
        url = reverse(name, args=[competition.slug, round_key])
    return {"title": f"{track.title} · {round_.title}", "url": url}


def mark_shared_rounds(rows):
    """This function will return a track's rows, each round with `tied`: whether its place in the
    round is shared. Neither a result nor a published version says so; place and points tell, and
    where the row names it the group in which it is ranked."""
    counts = Counter(_standing_in(row, key) for row in rows for key in row["rounds"])
    return [
        {
            **row,
            "rounds": {
                key: {
                    **item,
                    "tied": item["place"] is not None and counts[_standing_in(row, key)] > 1,
                }
                for key, item in row["rounds"].items()
            },
        }
        for row in rows
    ]


def _standing_in(row, round_key):
    item = row["rounds"][round_key]
    return round_key, row.get("group", ""), item["place"], item["points"]


def standing_rows(track, result, names, order, round_key=""):
    """This function will return one track's rows: by total, or by one round's own ranking.

    `track` is the scheme's, `result` its document; `order` is place, official, strokes or custom.
    """
    rows = []
    for entry in mark_shared_rounds([result["entries"][key] for key in result["order"]]):
        key = entry["entry"]
        shown = entry["rounds"].get(round_key, {}) if round_key else entry
        rows.append(
            {
                **entry,
                "name": names[key]["name"],
                "place": shown.get("place"),
                "tied": shown.get("tied", False),
                "shown": shown.get("points") if round_key else entry["total"],
                "names": names[key],
            }
        )
    if order == "place":
        return sorted(
            rows,
            key=lambda row: (row["place"] is None, row["place"] or 0, row["names"]["official"]),
        )
    return sorted(rows, key=lambda row: (row["names"][order], row["entry"]))


def complete_rounds(track, result):
    """This function will return the rounds of a track that are complete: they rank on their own."""
    entries = [entry for entry in result["entries"].values() if not entry["excluded"]]
    return [
        item
        for item in track.rounds
        if entries and all(entry["rounds"][item.key]["place"] is not None for entry in entries)
    ]


def find_places(competition):
    """This function will return {entry id: place} of the latest complete tabulation; nothing when
    its stored result is not what the record says.

    An entry of several tracks has its place in the first of them, as the rules list them.
    """
    complete = Tabulation.objects.filter(competition=competition, complete=True)
    latest = find_sealed_result(complete.order_by("-number"))
    if latest is None:
        return {}
    ids = dict(competition.entries.values_list("key", "id"))
    return {ids[key]: place for key, place in _places(*latest).items() if key in ids}


@lru_cache(maxsize=32)
def _places(tabulation_id, _text_digest):
    """{entry key: place}: a result is large, and many pages only ask for the places in it."""
    stored = Tabulation.objects.select_related("scheme_version").defer(
        "evidence", "scheme_version__document"
    )
    found = stored.get(id=tabulation_id)
    places = {}
    for track in scheme_of_tabulation(found).tracks:
        for key, entry in found.result["tracks"][track.key]["entries"].items():
            if entry["place"] is not None:
                places.setdefault(key, entry["place"])
    return places


def find_tabulation_steps(competition, scheme, known=None):
    """This function will say whether the competition has been tabulated, and whether anything
    has changed since."""
    known = known or Known()
    latest = known.once(find_latest_tabulation, competition)
    url = reverse("work_tabulation", args=[competition.slug])
    if latest is None:
        return [(80, Step("tabulation", "统分", url, "todo"))]
    if latest.complete and _newer(competition, latest, known):
        note = f"第 {latest.number} 次已过时"
        return [(80, Step("tabulation", "统分", url, "current", note))]
    if latest.complete:
        return [(80, Step("tabulation", "统分", url, "done", f"第 {latest.number} 次，完整"))]
    return [(80, Step("tabulation", "统分", url, "current", "还缺数据"))]


def find_tabulation_todos(competition, scheme, now, known=None):
    """This function will ask for a new tabulation when the record has moved on since the last."""
    if competition.stage != competition.Stage.RUNNING:
        return []
    known = known or Known()
    latest = known.once(find_latest_tabulation, competition)
    if latest is None:
        return []
    title = f"第 {latest.number} 次统分时还缺数据，补齐后请重新统分"
    if latest.complete:
        newer = _newer(competition, latest, known)
        if not newer:
            return []
        title = f"第 {latest.number} 次统分以后{newer}有改动，结果已经过时，请重新统分"
    url = reverse("work_tabulation", args=[competition.slug])
    return [Todo(kind="missing", title=title, who="组织部", url=url)]


def _newer(competition, latest, known):
    """What has changed since the latest tabulation; nothing is asked of a closed year."""
    if competition.stage != competition.Stage.RUNNING:
        return ""
    return known.once(find_newer, competition, latest)


def with_reasons(competition, tree):
    """This function will return a copy of an explanation tree with the reason of each ledger event.

    The stored tree has only the events' keys; the reason is read where it can still be erased, and
    only for those who may read all of the ledger.
    """
    events = LedgerEvent.objects.filter(competition=competition).values_list("key", "reason")
    return _with_reasons(tree, dict(events))


def _with_reasons(node, reasons):
    copy = dict(node)
    if node["kind"] == "event" and node.get("key") in reasons:
        copy["values"] = {**node.get("values", {}), "reason": reasons[node["key"]]}
    if "children" in node:
        copy["children"] = [_with_reasons(child, reasons) for child in node["children"]]
    return copy


def entry_in_record(tabulation):
    """This function will return the tabulation's entry in the record. Its digest stands on the
    signed sheet and on the page 核验 of what is published, and, unlike a digest of the result, lets
    nobody try out marks that are not public."""
    return Revision.objects.get(op_id=tabulation.revision)


def scheme_of_tabulation(tabulation):
    """This function will return the Scheme by which a tabulation was computed."""
    return scheme_of(tabulation.scheme_version)
