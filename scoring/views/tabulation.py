"""Tabulation pages: what is missing, the standings, each round's own, and every explanation."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.orders import BY_PLACE, arrange_by
from competitions.queries import work_frame
from competitions.queries.names import find_entry_names, find_judge_names
from competitions.roadmap import Known
from competitions.roles import INSIDERS, RoleKind
from competitions.sheets import XLSX_TYPE
from scoring.access.tabulations import get_explanation, get_tabulation
from scoring.actions.tabulation import tabulate_competition
from scoring.disclosure import disclose
from scoring.forms.tabulation import TabulateForm
from scoring.queries import tabulations as queries
from scoring.queries.exports import standing_workbook
from scoring.queries.outdated import find_newer
from scoring.queries.sealed import TabulationMismatch, check_tabulation
from scoring.queries.waiting import find_waiting
from scoring.views.sheets import refuse_before_own_marks

LISTED = ("official", "strokes", "custom")


@enter(read=INSIDERS, write={RoleKind.ORGANISER, RoleKind.CLERK})
def tabulation(request, slug):
    """This function will say what is missing, and tabulate when it is asked to."""
    competition = get_competition_for(request.role, slug, change=request.method == "POST")
    known = Known()
    frame = work_frame(competition, "tabulation", ("统分", None), known=known)
    form = TabulateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = tabulate_competition(
                competition=competition,
                by=request.user.person,
                now=timezone.now(),
                op=form.cleaned_data["op"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if made.complete:
                messages.success(request, f"第 {made.number} 次统分已完成，结果完整。")
            else:
                messages.warning(request, f"第 {made.number} 次统分还缺数据，不能作为结果。")
            return redirect("work_tabulation_result", slug=slug, number=made.number)
    published = frame["scheme_version"] is not None and frame["scheme_version"].published_at
    missing, warnings = (
        queries.find_missing(competition, frame["scheme"]) if published else ([], [])
    )
    names = find_entry_names(competition)
    # What is missing has no places yet.
    arrangement = arrange_by(request, {}, orders=LISTED)
    sections = queries.missing_sections(
        competition, frame["scheme"], missing, names, arrangement.order
    )
    tabulations = list(queries.find_tabulations(competition))
    context = {
        **frame,
        "form": form,
        "arrangement": arrangement,
        "op": form["op"].value() or uuid.uuid4(),
        "published": published,
        "missing": missing,
        "warnings": warnings,
        "waiting": find_waiting(competition, frame["scheme"], timezone.now(), known),
        "sections": sections,
        "tabulations": tabulations,
        "newer": known.once(find_newer, competition, tabulations[0]) if tabulations else "",
    }
    return TemplateResponse(request, "scoring/tabulation.html", context)


@enter(read=INSIDERS)
def tabulation_result(request, slug, number):
    """This function will show a tabulation: the standing of a track, or of one of its rounds."""
    competition, found = _find(request, slug, number)
    if changed := _refuse_changed(request, competition, found):
        return changed
    context = _result_context(request, competition, found)
    return TemplateResponse(request, "scoring/tabulation_result.html", context)


@enter(read=INSIDERS)
def tabulation_print(request, slug, number):
    """This function will show the tally sheet for signature, made for A4."""
    competition, found = _find(request, slug, number)
    if changed := _refuse_changed(request, competition, found):
        return changed
    context = _result_context(request, competition, found)
    context["recorded"] = queries.entry_in_record(found)
    return TemplateResponse(request, "scoring/tabulation_print.html", context)


@enter(read=INSIDERS)
def tabulation_export(request, slug, number):
    """This function will send a complete tabulation as a workbook: one track, in an order."""
    competition, found = _find(request, slug, number)
    if changed := _refuse_changed(request, competition, found):
        return changed
    if not found.complete:
        raise Http404("还缺数据的统分不能导出。")
    track = request.GET.get("track", "")
    if track not in found.result["tracks"]:
        raise Http404("没有这个榜单。")
    order = _arrange(request, found.result["tracks"][track]).order
    body = standing_workbook(competition, found, track, find_entry_names(competition), order)
    response = HttpResponse(body, content_type=XLSX_TYPE)
    name = f"{competition.slug}-{found.number}-{track}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@enter(read=INSIDERS)
def explanation(request, slug, number, track, entry):
    """This function will show how one entry's total came about, down to single marks."""
    competition, found = _find(request, slug, number)
    refuse_before_own_marks(request, competition)
    if changed := _refuse_changed(request, competition, found):
        return changed
    scheme = queries.scheme_of_tabulation(found)
    standing, result = get_explanation(found, track, entry)
    if not found.complete:
        raise Http404("还缺数据，名次和总分要等齐全以后才能看。")
    name = find_entry_names(competition)[entry]["name"]
    crumbs = [
        ("统分", f"/work/{slug}/tabulation/"),
        (f"第 {number} 次", f"/work/{slug}/tabulation/{number}/"),
        (name, None),
    ]
    order = standing["order"]
    at = order.index(entry)
    context = {
        **work_frame(competition, "tabulation", *crumbs),
        "tabulation": found,
        "track": scheme.track(track),
        "standing": standing,
        "result": result,
        "name": name,
        "tree": disclose(
            queries.with_reasons(competition, result["tree"]),
            "name",
            find_judge_names(competition),
        ),
        "before": order[at - 1] if at else None,
        "after": order[at + 1] if at + 1 < len(order) else None,
    }
    return TemplateResponse(request, "scoring/explanation.html", context)


def _arrange(request, result):
    """The Arrangement of a track's own result: here places are its own, complete or of a round."""
    return arrange_by(request, result["order"], default="place", orders=BY_PLACE)


def _find(request, slug, number):
    competition = get_competition_for(request.role, slug)
    return competition, get_tabulation(competition, number)


def _refuse_changed(request, competition, found):
    """The page that shows no number of a tabulation which is not what the record says, or None."""
    try:
        check_tabulation(found)
    except TabulationMismatch as error:
        crumbs = [
            ("统分", reverse("work_tabulation", args=[competition.slug])),
            (f"第 {found.number} 次统分", None),
        ]
        context = {**work_frame(competition, "tabulation", *crumbs), "problem": str(error)}
        return TemplateResponse(request, "scoring/tabulation_changed.html", context, status=409)
    return None


def _result_context(request, competition, found):
    slug = competition.slug
    scheme = queries.scheme_of_tabulation(found)
    names = find_entry_names(competition)
    keys = [track.key for track in scheme.tracks]
    chosen = request.GET.get("track", keys[0])
    if chosen not in keys:
        raise Http404("没有这个榜单。")
    track, result = scheme.track(chosen), found.result["tracks"][chosen]
    rounds = queries.complete_rounds(track, result)
    round_key = request.GET.get("round", "")
    if not result["complete"] and not round_key and rounds:
        round_key = rounds[0].key
    if round_key and round_key not in {item.key for item in rounds}:
        raise Http404("这个环节还没有排名。")
    arrangement = _arrange(request, result)
    shown_round = track.round(round_key) if round_key else None
    rows = []
    if result["complete"] or shown_round:
        rows = queries.standing_rows(track, result, names, arrangement.order, round_key)
    crumbs = [("统分", f"/work/{slug}/tabulation/"), (f"第 {found.number} 次统分", None)]
    return {
        **work_frame(competition, "tabulation", *crumbs),
        "tabulation": found,
        "track": track,
        "tracks": scheme.tracks,
        "result": result,
        "rounds": rounds,
        "shown_round": shown_round,
        "full": shown_round.full if shown_round else result["full"],
        "arrangement": arrangement,
        "rows": rows,
        "chart": [
            {
                "label": row["name"],
                "place": row["place"],
                "tied": row["tied"],
                "total": row["total"],
                "url": f"/work/{slug}/tabulation/{found.number}/{track.key}/{row['entry']}/",
                "parts": [row["rounds"][item.key]["contribution"] for item in track.rounds],
            }
            for row in rows
            if not shown_round and row["place"] is not None
        ],
        "series": [item.title for item in track.rounds],
        "sections": queries.missing_sections(
            competition,
            scheme,
            found.result["missing"],
            names,
            arrangement.order if arrangement.order in LISTED else LISTED[0],
        ),
    }
