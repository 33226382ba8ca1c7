"""Late marks: what came, when, and the road by which two persons decide on it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.models import Competition
from competitions.queries import work_frame
from competitions.roles import INSIDERS, STAFF
from scoring.access.judging import get_late_sheet_in, get_open_late_decision
from scoring.actions.late_sheets import propose_late, return_late, verify_late
from scoring.forms.late import LateForm
from scoring.forms.paper import SettleForm
from scoring.models import LateSheet
from scoring.queries.judging import describe_late
from scoring.views.sheets import refuse_before_own_marks


@enter(read=INSIDERS, write=STAFF)
def late(request, slug, round_key, late_id):
    """This function will show late marks and take a proposal to admit or dismiss them."""
    competition, stored = _late(request, slug, round_key, late_id)
    form = LateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            propose_late(
                late=stored,
                admit=data["admit"],
                reason=data["reason"],
                decided_by=data["decided_by"],
                op=data["op"],
                by=request.user.person,
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "处理意见已提出，等待另一位工作人员核对。")
            return redirect(request.path)
    decision = get_open_late_decision(stored)
    title = f"{stored.judge.number} 号评委迟到的打分"
    own = reverse("work_round", args=[slug, round_key])
    writes = request.role.kind in STAFF and competition.stage == Competition.Stage.RUNNING
    waits = stored.outcome == LateSheet.Outcome.WAITING
    panel_title, lines, left_out = describe_late(stored)
    context = {
        **work_frame(competition, round_key, (panel_title, own), (title, None)),
        "late": stored,
        "lines": lines,
        "left_out": left_out if waits else [],
        "form": form,
        "decision": decision,
        "settled": stored.decisions.exclude(state="entered").select_related(
            "entered_by", "verified_by"
        ),
        "may_propose": writes and waits and decision is None,
        "may_settle": writes and decision and decision.entered_by_id != request.user.person_id,
        "settle_op": LateForm().initial["op"],
    }
    return TemplateResponse(request, "scoring/late.html", context)


@enter(write=STAFF)
def settle(request, slug, round_key, late_id):
    """This function will let a second person carry a proposal out, or return it."""
    stored = _late(request, slug, round_key, late_id)[1]
    decision = get_open_late_decision(stored)
    here = reverse("work_late", args=[slug, round_key, late_id])
    returning = "return" in request.POST
    form = SettleForm(request.POST)
    # Only the proposal that was on the page may be carried out.
    shown = decision and decision.revision.hex == request.POST.get("revision")
    if not shown or not form.is_valid():
        texts = [text for found in form.errors.values() for text in found]
        messages.error(request, "".join(texts) or "这项处理意见已被别人处理，请查看结果。")
        return redirect(here)
    act = {"op": form.cleaned_data["op"], "by": request.user.person, "now": timezone.now()}
    try:
        if returning:
            return_late(late_decision=decision, reason=form.cleaned_data["reason"], **act)
            messages.success(request, "处理意见已退回，打分继续等待裁定。")
        else:
            done = verify_late(late_decision=decision, **act)
            messages.success(request, f"已核准：{done.get_outcome_display()}。")
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    return redirect(here)


def _late(request, slug, round_key, late_id):
    competition = get_competition_for(request.role, slug, change=request.method == "POST")
    stored = get_late_sheet_in(competition, round_key, late_id)
    if stored.judge.person_id != request.user.person_id:
        refuse_before_own_marks(request, competition)
    return competition, stored
