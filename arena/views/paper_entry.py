"""A clerk's page: type or scan the serial, then the marks, without seeing the other clerk's."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from arena.access import get_panel_for
from arena.actions.paper_entry import AGREED, DIFFERS, enter_paper
from arena.feed.reading import last_number
from arena.feed.telling import channel_of
from arena.forms.paper import PaperSheetForm, SerialForm
from arena.queries.paper import load_register
from arena.queries.readings import find_differences, find_own_marks, find_waiting
from arena.queries.stage import find_event
from arena.telling import CONSOLE
from arena.views.draw import draw_frame
from competitions.gates import enter
from competitions.roles import STAFF
from scoring.actions.sheet_rules import MarksRefused
from scoring.queries.progress import find_progress
from scoring.views.sheets import refuse_to_type_while_marking


@enter(read=STAFF, write=STAFF)
def entry(request, slug, round_key):
    """This function will take one person's reading of a numbered sheet, first or second."""
    posts = request.method == "POST"
    panel = get_panel_for(request.role, slug, round_key, change=posts)
    after = last_number(channel_of(panel.competition, round_key, CONSOLE))
    event = find_event(panel.competition, round_key)
    if event is None or event.drawn_at is None:
        raise Http404("本环节没有开设现场，或者还没有抽签。")
    refuse_to_type_while_marking(request, find_progress(panel))
    asked = request.POST if posts else request.GET
    serial_form = SerialForm(asked if "serial" in asked else None, event=event)
    paper = serial_form.paper if serial_form.is_bound and serial_form.is_valid() else None
    form = _form(request, panel, paper) if paper else None
    if posts and form is not None and form.is_valid() and _save(request, event, paper, form):
        return redirect("work_arena_paper_entry", slug, round_key)
    own = reverse("work_arena_paper", args=[slug, round_key])
    frame = draw_frame(request, panel, event, ("纸质评分表", own), ("录入", None))
    register = load_register(frame["live"])
    person = request.user.person
    differences = find_differences(frame["live"], register, person)
    mine = [item.paper.pk for item in differences]
    context = {
        **frame,
        "after": after,
        "serial_form": serial_form,
        "paper": paper,
        "row": next((row for row in register.rows if paper and row.paper.pk == paper.pk), None),
        "form": form,
        "register": register,
        "person": person,
        "shown": [item for item in differences if item.paper == paper],
        "listed": [item for item in differences if item.paper != paper],
        "others": [
            row for row in register.valid if row.state == "differs" and row.paper.pk not in mine
        ],
        "for_me": _once(register, lambda first: first != person.id),
        "for_others": _once(register, lambda first: first == person.id),
    }
    return TemplateResponse(request, "arena/paper_entry.html", context)


def _form(request, panel, paper):
    """The lines that wait, with what this person typed before; None when nothing waits."""
    lines = [line for line, row in find_waiting(panel, paper)]
    posted = request.POST if request.method == "POST" else None
    if posted is not None:
        # What was typed goes to the action even if two have agreed on it meanwhile.
        lines = [
            line
            for line in panel.lines
            if line.bundle == paper.entry.key
            and (line in lines or any(name.startswith(_prefix(line)) for name in posted))
        ]
    if not lines:
        return None
    marks = find_own_marks(panel, paper, request.user.person) if posted is None else {}
    return PaperSheetForm(posted, lines=lines, marks=marks)


def _prefix(line):
    return f"m.{line.entry.key}.{line.site_key}."


def _save(request, event, paper, form):
    try:
        reading = enter_paper(
            event=event,
            serial=paper.serial,
            sheets=form.cleaned_data["sheets"],
            op=form.cleaned_data["op"],
            by=request.user.person,
            now=timezone.now(),
        )
    except MarksRefused as refused:
        form.add_problems(refused.problems)
    except ValidationError as error:
        form.add_error(None, error)
    else:
        _say(request, reading)
        return True
    return False


def _say(request, reading):
    paper = reading.paper
    what = f"{paper.shown}（{paper.judge.number} 号评委，{paper.entry.heading}）"
    if reading.outcome == AGREED:
        messages.success(request, f"{what}：两次录入一致，已计入。")
    elif reading.outcome == DIFFERS:
        messages.warning(request, f"{what}：两次录入不一致，还不计入，请对照原件。")
    else:
        messages.info(request, f"{what}：已录入，等待另一人照原件录入。")


def _once(register, chosen):
    return [row for row in register.valid if row.state == "once" and chosen(row.first_by)]
