"""A judge's own pages: what there is to mark, the pad, and the receipt."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from competitions.access import get_judge_for
from competitions.actions import set_large_type
from competitions.gates import enter
from competitions.orders import arrange_by
from competitions.roles import RoleKind
from scoring import doors
from scoring.access.judging import find_rehearsed, get_own_judge, get_seated_judge
from scoring.actions.sheet_rules import MarksRefused, RoundClosed, SheetConflict
from scoring.actions.sheets import submit_sheets
from scoring.forms.sheets import SheetForm
from scoring.forms.submissions import SubmissionForm
from scoring.queries.judging import describe_sheets, find_desk, find_desks
from scoring.queries.sheet_steps import write_moment
from scoring.rules.field import cite

JUDGE = {RoleKind.JUDGE}
# Never by place: a judge is not to see who leads while marking.
PAD_ORDERS = ("official", "strokes", "custom")


@enter(read=JUDGE)
def home(request):
    """This function will list the rounds that the judge marks, with the state of each, and apart
    from them where else the same person judges: what is real beside what is a rehearsal."""
    judge = get_own_judge(request.role)
    others = [role for role in request.roles if role.kind in JUDGE and role != request.role]
    rehearsed = find_rehearsed(others)
    context = {
        **_frame(request, judge),
        "desks": find_desks(judge),
        "live_rounds": doors.find_live_rounds(judge.competition),
        "elsewhere": [role for role in others if role.subject not in rehearsed],
        "rehearsals": [role for role in others if role.subject in rehearsed],
    }
    return TemplateResponse(request, "scoring/judge_home.html", context)


@enter(read=JUDGE, write=JUDGE)
def round_page(request, slug, round_key):
    """This function will show a round: the whole tour on one pad, or the arena's entrants."""
    judge, desk = _desk(request, slug, round_key)
    if desk.panel.whole_tour and desk.lines:
        return _pad(request, judge, desk, desk.lines, "scoring/pad_tour.html")
    if desk.panel.whole_tour:
        return TemplateResponse(request, "scoring/pad_spared.html", _frame(request, judge, desk))
    if request.method == "POST":
        raise Http404("请在单位的打分页提交。")
    context = {**_frame(request, judge, desk), "rows": desk.entrants}
    return TemplateResponse(request, "scoring/pad_list.html", context)


@enter(read=JUDGE, write=JUDGE)
def entry_page(request, slug, round_key, entry_key):
    """This function will show the pad for one entrant of the arena, or its receipt."""
    judge, desk = _desk(request, slug, round_key)
    entrant = desk.find_entrant(entry_key)
    spared = None if desk.panel.whole_tour or entrant else desk.find_spared(entry_key)
    if spared and request.method == "GET":
        entrant, rulings = spared
        reasons = [cite(ruling) for ruling in rulings]
        context = {**_frame(request, judge, desk), "entrant": entrant, "reasons": reasons}
        return TemplateResponse(request, "scoring/pad_spared.html", context)
    if desk.panel.whole_tour or entrant is None:
        raise Http404("没有这个参评单位。")
    return _pad(request, judge, desk, entrant.lines, "scoring/pad_entry.html", entrant)


@enter(write=JUDGE)
def submit(request, slug, round_key):
    """This function will take what the pad's script sends, and answer in JSON.

    200 with the receipt, and why when the marks are kept as late; 422 with what is wrong; 409 with
    the other version, or why the round is closed. Sending the same operation again gives the same
    receipt.
    """
    # The action loads the panel, once the judge has been locked; loading his desk too doubled the
    # time that a hall of judges waits when all hand in at once.
    judge = get_seated_judge(request.role, slug, round_key)
    form = SubmissionForm.from_body(request.body)
    if not form.is_valid():
        text = "；".join(text for texts in form.errors.values() for text in texts)
        return _answer(422, "invalid", text, problems=[])
    try:
        done = submit_sheets(
            judge=judge,
            round_key=round_key,
            sheets=form.cleaned_data["sheets"],
            op=form.cleaned_data["op"],
            by=request.user.person,
            now=timezone.now(),
        )
    except MarksRefused as refused:
        problems = [vars(problem) for problem in refused.problems]
        return _answer(422, "invalid", refused.messages[0], problems=problems)
    except SheetConflict as conflict:
        existing = describe_sheets(conflict.existing)
        return _answer(409, "conflict", conflict.messages[0], existing=existing)
    except RoundClosed as closed:
        return _answer(409, "closed", closed.messages[0])
    except ValidationError as error:
        return _answer(409, "refused", error.messages[0])
    return JsonResponse(
        {
            "receipt": done.receipt,
            "at": write_moment(done.at),
            "repeated": done.repeated,
            "late": done.late,
        }
    )


@enter(write={RoleKind.SIGNED_IN})
def large_type(request):
    """This function will set the account's extra-large type as wished, and go back."""
    wished = request.POST.get("large")
    if wished in ("yes", "no"):
        set_large_type(user=request.user, large=wished == "yes", now=timezone.now())
    following = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(following, {request.get_host()})
    return redirect(following if following and inside else "judge_home")


def _pad(request, judge, desk, lines, template, entrant=None):
    """One pad: mark, read back, hand in; the receipt when it has been handed in."""
    here = request.get_full_path()
    following = desk.find_following(entrant)
    context = {
        **_frame(request, judge, desk),
        "entrant": entrant,
        "following": following,
        "here": here,
    }
    if request.method != "POST":
        late = entrant.late if entrant else None
        if late is not None:
            receipt = {"receipts": desk.late_receipts(late), "late_sheet": late}
            return TemplateResponse(request, "scoring/pad_receipt.html", context | receipt)
        if all(line.key in desk.sheets for line in lines):
            receipt = {"receipts": desk.receipts(lines)}
            return TemplateResponse(request, "scoring/pad_receipt.html", context | receipt)
        open_lines = [line for line in lines if line.key not in desk.sheets]
        return TemplateResponse(request, template, context | {"form": SheetForm(lines=open_lines)})
    open_lines = [line for line in lines if line.key not in desk.sheets] or lines
    form = SheetForm(request.POST, lines=open_lines)
    if "edit" in request.POST or not form.is_valid():
        return TemplateResponse(request, template, context | {"form": form})
    if "confirmed" not in request.POST:
        return TemplateResponse(request, "scoring/pad_confirm.html", context | {"form": form})
    try:
        done = submit_sheets(
            judge=judge,
            round_key=desk.panel.round.key,
            sheets=form.cleaned_data["sheets"],
            op=form.cleaned_data["op"],
            by=request.user.person,
            now=timezone.now(),
        )
    except MarksRefused as refused:
        form.add_problems(refused.problems)
    except SheetConflict as conflict:
        form.add_error(None, conflict)
        context["existing"] = describe_sheets(conflict.existing)
    except ValidationError as error:
        form.add_error(None, error)
    else:
        if done.late:
            messages.warning(request, f"{done.late}回执号 {done.receipt}。")
        else:
            messages.success(request, f"已提交，回执号 {done.receipt}。")
        return redirect(here)
    return TemplateResponse(request, template, context | {"form": form})


def _desk(request, slug, round_key):
    judge = get_judge_for(request.role, slug)
    desk = find_desk(judge, round_key)
    if desk is None:
        raise Http404("没有这个需要您打分的环节。")
    desk.arrange(arrange_by(request, {}, orders=PAD_ORDERS))
    desk.stand = doors.stage_of(desk.panel)
    return judge, desk


def _frame(request, judge, desk=None):
    competition = judge.competition
    frame = {
        "judge": judge,
        "competition": competition,
        "demo": competition.mark,
        "pad_xl": request.user.large_type,
        "desk": desk,
        "store": f"leitai.pad.{competition.chain}.{judge.key}.",
    }
    if desk is not None:
        frame["submit_url"] = reverse("judge_submit", args=[competition.slug, desk.key])
        frame["breadcrumbs"] = [(desk.panel.title, None)]
        arrangement = desk.panel.arrangement
        chosen = arrangement.order != PAD_ORDERS[0]
        # What a link to another page of this round adds, so that the order stays.
        frame |= {"arrangement": arrangement, "kept": f"?{arrangement.query}" if chosen else ""}
        # Of a live event the stage says when marking opens and closes, not the schedule.
        due = desk.panel.plan.due_at if desk.panel.plan and not desk.stand else None
        frame["due_text"] = write_moment(due) if due else ""
        frame["late"] = bool(due and due < competition.moment(timezone.now()))
    else:
        frame["breadcrumbs"] = [("我的打分", None)]
    return frame


def _answer(status, error, message, **more):
    return JsonResponse({"error": error, "message": message, **more}, status=status)
