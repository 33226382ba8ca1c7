"""Party secretaries: terms of office with their history, a change of secretary, an import."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access, actions
from competitions.forms.terms import ConfirmTermsForm, NewTermForm, SettleChangeForm, TermForm
from competitions.gates import enter
from competitions.models import Checked, Competition, PartySecretary, TermChange, Unit
from competitions.orders import arrange_entries
from competitions.queries import work_frame
from competitions.queries.term_import import COLUMNS, plan_import, read_rows
from competitions.queries.terms import describe_change, find_term_changes, find_terms
from competitions.roles import INSIDERS, RoleKind
from competitions.sheets import XLSX_TYPE, write_xlsx
from competitions.views.sheet_import import SheetImport

ORGANISER = {RoleKind.ORGANISER}


def _frame(competition, *crumbs):
    own = reverse("work_secretaries", args=[competition.slug]) if crumbs else None
    units = ("参评单位", reverse("work_entrants", args=[competition.slug]))
    return work_frame(competition, "entrants", units, (competition.office, own), *crumbs)


@enter(read=INSIDERS)
def secretaries(request, slug):
    """This function will list the terms of office of every entrant, and who counts in the year."""
    competition = access.get_competition_for(request.role, slug)
    arrangement = arrange_entries(request, competition)
    units = arrangement.sort(find_terms(competition), of=lambda row: row[0])
    frame = _frame(competition)
    scheme = frame["scheme"]
    context = {
        **frame,
        "units": units,
        "waiting": find_term_changes(competition),
        "arrangement": arrangement,
        "missing": sum(1 for _, lines in units if not any(line.share for line in lines)),
        "track": next(
            (t for t in (scheme.tracks if scheme else ()) if t.subject == "secretary"), None
        ),
        "may_change": access.may_change(request.role, competition),
    }
    return TemplateResponse(request, "competitions/secretaries.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def secretary_add(request, slug):
    """This function will record a new secretary, ending the former one's term in the same step."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    units = Unit.objects.filter(entries__competition=competition, entries__subject="unit")
    form = NewTermForm(
        request.POST if request.method == "POST" else None,
        competition=competition,
        units=units.in_official_order(),
        initial={"unit": request.GET.get("unit"), "ends_former": True},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        term = form.run(
            actions.record_term,
            competition=competition,
            unit=data["unit"],
            person=form.person,
            since=data["since"],
            until=data["until"],
            acting=data["acting"],
            ends_former=data["ends_former"],
            reason=data["reason"],
            by=request.user.person,
            now=timezone.now(),
        )
        if isinstance(term, TermChange):
            return _proposed(request, term)
        if term:
            messages.success(
                request, f"已登记{term.unit.name}{term.unit.office}{term.person.name}。"
            )
            return redirect("work_secretaries", slug)
    context = {**_frame(competition, ("登记任职", None)), "form": form}
    return TemplateResponse(request, "competitions/secretary_add.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def secretary_term(request, slug, term_id):
    """This function will correct the dates of a term that is on record."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    terms = PartySecretary.objects.filter(unit__entries__competition=competition)
    term = terms.select_related("person", "unit").filter(pk=term_id).first()
    if term is None:
        raise Http404("没有这段任职经历。")
    initial = {"since": term.since, "until": term.until, "acting": term.acting}
    form = TermForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        saved = form.run(
            actions.record_term,
            competition=competition,
            unit=term.unit,
            person=term.person,
            term=term,
            since=data["since"],
            until=data["until"],
            acting=data["acting"],
            reason=data["reason"],
            by=request.user.person,
            now=timezone.now(),
        )
        if isinstance(saved, TermChange):
            return _proposed(request, saved)
        if saved:
            messages.success(request, f"已更正{saved.person.name}的任期。")
            return redirect("work_secretaries", slug)
    name = f"{term.unit.name}{term.person.name}"
    context = {**_frame(competition, (name, None)), "form": form, "term": term}
    return TemplateResponse(request, "competitions/secretary_term.html", context)


def _proposed(request, change):
    messages.warning(request, "已提出任期变更，等候另一位工作人员确认；确认以前照原来的任期统分。")
    return redirect("work_term_change", change.competition.slug, change.id)


@enter(read=INSIDERS, write=ORGANISER)
def term_change(request, slug, change_id):
    """This function will show a proposed change of a term, to be confirmed or returned."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    changes = TermChange.objects.with_names().select_related("verified_by", "term__person")
    change = changes.filter(competition=competition, pk=change_id).first()
    if change is None:
        raise Http404("没有这项任期变更。")
    form = SettleChangeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        call = {"change": change, "by": request.user.person, "now": timezone.now()}
        if form.cleaned_data["do"] == "verify":
            done = form.run(actions.verify_term_change, **call)
        else:
            done = form.run(actions.return_term_change, reason=form.cleaned_data["reason"], **call)
        if done:
            confirmed = done.state == Checked.State.VERIFIED
            said = "已确认，任期变更生效。" if confirmed else "已退回，任期不变。"
            messages.success(request, said)
            return redirect("work_secretaries", slug)
    context = {
        **_frame(competition, (f"任期变更 · {change.unit.name}{change.person.name}", None)),
        "change": change,
        "facts": describe_change(change),
        "form": form,
        "own": change.entered_by_id == request.user.person.id,
        "may_settle": (
            request.role.kind in ORGANISER
            and change.state == Checked.State.ENTERED
            and competition.stage != Competition.Stage.CLOSED
        ),
    }
    return TemplateResponse(request, "competitions/term_change.html", context)


def _said(done):
    recorded, waiting = done
    texts = [f"已登记 {recorded} 段任职经历。"] if recorded else []
    if waiting:
        texts.append(f"{waiting} 项任期变更等候另一位工作人员确认，确认以前照原来的任期统分。")
    return "".join(texts)


TERMS = SheetImport(
    name="terms",
    read=read_rows,
    plan=plan_import,
    act=actions.import_terms,
    say=_said,
    confirm=ConfirmTermsForm,
    asks=("reason",),
    template="competitions/secretaries_import.html",
    back="work_secretaries",
)


@enter(read=ORGANISER, write=ORGANISER)
def secretaries_import(request, slug):
    """This function will preview terms from a sheet, and record them once they are confirmed."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    return TERMS.answer(request, competition, _frame(competition, ("粘贴或上传", None)))


@enter(read=INSIDERS)
def secretaries_template(request, slug):
    """This function will give the terms of office as a spreadsheet, in the chosen order."""
    competition = access.get_competition_for(request.role, slug)
    rows = []
    arrangement = arrange_entries(request, competition)
    for entry, lines in arrangement.sort(find_terms(competition), of=lambda row: row[0]):
        known = [
            {
                "unit": entry.unit.name,
                "name": line.term.person.name,
                "since": line.term.since,
                "until": line.term.until,
                "acting": "是" if line.term.acting else "否",
                "post": line.term.person.post,
            }
            for line in lines
        ]
        rows += known or [{"unit": entry.unit.name}]
    title, notice = f"{competition.title} {competition.office}任职", competition.mark
    content = write_xlsx(COLUMNS, rows, title=title, notice=notice)
    response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="secretaries-{slug}.xlsx"'
    return response
