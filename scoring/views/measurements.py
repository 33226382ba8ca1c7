"""Measured values and votes of a round: the overview, the two grids, the second person's check."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access
from competitions.gates import enter
from competitions.models import Competition
from competitions.orders import arrange_entries
from competitions.queries import work_frame
from competitions.roles import INSIDERS, STAFF
from scoring.actions.measurements import (
    CellErrors,
    StaleCells,
    enter_measurements,
    return_measurements,
    verify_measurements,
)
from scoring.forms.measurements import CheckForm, GridForm, token_of
from scoring.queries.evidence_steps import remind, state_of, step_key
from scoring.queries.exports import subject_of
from scoring.queries.hands import find_measured_hands
from scoring.queries.inputs import header_of
from scoring.queries.measurements import (
    load_measured_round,
    neighbours,
    progress_by_criterion,
    progress_by_entry,
)
from scoring.queries.vote_history import compare_votes, find_counted_votes, find_vote_changes


def load_round(competition, round_key, arrangement=None):
    """This function will return the MeasuredRound, or raise 404."""
    measured = load_measured_round(competition, round_key, arrangement)
    if measured is None:
        raise Http404("已公布的规则里没有这个录入数据的环节。")
    return measured


def may_write(request, competition):
    """This function will say whether the reader may change evidence of the competition."""
    return request.role.kind in STAFF and competition.stage != Competition.Stage.CLOSED


def posted(request):
    """This function will return what a form was sent with, None when the page is only shown."""
    return request.POST if request.method == "POST" else None


def frame(request, competition, measured, *crumbs):
    """This function will return the context that every page of a measured round shares."""
    own = reverse("work_measurements", args=[competition.slug, measured.round.key])
    return {
        **work_frame(competition, step_key(measured.round), (measured.title, own), *crumbs),
        "measured": measured,
        "round": measured.round,
        "subject": subject_of(measured.track, competition),
        "may_write": may_write(request, competition),
    }


@enter(read=INSIDERS)
def measurements(request, slug, round_key):
    """How far the round's values have come, by criterion and by entry."""
    competition = access.get_competition_for(request.role, slug)
    arrangement = arrange_entries(request, competition)
    measured = load_round(competition, round_key, arrangement)
    context = {
        **frame(request, competition, measured),
        "arrangement": arrangement,
        "by_criterion": progress_by_criterion(measured),
        "by_entry": progress_by_entry(measured),
        "reminder": remind(competition, state_of(measured)) if measured.missing_count else "",
    }
    return TemplateResponse(request, "scoring/measurements.html", context)


@enter(read=INSIDERS, write=STAFF)
def measurements_of_criterion(request, slug, round_key, key):
    """All entries' inputs of one criterion."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    arrangement = arrange_entries(request, competition)
    measured = load_round(competition, round_key, arrangement)
    if key not in {item.key for item in measured.asked}:
        raise Http404("规则里没有这个指标。")
    return _grid(request, competition, measured, arrangement, "criterion", key)


@enter(read=INSIDERS, write=STAFF)
def measurements_of_entry(request, slug, round_key, key):
    """One entry's inputs of all criteria."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    arrangement = arrange_entries(request, competition)
    measured = load_round(competition, round_key, arrangement)
    if key not in {entry.key for entry in measured.entries}:
        raise Http404("参评名单里没有这个单位。")
    return _grid(request, competition, measured, arrangement, "entry", key)


def _lines(measured, by, key):
    return measured.of_criterion(key) if by == "criterion" else measured.of_entry(key)


def _grid(request, competition, measured, arrangement, by, key):
    stale = []
    counted = find_counted_votes(competition, measured.round.key)
    form = GridForm(posted(request), lines=_lines(measured, by, key), by=by, counted=counted)
    if request.method == "POST" and form.is_valid():
        try:
            revision = enter_measurements(
                competition=competition,
                round_key=measured.round.key,
                values=form.changed_values,
                revisions=form.revisions,
                reason=form.cleaned_data.get("reason", ""),
                op=form.cleaned_data["op"],
                by=request.user.person,
                now=timezone.now(),
            )
        except CellErrors as error:
            form.add_cell_errors(error.cells)
        except StaleCells as error:
            stale = error.cells
            measured = load_round(competition, measured.round.key, arrangement)
            form = GridForm(
                lines=_lines(measured, by, key),
                by=by,
                typed=error.own,
                counted=counted,
                reason=form.cleaned_data.get("reason", ""),
            )
        except ValidationError as error:
            form.add_error(field_of(form, error), error)
        else:
            _say_saved(request, revision)
            return redirect(request.get_full_path())
    items = progress_by_criterion(measured) if by == "criterion" else progress_by_entry(measured)
    before, after = neighbours(items, key)
    title = next(item.title for item in items if item.key == key)
    asked = next((item for item in measured.asked if item.key == key), None)
    changes = find_vote_changes(competition, measured.round.key, counted)
    context = {
        **frame(request, competition, measured, (title, None)),
        "form": form,
        "vote_changes": [
            (line, list_changes(line, changes)) for line in form.lines if line.place in changes
        ],
        "by": by,
        "title": title,
        "asked": asked,
        "before": before,
        "after": after,
        "route": f"work_measurements_{by}",
        "arrangement": arrangement,
        "keep": "" if arrangement.order == "official" else f"?{arrangement.query}",
        "stale": [difference(cell) for cell in stale],
        "verified": any(line.row and line.row.counted_values for line in form.lines),
    }
    return TemplateResponse(request, "scoring/measurements_grid.html", context)


def field_of(form, error):
    """This function will return the form's field that a refusal is about, or None."""
    wanted = getattr(error, "code", None) == "votes_need_reason" and "reason" in form.fields
    return "reason" if wanted else None


def list_changes(line, changes):
    """This function will return [(Change, rows of components/diff_table.html)] of a line's votes,
    of what `find_vote_changes` found."""
    return [(change, compare_votes(line.asked, change)) for change in changes[line.place]]


def _say_saved(request, revision):
    if revision is None:
        messages.info(request, "没有改动，数值和原来一样。")
    else:
        count = len(revision.facts["rows"])
        messages.success(request, f"已保存 {count} 行，等候另一位工作人员核对。")


def difference(cell):
    """This function will return a row of components/diff_table.html for a stale cell."""
    at = timezone.localtime(cell.at)
    return {
        "label": f"{cell.entry.name} {cell.asked.title} {header_of(cell.input)}",
        "left": cell.mine or "（空）",
        "right": f"{cell.theirs or '（空）'}（{cell.by.name}，{at:%m-%d %H:%M}）",
    }


@enter(read=INSIDERS, write=STAFF)
def measurements_verify(request, slug, round_key):
    """What waits for a second person: looked at, then verified or returned."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    arrangement = arrange_entries(request, competition)
    measured = load_round(competition, round_key, arrangement)
    form = CheckForm(posted(request), lines=measured.waiting)
    if request.method == "POST" and form.is_valid():
        try:
            _check(request, competition, measured, form)
        except ValidationError as error:
            form.add_error("reason" if "退回原因" in error.messages[0] else None, error)
        else:
            return redirect(request.get_full_path())
    me = request.user.person.id
    hands = find_measured_hands(competition, round_key) if measured.waiting else {}
    changes = find_vote_changes(competition, round_key) if measured.waiting else {}
    groups = []
    for item in measured.asked:
        lines = [line for line in measured.of_criterion(item.key) if line.waits]
        if lines:
            rows = [
                (
                    line,
                    token_of(line),
                    line.row.entered_by_id == me or me in hands.get(line.place, ()),
                )
                for line in lines
            ]
            groups.append((item, rows))
    context = {
        **frame(request, competition, measured, ("核对", None)),
        "arrangement": arrangement,
        "form": form,
        "groups": groups,
        "vote_changes": [
            (line, list_changes(line, changes)[-1:])
            for line in measured.waiting
            if line.place in changes
        ],
        "others": sum(not own for _item, rows in groups for _line, _token, own in rows),
    }
    return TemplateResponse(request, "scoring/measurements_verify.html", context)


def _check(request, competition, measured, form):
    call = {
        "competition": competition,
        "round_key": measured.round.key,
        "revisions": form.revisions,
        "op": form.cleaned_data["op"],
        "by": request.user.person,
        "now": timezone.now(),
    }
    if form.cleaned_data["do"] == "return":
        return_measurements(**call, reason=form.cleaned_data["reason"])
        messages.success(request, f"已退回 {len(form.revisions)} 行，录入人会在待办里看到原因。")
    else:
        verify_measurements(**call)
        messages.success(request, f"已核对 {len(form.revisions)} 行，计入统分。")
