"""The last step of a year: into the archive by two persons, and out of it again."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.models import Competition
from competitions.queries import work_frame
from competitions.roles import INSIDERS, RoleKind
from publication import closing as actions
from publication.forms import ClosingForm
from publication.models import Closing

SAID = {
    "close": "已申请归档，等候另一位工作人员确认。",
    "reopen": "已申请重新打开，等候另一位工作人员确认。",
    "return": "已退回，没有改动。",
}
CONFIRMED = {
    Closing.Kind.CLOSE: "已归档：从现在起只能查看。",
    Closing.Kind.REOPEN: "已重新打开，可以继续办理。",
}


@enter(read=INSIDERS, write={RoleKind.ORGANISER})
def closing(request, slug):
    """This function will show how far the archive has come, and take a request or settle one."""
    competition = get_competition_for(request.role, slug)
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _do(request, competition, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            competition.refresh_from_db()
        else:
            messages.success(request, said)
            return redirect("work_closing", slug=slug)
    now = timezone.now()
    closings = Closing.objects.filter(competition=competition).with_names().order_by("-id")
    waiting = next((item for item in closings if item.state == item.State.ENTERED), None)
    closed = competition.stage == Competition.Stage.CLOSED
    context = {
        **work_frame(competition, "closing", ("归档", None)),
        "form": form,
        "op": uuid.uuid4(),
        "closings": closings,
        "waiting": waiting,
        "own": waiting is not None and waiting.entered_by_id == request.user.person.id,
        "closed": closed,
        "obstacles": [] if closed else actions.find_obstacles(competition, now),
        "notice_until": "" if closed else actions.find_running_notice(competition, now),
        "may_write": request.role.kind is RoleKind.ORGANISER,
    }
    return TemplateResponse(request, "publication/closing.html", context)


def _do(request, competition, data):
    """Carries out what the form asks and returns what to say about it."""
    call = {"by": request.user.person, "now": timezone.now(), "op": data["op"]}
    if data["do"] in ("close", "reopen"):
        actions.propose_closing(
            competition=competition,
            kind=data["do"],
            reason=data["reason"],
            objections_settled=data["objections_settled"],
            **call,
        )
        return SAID[data["do"]]
    found = Closing.objects.filter(competition=competition, id=data["request"]).first()
    if found is None:
        raise ValidationError("没有这项申请，请刷新页面后重试。")
    if data["do"] == "return":
        actions.return_closing(closing=found, reason=data["reason"], **call)
        return SAID["return"]
    done = actions.verify_closing(closing=found, **call)
    return CONFIRMED[Closing.Kind(done.kind)]
