"""Numbered score sheets: the register, printing, voiding, and the list of originals."""

import csv
import io
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from arena.access import get_panel_for
from arena.actions.paper import issue_paper, print_paper, void_paper
from arena.feed.reading import last_number
from arena.feed.telling import channel_of
from arena.forms.paper import IssueForm, PrintForm, VoidForm
from arena.models import PaperSheet
from arena.queries.originals import COLUMNS, harmless, list_originals, originals_workbook
from arena.queries.paper import find_papers, find_unissued, load_originals, load_register
from arena.queries.printing import find_printing, lay_out
from arena.queries.stage import find_event
from arena.telling import CONSOLE
from arena.views.draw import draw_frame
from competitions.gates import enter
from competitions.roles import INSIDERS, STAFF
from competitions.sheets import XLSX_TYPE

STALE = "页面内容不完整，请刷新页面后再操作。"


@enter(read=INSIDERS)
def register(request, slug, round_key):
    """This function will show every numbered sheet with its state, never a mark."""
    panel = get_panel_for(request.role, slug, round_key)
    after = last_number(channel_of(panel.competition, round_key, CONSOLE))
    event = find_event(panel.competition, round_key)
    context = {**draw_frame(request, panel, event, ("纸质评分表", None)), "after": after}
    context["has_originals"] = PaperSheet.objects.filter(
        event__competition=panel.competition, event__round_key=round_key
    ).exists()
    live = context["live"]
    if live is not None and live.drawn:
        papers = load_register(live)
        context |= {
            "register": papers,
            "count": papers.count,
            "unissued": len(find_unissued(live)),
            "unprinted": sum(not row.paper.copies for row in papers.valid),
            "judges": list({row.paper.judge_id: row.paper.judge for row in papers.valid}.values()),
        }
    return TemplateResponse(request, "arena/paper.html", context)


@enter(write=STAFF)
def issue(request, slug, round_key):
    """This function will give numbers to the sheets that have none yet."""
    event = get_event(request, slug, round_key)
    form = IssueForm(request.POST)
    if not form.is_valid():
        messages.error(request, STALE)
    else:
        try:
            op, by = form.cleaned_data["op"], request.user.person
            papers = issue_paper(event=event, op=op, by=by, now=timezone.now())
        except ValidationError as error:
            messages.error(request, "".join(error.messages))
        else:
            messages.success(request, f"已编号 {len(papers)} 张，请打印后分发。")
    return redirect("work_arena_paper", slug, round_key)


@enter(read=INSIDERS, write=STAFF)
def printing(request, slug, round_key):
    """This function will log that sheets are printed, then show them as they are to be printed."""
    event = get_event(request, slug, round_key)
    if request.method == "POST":
        return _print(request, event)
    try:
        op = UUID(request.GET.get("printing", ""))
    except ValueError:
        raise Http404("没有这次打印。") from None
    found = find_printing(event, op)
    if found is None:
        raise Http404("没有这次打印。")
    panel = get_panel_for(request.role, slug, round_key)
    context = draw_frame(request, panel, event, ("纸质评分表", _own(event)), ("打印评分表", None))
    by_turn = request.GET.get("by") == "turn"
    context |= {
        "sheets": lay_out(context["live"], found, by_turn=by_turn),
        "by_turn": by_turn,
        "printing": op,
    }
    return TemplateResponse(request, "arena/paper_print.html", context)


@enter(read=INSIDERS)
def sheet(request, slug, round_key, serial):
    """This function will show one numbered sheet: its state and what became of it."""
    event = get_event(request, slug, round_key)
    paper = _paper(event, serial)
    panel = get_panel_for(request.role, slug, round_key)
    context = draw_frame(request, panel, event, ("纸质评分表", _own(event)), (paper.shown, None))
    rows = load_register(context["live"]).rows
    context["row"] = next(row for row in rows if row.paper.pk == paper.pk)
    return TemplateResponse(request, "arena/paper_sheet.html", context)


@enter(read=STAFF, write=STAFF)
def void(request, slug, round_key, serial):
    """This function will ask once, with a reason, and void a sheet."""
    event = get_event(request, slug, round_key, change=True)
    paper = _paper(event, serial)
    form = VoidForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _void, renewed = void_paper(
                event=event,
                serial=paper.serial,
                by=request.user.person,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            words = f"编号 {paper.shown} 已作废"
            words += f"，换发 {renewed.shown}，请打印。" if renewed else "。"
            messages.success(request, words)
            serial = (renewed or paper).serial
            return redirect("work_arena_paper_sheet", slug, round_key, serial)
    panel = get_panel_for(request.role, slug, round_key, change=True)
    back = reverse("work_arena_paper_sheet", args=[slug, round_key, paper.serial])
    context = {
        **draw_frame(
            request, panel, event, ("纸质评分表", _own(event)), (paper.shown, back), ("作废", None)
        ),
        "form": form,
        "question": f"作废评分表 {paper.shown}？",
        "consequence": "作废的编号不再录入；原件请写上“作废”留存，列入原件清单。",
        "facts": [("评委", f"{paper.judge.number} 号"), ("单位", paper.entry.heading)],
        "verb": "作废",
        "back_url": back,
    }
    return TemplateResponse(request, "components/confirm.html", context)


@enter(read=INSIDERS)
def originals(request, slug, round_key):
    """This function will print the list of originals for the archive, to be signed."""
    panel = get_panel_for(request.role, slug, round_key)
    event = find_event(panel.competition, round_key)
    own = reverse("work_arena_paper", args=[slug, round_key])
    context = draw_frame(request, panel, event, ("纸质评分表", own), ("原件清单", None))
    context["rows"] = rows = load_originals(panel)
    context["used"] = {
        word: sum(row.used == word for row in rows) for word in ("已用", "未用", "作废")
    }
    return TemplateResponse(request, "arena/paper_originals.html", context)


@enter(read=INSIDERS)
def originals_file(request, slug, round_key, ending):
    """This function will send the list of originals as a workbook, or as csv."""
    panel = get_panel_for(request.role, slug, round_key)
    rows = list_originals(load_originals(panel))
    if ending == "xlsx":
        answer = HttpResponse(originals_workbook(panel, rows), content_type=XLSX_TYPE)
    else:
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(column.title for column in COLUMNS)
        writer.writerows([harmless(row[column.key]) for column in COLUMNS] for row in rows)
        # The mark lets WPS and Excel read it as UTF-8.
        answer = HttpResponse(
            ("\ufeff" + stream.getvalue()).encode(), content_type="text/csv; charset=utf-8"
        )
    name = f"{slug}-{round_key}-originals.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def get_event(request, slug, round_key, *, change=None):
    """This function will return the round's live event after the draw, or raise Http404; with
    `change` (of a POST unless said) an auditor gets 403."""
    change = request.method == "POST" if change is None else change
    panel = get_panel_for(request.role, slug, round_key, change=change)
    event = find_event(panel.competition, round_key)
    if event is None or event.drawn_at is None:
        raise Http404("本环节没有开设现场，或者还没有抽签。")
    return event


def _print(request, event):
    here = [event.competition.slug, event.round_key]
    form = PrintForm(request.POST)
    if not form.is_valid():
        messages.error(request, STALE)
        return redirect("work_arena_paper", *here)
    data = form.cleaned_data
    papers = find_papers(event).filter(voided_at__isnull=True)
    if data["serial"]:
        serials = [data["serial"]]
    elif data["judge"]:
        serials = list(papers.filter(judge__key=data["judge"]).values_list("serial", flat=True))
    else:
        serials = list(papers.filter(copies=0).values_list("serial", flat=True))
    act = {"op": data["op"], "by": request.user.person, "now": timezone.now()}
    try:
        print_paper(event=event, serials=serials, **act)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
        return redirect("work_arena_paper", *here)
    address = reverse("work_arena_paper_print", args=here)
    return redirect(f"{address}?printing={data['op']}")


def _paper(event, serial):
    paper = find_papers(event).filter(serial=serial).first()
    if paper is None:
        raise Http404("本场没有这个编号的评分表。")
    return paper


def _own(event):
    return reverse("work_arena_paper", args=[event.competition.slug, event.round_key])
