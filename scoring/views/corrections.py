"""One stored sheet: its marks, and the road by which two persons may correct it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.models import Competition
from competitions.queries import work_frame
from competitions.roles import INSIDERS, STAFF
from scoring.access.judging import get_open_correction, get_sheet_in
from scoring.actions.corrections import propose_correction, return_correction, verify_correction
from scoring.actions.sheet_rules import MarksRefused, SheetConflict
from scoring.forms.paper import PaperForm, ReasonForm, SettleForm
from scoring.queries.judging import describe_source
from scoring.queries.progress import load_round_progress
from scoring.queries.sheet_history import find_history
from scoring.queries.sheet_views import compare, side_by_side
from scoring.views.sheets import refuse_while_marking, withholds


@enter(read=INSIDERS, write=STAFF)
def sheet(request, slug, round_key, sheet_id):
    """This function will show one stored sheet and take a proposal to correct it."""
    competition, stored, progress, line = _sheet(request, slug, round_key, sheet_id)
    panel = progress.panel
    posted = request.POST if request.method == "POST" else None
    form = PaperForm(
        posted,
        panel=panel,
        lines=[line],
        marks={line.key: stored.marks},
        revisions={line.key: stored.revision.hex},
    )
    reason = ReasonForm(posted, initial={"op": form.initial["op"]}, label_suffix="")
    context = {
        **_frame(request, competition, stored, progress, line),
        "form": form,
        "reason": reason,
    }
    if posted is not None and context["withheld"]:
        raise PermissionDenied(context["withheld"])
    if posted is not None and form.is_valid() and reason.is_valid():
        try:
            propose_correction(
                sheet=stored,
                marks=form.cleaned_data["sheets"][line.entry.key][line.site_key],
                reason=reason.cleaned_data["reason"],
                revision=form.revisions[line.key],
                op=form.cleaned_data["op"],
                by=request.user.person,
                now=timezone.now(),
            )
        except MarksRefused as refused:
            form.add_problems(refused.problems)
        except SheetConflict as conflict:
            form.add_error(None, conflict)
            context["versions"] = compare(form, conflict.existing)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "更正已提出，等待另一位工作人员核对；在此之前原打分有效。")
            return redirect(request.path)
    return TemplateResponse(request, "scoring/sheet.html", context)


@enter(write=STAFF)
def settle(request, slug, round_key, sheet_id):
    """This function will let a second person put a correction into force, or return it."""
    _competition, stored, progress, _line = _sheet(request, slug, round_key, sheet_id)
    if withheld := withholds(request, progress, stored):
        raise PermissionDenied(withheld)
    correction = get_open_correction(stored)
    here = reverse("work_sheet", args=[slug, round_key, sheet_id])
    returning = "return" in request.POST
    form = SettleForm(request.POST)
    # Only the proposal that was on the page may be put into force.
    shown = correction and correction.revision.hex == request.POST.get("revision")
    if not shown or not form.is_valid():
        missing = "这项更正已被别人处理，请查看结果。"
        texts = [text for found in form.errors.values() for text in found] or [missing]
        messages.error(request, "".join(texts))
        return redirect(here)
    act = {"op": form.cleaned_data["op"], "by": request.user.person, "now": timezone.now()}
    try:
        if returning:
            return_correction(correction=correction, reason=form.cleaned_data["reason"], **act)
            messages.success(request, "更正已退回，原打分不变。")
        else:
            verify_correction(correction=correction, **act)
            messages.success(request, "更正已核准，新的打分计入成绩。")
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    return redirect(here)


def _sheet(request, slug, round_key, sheet_id):
    competition = get_competition_for(request.role, slug, change=request.method == "POST")
    stored = get_sheet_in(competition, round_key, sheet_id)
    progress = load_round_progress(competition, round_key)
    panel = progress.panel if progress else None
    line = panel.find_line(stored.entry.key, stored.site) if panel else None
    if line is None:
        raise Http404("这张评分表的参评单位已经退出。")
    refuse_while_marking(request, progress, stored.judge)
    return competition, stored, progress, line


def _frame(request, competition, stored, progress, line):
    panel, item = progress.panel, progress.panel.round
    withheld = withholds(request, progress, stored)
    own = reverse("work_round", args=[competition.slug, item.key])
    title = f"{stored.judge.number} 号评委对{line.name}的评分表"
    correction = None if withheld else get_open_correction(stored)
    history = find_history(stored)
    running = competition.stage == Competition.Stage.RUNNING
    writes = request.role.kind in STAFF and running
    return {
        **work_frame(competition, item.key, (item.title, own), (title, None)),
        "round": item,
        "panel": panel,
        "sheet": stored,
        "line": line,
        "origin": describe_source(stored),
        "withheld": withheld,
        "marks": [(criterion, stored.marks.get(criterion.key)) for criterion in line.criteria],
        "history": history,
        "original": [(one, history.marks.get(one.key)) for one in line.criteria],
        "changes_settled": [
            (change, side_by_side(line, change.before, change.after)) for change in history.settled
        ],
        "correction": correction,
        "changes": side_by_side(line, stored.marks, correction.marks) if correction else [],
        "may_write": writes,
        "may_settle": writes and correction and correction.entered_by_id != request.user.person_id,
        "may_correct": (
            writes and not withheld and correction is None and stored.state == "verified"
        ),
        "settle_op": PaperForm.new_op(),
    }
