"""What new rules would change: a draft tried out, and a change of published rules that waits.

These pages stand here and not beside the editor because flags and awards are part of the answer.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import actions
from competitions.access import get_competition_for
from competitions.forms.rules import PublishForm
from competitions.frontdoor import find_change_obstacles
from competitions.gates import enter
from competitions.models import Competition
from competitions.queries import (
    current_scheme_version,
    pending_scheme_version,
    scheme_of,
    work_frame,
)
from competitions.queries.drafts import find_approval_refusals, read_problems
from competitions.queries.names import find_entry_names
from competitions.queries.readiness import find_approval_obstacles
from competitions.queries.state import has_evidence
from competitions.roles import INSIDERS, RoleKind
from competitions.scheme.compare import compare_documents
from rewards.queries.scheme_trial import compare_outcomes
from scoring.queries.evidence import load_evidence
from scoring.queries.progress import find_being_marked, owes_marks
from scoring.queries.rules_change import find_idle_rulings, find_left_behind
from scoring.queries.scheme_trial import (
    compare_rankings,
    find_sources,
    read_source,
    tabulate_both,
)
from scoring.queries.sealed import TabulationMismatch
from scoring.views.scheme_drafts import frame_around
from scoring.views.scheme_editor import ORGANISER, open_draft, say_frozen

DONE = {"approve": "规则的修改已审定，可以公布。", "publish": "修改后的规则已公布，从现在起有效。"}


def _compare(before, after, names):
    """What _scheme_rankings.html shows of two Sides."""
    return {
        "tracks": compare_rankings(before, after, names),
        "outcomes": compare_outcomes(before, after, names),
    }


@enter(read=INSIDERS, write=ORGANISER)
def change(request, slug):
    """This function will show a change of published rules that waits, and let a second person
    approve it and the organiser publish it."""
    competition = get_competition_for(request.role, slug, change=request.method == "POST")
    version = pending_scheme_version(competition)
    if version is None or competition.stage != Competition.Stage.RUNNING:
        return redirect("work_rules", slug)
    posted = request.method == "POST"
    form = PublishForm(request.POST if posted else None, initial={"digest": version.digest})
    do = request.POST.get("do", "")
    if posted and form.is_valid() and do in DONE:
        action = {"approve": actions.approve_scheme, "publish": actions.publish_scheme}[do]
        done = form.run(
            action,
            competition=competition,
            digest=form.cleaned_data["digest"],
            by=request.user.person,
            now=timezone.now(),
        )
        if done:
            messages.success(request, DONE[do])
            return redirect("work_rules", slug)
    current = current_scheme_version(competition)
    old, new = scheme_of(current), scheme_of(version)
    # Rankings are made of the others' marks: a judge sees them once her own are in.
    decided = has_evidence(competition)
    owes = decided and owes_marks(competition, request.user.person)
    marked = find_being_marked(competition) if decided else []
    compared = {"tracks": []}
    if decided and not owes and not marked:
        names = {key: item["name"] for key, item in find_entry_names(competition).items()}
        evidence = [load_evidence(competition, scheme) for scheme in (old, new)]
        compared = _compare(*tabulate_both(old, new, *evidence), names)
    crumbs = (("规则", reverse("work_rules", args=[slug])), ("修改规则", None))
    context = {
        **work_frame(competition, "rules", *crumbs),
        "form": form,
        "version": version,
        "current": current,
        "changes": compare_documents(current.document, version.document),
        "obstacles": [
            *find_approval_obstacles(version),
            *find_change_obstacles(competition, old, new),
        ],
        "left_behind": find_left_behind(competition, old, new),
        "idle": find_idle_rulings(competition, old, new),
        **compared,
        "owes": owes,
        "marked": "".join(marked),
        "may_change": request.role.kind is RoleKind.ORGANISER,
        "refusals": find_approval_refusals(version, request.user.person),
    }
    return TemplateResponse(request, "rewards/scheme_change.html", context)


@enter(read=ORGANISER)
def try_out(request, slug):
    """This function will show places, flags and awards by the draft beside those by the rules of
    the evidence: an earlier year's, or a shipped sample's. Nothing is stored."""
    competition, draft = open_draft(request, slug)
    if draft is None:
        return say_frozen(request, slug)
    scheme, problems = read_problems(draft.document, draft.digest)
    sources = find_sources(competition)
    chosen = request.GET.get("source", "")
    if chosen and chosen not in dict(sources):
        raise Http404("没有这份数据。")
    context = frame_around(competition, draft, "试一试")
    context |= {"sources": sources, "chosen": chosen, "tracks": []}
    if chosen and not problems:
        try:
            source = read_source(competition, chosen)
        except TabulationMismatch as error:
            context["changed"] = str(error)
        else:
            sides = tabulate_both(source.scheme, scheme, source.evidence)
            context |= _compare(*sides, source.names)
    return TemplateResponse(request, "rewards/scheme_try.html", context)
