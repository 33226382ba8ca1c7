"""Renders the frozen contents of a version into pages: (path, html) pairs, nothing but contents in.

A page is the same for every reader of its circle, so no request, person or session takes part.
"""

from django.template.loader import render_to_string

from competitions.context import Shell
from competitions.queries.rulebook import lay_out_rules
from competitions.shown import plain_text, points_text
from publication.contents import dimension_axes, order_rows, standing_of
from publication.models import Circle
from scoring.disclosure import disclose

ORDERS = [
    ("place", "名次"),
    ("official", "建制顺序"),
    ("strokes", "姓氏笔画"),
    ("custom", "自定义"),
]


def base_address(slug, circle):
    """This function will return the address below which a circle's pages stand."""
    prefix = {Circle.COUNTY: "c", Circle.LEADING: "leading", Circle.PUBLIC: "g"}[circle]
    return f"/{prefix}/{slug}/"


def render_rules(contents, base, scheme):
    """This function will render the pages of a rules version: overview and rules."""
    frame = {**_frame(contents, base, _tabs(contents, base)), "rulebook": lay_out_rules(scheme)}
    return [
        ("", _page("overview", frame, base)),
        ("rules/", _page("rules", frame, f"{base}rules/")),
    ]


def render_results(contents, base, scheme):
    """This function will render all pages of a results version for the county or the leaders."""
    tabs = _tabs(contents, base)
    frame = {**_frame(contents, base, tabs), "rulebook": lay_out_rules(scheme)}
    pages = [
        ("", _page("overview", {**frame, "standings": _leaders(contents, base)}, base)),
        ("rules/", _page("rules", frame, f"{base}rules/")),
        ("flags/", _page("flags", {**frame, "walls": _walls(contents)}, f"{base}flags/")),
        (
            "awards/",
            _page("awards", {**frame, "groups": _award_groups(contents)}, f"{base}awards/"),
        ),
        ("entries/", _page("entries", {**frame, **_entry_list(contents)}, f"{base}entries/")),
    ]
    for number, track in enumerate(contents["tracks"]):
        for order, _title in ORDERS:
            path = f"ranking/{track['key']}/" + ("" if order == "place" else f"{order}/")
            page = _page(
                "ranking", {**frame, **_ranking(contents, track, order, base)}, f"{base}ranking/"
            )
            pages.append((path, page))
            if number == 0:
                pages.append((path.replace(f"ranking/{track['key']}/", "ranking/", 1), page))
    for key in sorted(contents["names"]):
        context = {**frame, **_profile(contents, key)}
        pages.append((f"entries/{key}/", _page("entry", context, f"{base}entries/")))
    return pages


def render_notice(contents, base):
    """This function will render the public notice: one page that names the proposed winners."""
    frame = _frame(contents, base, [])
    context = {**frame, "walls": _walls(contents), "groups": _award_groups(contents)}
    return [("", _page("notice", context, base))]


def render_own(contents, trees, how, judges):
    """This function will render each entry's private fragment: (own/<key>, html) pairs.

    `trees` maps track key to entry key to the explanation; judges appear as `how` says.
    """
    pages = []
    for key, name in sorted(contents["names"].items()):
        tracks = []
        for track in contents["tracks"]:
            standing = standing_of(track, key)
            if standing is None:
                continue
            tree = disclose(trees[track["key"]][key], how, judges)
            tracks.append({**_track_of(contents, track, standing, key), "tree": tree})
        context = {
            "entry": name,
            "tracks": tracks,
            "flags": [flag for flag in _flags(contents) if flag["entry"] == key],
            "awards": [award for award in contents["awards"] if award["entry"] == key],
        }
        pages.append((f"own/{key}", render_to_string("publication/_own.html", context)))
    return pages


def _frame(contents, base, tabs):
    return {
        "competition": contents["competition"]["title"],
        "competition_url": base,
        "facts": contents["competition"],
        "contents": contents,
        "red_flags": sum(1 for flag in contents.get("flags", []) if flag["colour"] == "red"),
        "base": base,
        "tabs": tabs,
        "demo": contents["competition"]["demo"],
        "shell": Shell(),
        # The bytes are the same for who is signed in and who is not.
        "stored": True,
        "breadcrumbs": [(contents["competition"]["title"], None)],
    }


def _page(name, frame, here):
    return render_to_string(f"publication/{name}.html", {**frame, "here": here})


def _tabs(contents, base):
    if contents["kind"] == "rules":
        return [("概览", base), ("规则", f"{base}rules/")]
    return [
        ("概览", base),
        ("排名", f"{base}ranking/"),
        ("旗帜墙", f"{base}flags/"),
        ("奖励", f"{base}awards/"),
        ("单位档案", f"{base}entries/"),
        ("规则", f"{base}rules/"),
    ]


def _ranking(contents, track, order, base):
    rows = order_rows(track["rows"], contents["names"], order)
    here = f"{base}ranking/{track['key']}/"
    return {
        "track": track,
        "rows": [{**row, "url": f"{base}entries/{row['entry']}/"} for row in rows],
        "order": order,
        "orders": [
            {
                "label": title,
                "url": here + ("" if key == "place" else f"{key}/"),
                "current": key == order,
            }
            for key, title in ORDERS
        ],
        "track_links": [
            {
                "label": item["title"],
                "url": f"{base}ranking/{item['key']}/",
                "current": item["key"] == track["key"],
            }
            for item in contents["tracks"]
        ],
        "series": [item["title"] for item in track["rounds"]],
        "chart": [
            {
                "label": row["name"],
                "place": row["place"],
                "tied": row["tied"],
                "total": row["total"],
                "url": f"{base}entries/{row['entry']}/",
                "parts": [_share_of_total(track, row, item) for item in track["rounds"]],
            }
            for row in track["rows"]
        ],
    }


def _share_of_total(track, row, item):
    """What the round adds to the total, as the tabulation worked it out."""
    return (row["rounds"].get(item["key"]) or {}).get("contribution")


def _leaders(contents, base):
    return [
        {
            "track": track,
            "rows": [{**row, "url": f"{base}entries/{row['entry']}/"} for row in track["rows"][:5]],
            "url": f"{base}ranking/{track['key']}/",
        }
        for track in contents["tracks"]
    ]


def _walls(contents):
    """Flags by track and colour, red before yellow, in order of place."""
    flags = _flags(contents)
    return [
        {"colour": colour, "flags": [flag for flag in flags if flag["colour"] == colour]}
        for colour in ("red", "yellow")
    ]


def _flags(contents):
    """The frozen flags with the names of their tracks and holders."""
    titles = {track["key"]: track["title"] for track in contents["tracks"]}
    return [
        {
            **flag,
            "track_title": titles[flag["track"]],
            "name": contents["names"][flag["entry"]]["name"],
        }
        for flag in contents["flags"]
    ]


def _award_groups(contents):
    """Awards by their title, winners in the order decided."""
    groups = {}
    for award in contents["awards"]:
        named = {**award, "name": contents["names"][award["entry"]]["name"]}
        groups.setdefault(award["award"], {"title": award["title"], "items": []})
        groups[award["award"]]["items"].append(named)
    return list(groups.values())


def _entry_list(contents):
    return {
        "sections": [
            {
                "track": track,
                "rows": order_rows(track["rows"], contents["names"], "official"),
            }
            for track in contents["tracks"]
        ]
    }


def _profile(contents, key):
    tracks = []
    for track in contents["tracks"]:
        standing = standing_of(track, key)
        if standing is not None:
            tracks.append(_track_of(contents, track, standing, key))
    return {
        "entry_name": contents["names"][key],
        "entry": key,
        "tracks": tracks,
        "flags": [flag for flag in _flags(contents) if flag["entry"] == key],
        "awards": [award for award in contents["awards"] if award["entry"] == key],
    }


def _track_of(contents, track, standing, key):
    row = standing["row"]
    rounds = []
    for item in track["rounds"]:
        found = row["rounds"].get(item["key"]) or {}
        place = f"第 {found['place']} 名，" if found.get("place") else ""
        rounds.append({**item, **found, "note": f"{place}满分 {plain_text(item['full'])}"})
    is_unit = track["subject"] == "unit"
    counted = "个参评单位" if is_unit else "名党委书记"
    return {
        "track": track,
        "standing": standing,
        "label": contents["names"][key]["name" if is_unit else "secretary"],
        "counted": counted,
        "axes": dimension_axes(track, key, contents["dimensions"]),
        "rounds": rounds,
        "spread": _spread(track),
        "field_note": f"共 {standing['field']} {counted}" + ("，并列" if row["tied"] else ""),
        "mean_note": f"全体平均 {points_text(track['mean'])}",
    }


def _spread(track):
    return [row["total"] for row in track["rows"] if row["total"] not in (None, "")]


def reading_address(version, slug):
    """This function will return where a version in force is read, empty when nowhere."""
    if version.withdrawn_at is not None or version.circle == Circle.UNIT:
        return ""
    return base_address(slug, Circle(version.circle))
