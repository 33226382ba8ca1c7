"""A round's values from a spreadsheet: the template, the preview, the confirmation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from competitions import access
from competitions.gates import enter
from competitions.orders import arrange_entries
from competitions.roles import INSIDERS, STAFF
from competitions.sheets import XLSX_TYPE
from scoring.actions.measurements import CellErrors, StaleCells, enter_measurements
from scoring.forms.measurement_import import ConfirmForm, SheetForm
from scoring.queries.measurement_sheets import read_sheet, write_template
from scoring.queries.vote_history import find_counted_votes
from scoring.views.measurements import difference, field_of, frame, load_round


@enter(read=INSIDERS)
def measurements_template(request, slug, round_key):
    """The table to fill in, with the entries in the chosen order and what is saved so far."""
    competition = access.get_competition_for(request.role, slug)
    measured = load_round(competition, round_key, arrange_entries(request, competition))
    name = f"{competition.title}-{measured.title}-填报表.xlsx"
    response = HttpResponse(write_template(measured), content_type=XLSX_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@enter(read=STAFF, write=STAFF)
def measurements_import(request, slug, round_key):
    """A table is handed in, its changes are shown, and saved only when confirmed."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    measured = load_round(competition, round_key)
    context = frame(request, competition, measured, ("导入表格", None))
    if request.method == "POST" and "changes" in request.POST:
        return _confirm(request, competition, measured, context)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    context["form"] = form
    if request.method == "POST" and form.is_valid():
        reading = read_sheet(measured, form.table())
        context["reading"] = reading
        if reading.values and not reading.problems:
            counted = find_counted_votes(competition, round_key)
            context["confirm"] = ConfirmForm.of(measured, reading.values, counted)
    return TemplateResponse(request, "scoring/measurements_import.html", context)


def _confirm(request, competition, measured, context):
    form = ConfirmForm(request.POST)
    counted = find_counted_votes(competition, measured.round.key)
    if form.is_valid():
        values, revisions = form.cleaned_data["changes"]
        try:
            revision = enter_measurements(
                competition=competition,
                round_key=measured.round.key,
                values=values,
                revisions=revisions,
                reason=form.cleaned_data["reason"],
                op=form.cleaned_data["op"],
                by=request.user.person,
                now=timezone.now(),
            )
        except CellErrors as error:
            for sentence in sorted(set(error.cells.values())):
                form.add_error(None, sentence)
        except StaleCells as error:
            measured = load_round(competition, measured.round.key)
            context["stale"] = [difference(cell) for cell in error.cells]
            context["confirm"] = ConfirmForm.of(measured, error.own, counted)
            context["form"] = SheetForm()
            return TemplateResponse(request, "scoring/measurements_import.html", context)
        except ValidationError as error:
            form.add_error(field_of(form, error), error)
            if "reason" in form.errors:
                # Only the reason lacks: the table need not be handed in again.
                context["confirm"] = form
        else:
            count = len(revision.facts["rows"]) if revision else 0
            messages.success(request, f"已导入 {count} 行，等候另一位工作人员核对。")
            return redirect("work_measurements", competition.slug, measured.round.key)
    context |= {"failed": form, "form": SheetForm()}
    return TemplateResponse(request, "scoring/measurements_import.html", context)
