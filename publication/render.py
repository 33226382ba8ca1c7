"""Renders the frozen contents of a version into pages: (path, html) pairs, nothing but contents in.

A page is the same for every reader of its circle, so no request, person or session takes part.
"""

from django.template.loader import render_to_string

from competitions.context import Shell
from competitions.models.competition import DEMO_MARK
from competitions.offices import USUAL, office_among
from competitions.orders import BY_PLACE, LABELS, ORDERS
from competitions.queries.rulebook import lay_out_rules
from competitions.shown import plain_text, points_text
from publication.contents import dimension_axes, order_rows, standing_of
from publication.models import Circle
from scoring.disclosure import disclose
from scoring.queries.tabulations import mark_shared_rounds


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
        ("", _page("overview", {**frame, **_leaders(contents, base)}, base)),
        ("rules/", _page("rules", frame, f"{base}rules/")),
    ]
    for path, name, make, orders in (
        ("flags/", "flags", _wall_page, BY_PLACE),
        ("awards/", "awards", _award_page, BY_PLACE),
        ("entries/", "entries", _entry_list, ORDERS),
    ):
        for order in orders:
            links = {"orders": _order_links(f"{base}{path}", orders, order)}
            page = _page(name, {**frame, **links, **make(contents, order)}, f"{base}{path}")
            pages.append((_path_of(path, orders, order), page))
    for number, track in enumerate(contents["tracks"]):
        path = f"ranking/{track['key']}/"
        for order in BY_PLACE:
            links = {"orders": _order_links(f"{base}{path}", BY_PLACE, order)}
            ranking = {**_ranking(contents, track, order, base), **links}
            page = _page("ranking", {**frame, **ranking}, f"{base}ranking/")
            pages.append((_path_of(path, BY_PLACE, order), page))
            if number == 0:
                pages.append((_path_of("ranking/", BY_PLACE, order), page))
    for key in sorted(contents["names"]):
        context = {**frame, **_profile(contents, key)}
        pages.append((f"entries/{key}/", _page("entry", context, f"{base}entries/")))
    return pages


def render_notice(contents, base):
    """This function will render the public notice: one page that names the proposed winners."""
    frame = _frame(contents, base, [])
    context = {**frame, **_wall_page(contents), **_award_page(contents)}
    return [("", _page("notice", context, base))]


def render_verification(contents, base, facts):
    """This function will render the page that says how its readers verify a version: `facts` are
    the files with their sizes and digests, the entries of the record, and what is withheld."""
    tabs = [] if contents["circle"] == Circle.PUBLIC else _tabs(contents, base)
    return _page("verify", {**_frame(contents, base, tabs), **facts}, f"{base}verify/")


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
            "awards": [_noted(award) for award in contents["awards"] if award["entry"] == key],
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
        "demo": DEMO_MARK if contents["competition"]["demo"] else "",
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


def _path_of(path, orders, order):
    """Where a page stands in one order: in its first at the address itself, else below it."""
    # No key can begin so (competitions.scheme.fields.KEY): a track may be called `strokes`.
    return path if order == orders[0] else f"{path}_{order}/"


def _order_links(here, orders, current):
    """What components/order_switch.html shows: a stored page is stored once in each order."""
    return [
        {
            "label": LABELS[order],
            "url": _path_of(here, orders, order),
            "current": order == current,
        }
        for order in orders
    ]


def _ranking(contents, track, order, base):
    rows = order_rows(mark_shared_rounds(track["rows"]), contents["names"], order)
    return {
        "track": track,
        "rows": [{**row, "url": f"{base}entries/{row['entry']}/"} for row in rows],
        "shared": any(row["tied"] for row in rows),
        "grouped": any(row.get("group") for row in rows),
        "settled": any(row["tie_reason"] and not row["tied"] for row in rows),
        "track_links": [
            {
                "label": item["title"],
                "url": f"{base}ranking/{item['key']}/",
                "current": item["key"] == track["key"],
            }
            for item in contents["tracks"]
        ],
        "office": office_in(contents),
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
    standings = [
        {
            "track": track,
            "rows": [{**row, "url": f"{base}entries/{row['entry']}/"} for row in track["rows"][:5]],
            "url": f"{base}ranking/{track['key']}/",
        }
        for track in contents["tracks"]
    ]
    return {"office": office_in(contents), "standings": standings}


def _wall_page(contents, order="place"):
    """Flags by colour, red before yellow, in the order given: by place they stand so."""
    flags = order_rows(_flags(contents), contents["names"], order)
    walls = [
        {"colour": colour, "flags": [flag for flag in flags if flag["colour"] == colour]}
        for colour in ("red", "yellow")
    ]
    return {"walls": walls}


def _flags(contents):
    """The frozen flags with the names of their tracks and holders."""
    titles = {track["key"]: track["title"] for track in contents["tracks"]}
    return [
        {
            **flag,
            # A flag for several flags belongs to no track.
            "track_title": titles[flag["track"]] if flag["track"] else flag["title"],
            "name": contents["names"][flag["entry"]]["name"],
        }
        for flag in contents["flags"]
    ]


def _noted(award):
    """An award with what its place does not say: the meeting, a cut, or the flags it is for."""
    why = "" if award["track"] else award["reason"]
    return {**award, "note": award["decided"] or "".join((why, award.get("cut", "")))}


def _award_page(contents, order="place"):
    """Awards by their title, winners in the order decided, or in the order given."""
    groups = {}
    for award in contents["awards"]:
        named = {**_noted(award), "name": contents["names"][award["entry"]]["name"]}
        groups.setdefault(award["award"], {"title": award["title"], "items": []})
        groups[award["award"]]["items"].append(named)
    for group in groups.values():
        group["items"] = order_rows(group["items"], contents["names"], order)
    return {"groups": list(groups.values())}


def _entry_list(contents, order):
    return {
        "sections": [
            {
                "track": track,
                "rows": order_rows(track["rows"], contents["names"], order),
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
        "awards": [_noted(award) for award in contents["awards"] if award["entry"] == key],
    }


def _track_of(contents, track, standing, key):
    (row,) = (row for row in mark_shared_rounds(track["rows"]) if row["entry"] == key)
    rounds = []
    for item in track["rounds"]:
        found = row["rounds"].get(item["key"]) or {}
        place = f"第 {found['place']} 名，" if found.get("place") else ""
        place += "并列，" if found.get("tied") else ""
        rounds.append({**item, **found, "note": f"{place}满分 {plain_text(item['full'])}"})
    is_unit = track["subject"] == "unit"
    counted = {"unit": "个参评单位", "person": "名参评人"}.get(
        track["subject"], f"名{office_in(contents)}"
    )
    return {
        "track": track,
        "standing": standing,
        "label": contents["names"][key]["name" if is_unit else "secretary"],
        "counted": counted,
        "axes": dimension_axes(track, key, contents["dimensions"]),
        "rounds": rounds,
        "spread": _spread(track),
        "field_note": row.get("group", "")
        + f"共 {standing['field']} {counted}"
        + ("，并列" if row["tied"] else ""),
        "mean_note": f"全体平均 {points_text(track['mean'])}",
    }


def office_in(contents):
    """This function will return what the secretaries of a version are called; one that was frozen
    before names knew it has towns only."""
    return office_among(name.get("office", USUAL) for name in contents["names"].values())


def _spread(track):
    return [row["total"] for row in track["rows"] if row["total"] not in (None, "")]


def reading_address(version, slug):
    """This function will return where a version in force is read, empty when nowhere."""
    if version.withdrawn_at is not None or version.circle == Circle.UNIT:
        return ""
    base = base_address(slug, Circle(version.circle))
    # Below the same address stand the results, once there are any.
    return f"{base}rules/" if version.kind == "rules" else base
