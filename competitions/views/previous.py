"""From which earlier year progress and flags in a row are counted: the previous one 上一届."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from competitions import access, actions
from competitions.forms.previous import PreviousForm
from competitions.frontdoor import find_earlier_obstacles
from competitions.gates import enter
from competitions.kinds import PREVIOUS_NAMED
from competitions.queries import work_frame
from competitions.queries.signers import find_signers
from competitions.queries.state import latest_revision
from competitions.roles import INSIDERS, RoleKind
from competitions.scheme.earlier import find_asking
from record.private import reveal


@enter(read=INSIDERS, write={RoleKind.ORGANISER})
def previous(request, slug):
    """This function will show which year is the previous one and why, and change it."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    frame = work_frame(competition, "rules", ("上一届", None))
    latest = latest_revision(competition, PREVIOUS_NAMED)
    form = PreviousForm(
        request.POST if request.method == "POST" else None,
        competition=competition,
        revision=latest,
    )
    if request.method == "POST" and form.is_valid():
        done = form.run(
            actions.name_previous,
            competition=competition,
            **form.cleaned_data["previous"],
            reason=form.cleaned_data.get("reason", ""),
            revision=form.cleaned_data["revision"],
            by=request.user.person,
            now=timezone.now(),
        )
        if done:
            messages.success(request, "已记录上一届。")
            return redirect("work_previous", slug)
        if form.newer is not None:
            competition.refresh_from_db()
            latest = form.newer
            form.catch_up()
    may_change = access.may_change(request.role, competition)
    context = {
        **frame,
        "form": form,
        "asking": find_asking(frame["scheme"]) if frame["scheme"] else [],
        "said": latest and reveal(latest.facts),
        "said_at": latest and latest.at,
        "said_by": find_signers([latest])[latest.op_id] if latest else "",
        "obstacles": find_earlier_obstacles(competition) if may_change else [],
        "may_change": may_change,
    }
    return TemplateResponse(request, "competitions/previous.html", context)
