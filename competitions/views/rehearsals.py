"""The rehearsal 演练 of a competition: start one, end it, and where the earlier ones are."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access, actions
from competitions.forms.base import ActionForm
from competitions.frontdoor import find_open_in_rehearsal
from competitions.gates import enter
from competitions.queries import work_frame
from competitions.roles import INSIDERS, RoleKind


@enter(read=INSIDERS, write={RoleKind.ORGANISER})
def rehearsal(request, slug):
    """This function will show the rehearsals of a competition and start one; the page of a
    rehearsal ends it, after asking once (`?end=1`)."""
    posted = request.method == "POST"
    competition = access.get_competition_for(request.role, slug, change=posted)
    form = ActionForm(request.POST if posted else None)
    if posted and form.is_valid():
        done = form.run(
            actions.end_rehearsal if competition.is_rehearsal else actions.start_rehearsal,
            competition=competition,
            by=request.user.person,
            now=timezone.now(),
        )
        if done and competition.is_rehearsal:
            messages.success(request, "演练已经结束，评委的演练身份随之收回。")
            return redirect("work_rehearsal", competition.rehearsal_of.slug)
        if done:
            messages.success(request, "演练已经开始。这里的打分和结果都不计入成绩。")
            return redirect("work_overview", done.slug)
    may_change = access.may_change(request.role, competition, rehearsed=True)
    if competition.is_rehearsal and may_change and (posted or request.GET.get("end") == "1"):
        return _ask(request, competition, form)
    held = [] if competition.is_rehearsal else list(competition.rehearsals.order_by("-id"))
    context = {
        **work_frame(competition, "rehearsal", ("演练", None)),
        "form": form,
        "over": [item for item in held if item.stage == item.Stage.CLOSED],
        "under_way": next((item for item in held if item.stage != item.Stage.CLOSED), None),
        "may_change": may_change,
    }
    return TemplateResponse(request, "competitions/rehearsal.html", context)


def _ask(request, competition, form):
    own = reverse("work_rehearsal", args=[competition.slug])
    said = "结束以后只能查看，评委的演练身份收回；要用最新的名单再练，另开一场。"
    context = {
        **work_frame(competition, "rehearsal", ("演练", own), ("结束演练", None)),
        "form": form,
        "question": f"结束「{competition.title}」？",
        "consequence": "".join([*find_open_in_rehearsal(competition), said]),
        "verb": "结束演练",
        "back_url": own,
    }
    return TemplateResponse(request, "competitions/confirm.html", context)
