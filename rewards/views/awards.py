"""Flags and awards as they stand: the page, the list to print and sign, the sums to be paid."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.orders import BY_PLACE, arrange_entries
from competitions.queries import work_frame
from competitions.roles import INSIDERS, RoleKind
from competitions.sheets import XLSX_TYPE
from rewards.queries import TabulationMismatch, changes_of, find_outcome, say_due
from rewards.queries import awards as queries
from rewards.queries.exports import payment_workbook
from scoring.queries.tabulations import find_latest_tabulation

# Who is recommended for promotion is for the organisers and their supervision only.
SEE_PROMOTIONS = {RoleKind.ORGANISER, RoleKind.AUDITOR}


@enter(read=INSIDERS)
def awards(request, slug):
    """This function will show flags and awards, as computed and as the meeting decided."""
    competition = get_competition_for(request.role, slug)
    context = {
        **work_frame(competition, "awards", ("授旗与奖励", None)),
        **_awards_context(request, competition, see_promotions=request.role.kind in SEE_PROMOTIONS),
        "history": queries.find_history(competition),
        "may_decide": _may_decide(request, competition),
    }
    return TemplateResponse(request, "rewards/awards.html", context)


@enter(read=INSIDERS)
def awards_print(request, slug):
    """This function will show the list of flags and awards for signature, made for A4."""
    competition = get_competition_for(request.role, slug)
    context = _awards_context(request, competition, see_promotions=False)
    if context["outcome"] is None:
        return redirect("work_awards", slug=slug)
    crumbs = [("授旗与奖励", f"/work/{slug}/awards/"), ("授旗与奖励名单", None)]
    frame = work_frame(competition, "awards", *crumbs)
    return TemplateResponse(request, "rewards/awards_print.html", {**frame, **context})


@enter(read=INSIDERS)
def payments(request, slug):
    """This function will send the sums to be paid as a workbook, once nothing is open; a rehearsal
    pays nothing."""
    competition = get_competition_for(request.role, slug)
    if competition.is_rehearsal:
        messages.warning(request, "演练不计入成绩，也不发奖金，没有资金发放表。")
        return redirect("work_awards", slug=slug)
    tabulation, outcome, _problem = find_current(competition)
    if outcome is None or outcome.waiting or outcome.due or outcome.final.undecided:
        messages.warning(request, "奖励还有未决定或未核对的事项，资金发放表要等办结以后才能导出。")
        return redirect("work_awards", slug=slug)
    entries, arrangement = queries.find_entries(competition), arrange(request, competition)
    body = payment_workbook(competition, outcome, entries, arrangement)
    response = HttpResponse(body, content_type=XLSX_TYPE)
    name = f"{competition.slug}-payments-{tabulation.number}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def find_current(competition):
    """This function will return (latest tabulation, its DecidedOutcome, what is wrong with it).

    The outcome is None before a complete tabulation, and when the stored result does not follow
    from its own evidence.
    """
    tabulation = find_latest_tabulation(competition)
    if tabulation is None or not tabulation.complete:
        return tabulation, None, ""
    try:
        return tabulation, find_outcome(tabulation), ""
    except TabulationMismatch as error:
        return tabulation, None, str(error)


def _may_decide(request, competition):
    closed = competition.stage == competition.Stage.CLOSED
    return request.role.kind is RoleKind.ORGANISER and not closed


def arrange(request, competition):
    """This function will return how a page of flags and awards is arranged: by place, unless the
    address says otherwise."""
    return arrange_entries(request, competition, default="place", orders=BY_PLACE)


def _awards_context(request, competition, *, see_promotions):
    tabulation, outcome, problem = find_current(competition)
    context = {"tabulation": tabulation, "outcome": outcome, "problem": problem}
    if outcome is None:
        return context
    context["due"] = say_due(outcome.due) if outcome.due else ""
    entries = queries.find_entries(competition)
    changes = changes_of(outcome.decision) if outcome.decision else []
    scheme, final = outcome.scheme, outcome.final
    sections = queries.award_sections(scheme, outcome.computed, final, entries, changes)
    arrangement = arrange(request, competition)
    queries.arrange_sections(sections, entries, arrangement)
    flags = queries.flag_cards(scheme, final, entries)
    return {
        **context,
        "arrangement": arrangement,
        "flags": queries.arrange_flags(flags, entries, arrangement),
        "boundaries": queries.open_boundaries(scheme, final, entries),
        "sections": sections,
        "winners": sum(len(section.holders) for section in sections),
        "promotions": queries.promotion_rows(final, entries, arrangement) if see_promotions else [],
        "see_promotions": see_promotions and any(section.promotion for section in sections),
    }
