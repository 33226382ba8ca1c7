"""The draw: announced, drawn, printed; and calling a live event off."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from arena.access import get_panel_for
from arena.actions.draw import announce_draw, append_turns, call_off, draw_order
from arena.forms.stage import AnnounceForm, CallOffForm, DrawForm, StepForm
from arena.models import Event
from arena.queries.draws import find_announced, find_draws
from arena.queries.paper import has_papers
from arena.queries.stage import find_entrants, find_event, find_unplaced, load_live
from arena.stage.draw import draw_lots, powershell_command
from competitions.gates import enter
from competitions.models import Competition, Entry
from competitions.queries import work_frame
from competitions.roles import INSIDERS, STAFF


@enter(read=INSIDERS, write=STAFF)
def draw(request, slug, round_key):
    """This function will show the draw of a round; take its announcement, then its result."""
    panel = get_panel_for(request.role, slug, round_key, change=request.method == "POST")
    event = find_event(panel.competition, round_key)
    posted = request.POST if request.method == "POST" else None
    form = _form(panel, event, posted)
    if posted is not None and form.is_valid():
        try:
            _save(request, panel, event, form)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(request.path)
    context = {**draw_frame(request, panel, event, ("抽签", None)), "form": form}
    drawn = context["live"] is not None and context["live"].drawn
    context["has_papers"] = drawn and not context["begun"] and has_papers(event)
    return TemplateResponse(request, "arena/draw.html", context)


@enter(read=INSIDERS)
def draw_print(request, slug, round_key):
    """This function will print the result of the draw with what anybody needs to check it; before
    the draw its announcement, which fixes the method and everybody's key beforehand."""
    panel = get_panel_for(request.role, slug, round_key)
    event = find_event(panel.competition, round_key)
    if event is None:
        raise Http404("还没有公布抽签办法。")
    context = draw_frame(request, panel, event, (_print_title(event), None))
    context["doc"] = _print_title(event)
    drawn = _count_drawn(context["draws"])
    appended = context["live"].drawn_rows[drawn:] if drawn else []
    context["appended"] = [row.entry.heading for row in appended]
    if context["lots"]:
        context["powershell"] = powershell_command(event.seed, sorted(context["lots"]))
    return TemplateResponse(request, "arena/draw_print.html", context)


def _print_title(event):
    return "抽签结果" if event.drawn_at else "抽签公告"


@enter(write=STAFF)
def append(request, slug, round_key):
    """This function will put those who came after the draw at the end of the order."""
    panel = get_panel_for(request.role, slug, round_key, change=True)
    event = find_event(panel.competition, round_key)
    if event is None:
        raise Http404("本环节没有开设现场。")
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            append_turns(
                event=event, by=request.user.person, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, "已补入登台顺序，排在最后。")
    else:
        messages.error(request, "没有补入：页面内容不完整，请刷新页面后再操作。")
    return redirect("work_arena", slug, round_key)


@enter(read=STAFF, write=STAFF)
def off(request, slug, round_key):
    """This function will ask once, with a reason, and call the live event off."""
    panel = get_panel_for(request.role, slug, round_key, change=True)
    event = find_event(panel.competition, round_key)
    if event is None:
        raise Http404("本环节没有开设现场。")
    form = CallOffForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            call_off(event=event, by=request.user.person, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "现场已经取消，本环节改为不分先后打分。")
            return redirect("work_arena", slug, round_key)
    context = {
        **draw_frame(request, panel, event, ("取消现场", None)),
        "form": form,
        "question": "取消擂台现场？",
        "consequence": (
            "取消以后，评委不再按登台顺序打分，大屏不再更新；"
            "已有的打分和记录都保留，已关闭打分的单位再交的算迟到。"
        ),
        "verb": "取消现场",
        "back_url": reverse("work_arena", args=[slug, round_key]),
    }
    return TemplateResponse(request, "components/confirm.html", context)


def draw_frame(request, panel, event, *crumbs):
    """This function will return what every page of a live event shows around its content."""
    competition = panel.competition
    own = reverse("work_arena", args=[competition.slug, panel.round.key])
    live = load_live(event, panel) if event else None
    draws = find_draws(event) if event else []
    entrants, lots, listed = find_entrants(panel), {}, {}
    if live and event.method == Event.Method.SEED:
        listed = _name_announced(event, entrants)
    if live and live.drawn and listed:
        # Who was put last after the draw had no lot in it, though the announcement named him.
        rows = live.drawn_rows[: _count_drawn(draws)]
        keys = [row.entry.key for row in rows if row.entry.key in listed]
        lots = {lot.key: lot for lot in draw_lots(event.seed, keys)}
    running = competition.stage == Competition.Stage.RUNNING
    return {
        **work_frame(
            competition, f"live-{panel.round.key}", (f"{panel.round.title}现场", own), *crumbs
        ),
        "panel": panel,
        "round": panel.round,
        "event": event,
        "live": live,
        "lots": lots,
        "draws": draws,
        "entrants": list((listed or entrants).values()),
        "added": [entry for key, entry in entrants.items() if listed and key not in listed],
        "gone": [entry for key, entry in listed.items() if key not in entrants],
        "may_write": request.role.kind in STAFF and running,
        "unplaced": find_unplaced(live) if live else [],
        "begun": live is not None and any(row.state != "waiting" for row in live.rows),
    }


def _count_drawn(draws):
    """How many the draw in force put in order; the numbers behind it were appended."""
    return len(draws[-1].order) if draws else 0


def _name_announced(event, entrants):
    """{key: Entry} of the announcement, those who have withdrawn since among them."""
    keys = find_announced(event)
    if left := [key for key in keys if key not in entrants]:
        rows = Entry.objects.filter(competition=event.competition, key__in=left).with_subjects()
        entrants = entrants | {entry.key: entry for entry in rows}
    return {key: entrants[key] for key in keys if key in entrants}


def _form(panel, event, posted):
    if event is None:
        return AnnounceForm(posted)
    return DrawForm(posted, event=event, entries=list(find_entrants(panel).values()))


def _save(request, panel, event, form):
    act = {"op": form.cleaned_data["op"], "by": request.user.person, "now": timezone.now()}
    data = form.cleaned_data
    if event is None:
        said = {"method": data["method"], "source": data["source"]}
        announce_draw(competition=panel.competition, round_key=panel.round.key, **said, **act)
        messages.success(
            request, "抽签办法已记录。请打印抽签公告张贴，等种子公布或摸签以后录入结果。"
        )
        return
    said = {"seed": data.get("seed", ""), "order": form.order, "reason": data.get("reason", "")}
    draw_order(event=event, step=data["step"], **said, **act)
    messages.success(request, "抽签结果已经记录，请打印公布。")
