"""Writing the rules in the browser: one page for each part, one engine for all of them.

These pages stand in this app and not beside the other pages of the rules because a worked example
is computed by scoring.rules.
"""

import dataclasses
import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import actions
from competitions.access import get_competition_for
from competitions.forms.base import RevisionForm
from competitions.forms.scheme_part import PartForm
from competitions.forms.scheme_reading import press_button, read_posted
from competitions.gates import enter
from competitions.models import Competition
from competitions.queries import work_frame
from competitions.queries.drafts import read_problems, working_draft
from competitions.queries.scheme_outline import find_outline, list_rows
from competitions.roles import RoleKind
from competitions.scheme.compare import compare_tables, find_titles
from competitions.scheme.draft import change_list, keys_in, read_draft
from competitions.scheme.fields import specs
from competitions.scheme.places import find_spot, follow_spot, name_place
from competitions.scheme.types import Criterion, Round
from scoring.queries.overtime_example import work_overtime_example
from scoring.queries.worked_example import work_example

ORGANISER = {RoleKind.ORGANISER}
COMMANDS = {"add": "新增", "up": "上移", "down": "下移", "copy": "复制", "delete": "删除"}


def open_draft(request, slug):
    """This function will return (competition, draft) for the organiser.

    The draft is None in the archive. Without rules it raises 404.
    """
    competition = get_competition_for(request.role, slug, change=request.method == "POST")
    if competition.stage == Competition.Stage.CLOSED:
        return competition, None
    draft = working_draft(competition)
    if draft is None:
        raise Http404("还没有规则。")
    return competition, draft


def say_frozen(request, slug):
    """This function will lead back to the rules and say why they cannot be edited."""
    messages.warning(request, "该比武已经归档，规则不能再修改。")
    return redirect("work_rules", slug)


def address_of(slug, at):
    """This function will return the URL of a page of the editor."""
    return (
        reverse("work_scheme_part", args=[slug, at]) if at else reverse("work_scheme", args=[slug])
    )


@enter(read=ORGANISER, write=ORGANISER, kept=True)
def part(request, slug, at=""):
    """This function will show one part of the draft as a form or a list, and save it."""
    competition, draft = open_draft(request, slug)
    if draft is None:
        return say_frozen(request, slug)
    try:
        spot = follow_spot(draft.document, at, request.POST.get("was", ""))
    except KeyError:
        messages.error(request, "要看的这一项已经移走或删除，没有保存，请从目录里重新打开。")
        return redirect(address_of(slug, ""))
    if spot.listed:
        return _list(request, competition, draft, spot)
    return _form(request, competition, draft, spot)


def _form(request, competition, draft, spot):
    posted = request.POST if request.method == "POST" else None
    document, revision, op, do = draft.document, draft.revision, None, ""
    before = spot.table
    given = {}
    if posted is not None:
        table = read_posted(spot, posted, document)
        do = posted.get("do", "save")
        if ":" in do:
            try:
                press_button(spot.cls, table, document, do)
            except (KeyError, ValueError, IndexError, TypeError, AttributeError):
                raise Http404("没有这个按钮。") from None
        document = put_table(document, spot.path, table)
        spot = dataclasses.replace(spot, table=table)
        revision, op = posted.get("revision"), posted.get("op")
        given = {name[7:]: value for name, value in posted.items() if name.startswith("sample.")}
    if posted is None:
        _, problems = read_problems(document, draft.digest)
    else:
        _, problems = read_draft(document)
    outline = find_outline(document, problems, spot.address)
    was = posted.get("was") if posted is not None else None
    form = PartForm(spot, document, revision=revision, op=op, problems=outline.here, was=was)
    stale = []
    if do == "save" and form.is_bound:
        changes = compare_tables(spot.cls, before, spot.table, find_titles(document))
        if not changes:
            messages.info(request, "没有改动，不必保存。")
            return redirect(address_of(competition.slug, spot.address))
        saved = form.run(
            actions.save_draft,
            competition=competition,
            document=document,
            what=_what(document, spot, changes),
            revision=form.cleaned_data.get("revision"),
            by=request.user.person,
            now=timezone.now(),
        )
        if saved:
            messages.success(request, f"已保存为第 {saved.number} 稿。")
            return redirect(address_of(competition.slug, spot.address))
        if form.newer:
            form.catch_up()
            stale = [{"label": c.where, "left": c.new, "right": c.old} for c in changes]
    context = {
        "form": form,
        "stale": stale,
        "do": do,
        **_example(document, spot, given),
    }
    if request.headers.get("X-Fragment") == "example":
        return TemplateResponse(request, "scoring/_scheme_sentence.html", context)
    if request.headers.get("X-Fragment") == "form":
        return TemplateResponse(request, "scoring/_scheme_form.html", context)
    context |= frame_of(competition, draft, document, outline, spot.address)
    return TemplateResponse(request, "scoring/scheme_part.html", context)


def put_table(document, path, table):
    """This function will return the document with a table in the place of a path; what is not on
    the way is shared with the old one."""
    if not path:
        return table
    token, *rest = path
    copied = list(document) if isinstance(document, list) else dict(document)
    copied[token] = put_table(document[token], rest, table)
    return copied


def _what(document, spot, changes):
    title = "·".join(name_place(document, spot.address)) or "基本信息"
    said = "；".join(
        c.where + (f" {c.old}→{c.new}" if len(c.old + c.new) < 40 else "") for c in changes
    )
    words = f"{title}：{said}"
    return words if len(words) <= 120 else words[:119] + "…"


def _example(document, spot, given):
    if spot.cls is Round and (spot.table.get("event") or {}).get("overtime"):
        return {"example": work_overtime_example(document, spot.table, given)}
    if spot.cls is not Criterion:
        return {}
    return {"example": work_example(document, spot.path, spot.table, given)}


def frame_of(competition, draft, document, outline, at, *crumbs):
    """This function will return what every page of the editor shows around its content."""
    slug = competition.slug
    words = name_place(document, at)
    own = crumbs or [(words[-1] if words else "编辑草稿", None)]
    up = [] if not words and not crumbs else [("编辑草稿", address_of(slug, ""))]
    frame = work_frame(
        competition, "rules", ("规则", reverse("work_rules", args=[slug])), *up, *own
    )
    for leaf in outline.leaves:
        leaf.url = address_of(slug, leaf.address)
    return {
        **frame,
        "draft": draft,
        "at": at,
        "trail": words[:-1],
        "leaves": outline.leaves,
        "sums": [(item, address_of(slug, item.address)) for item in outline.sums],
        "problems": [
            (line, address_of(slug, line.address) + (f"#{line.anchor}" if line.anchor else ""))
            for line in outline.problems
        ],
    }


def _list(request, competition, draft, spot):
    document, slug = draft.document, competition.slug
    cls = specs(spot.cls)[spot.listed][0].of[0]
    form = None
    if request.method == "POST":
        form = RevisionForm(request.POST)
        if form.is_valid():
            done = _change(request, competition, draft, spot, cls, form)
            if done is not None:
                return done
    _, problems = read_problems(draft.document, draft.digest)
    outline = find_outline(document, problems, spot.address)
    rows = list_rows(spot, outline)
    for row in rows:
        row["url"] = address_of(slug, row["address"])
    context = {
        **frame_of(competition, draft, document, outline, spot.address),
        "form": form,
        "rows": rows,
        "label": specs(spot.cls)[spot.listed][0].label,
        "op": uuid.uuid4(),
        "revision": draft.revision,
        "here": [message for messages in outline.here.values() for message in messages],
    }
    return TemplateResponse(request, "scoring/scheme_list.html", context)


def _change(request, competition, draft, spot, cls, form):
    """Do what a button of a list says; a redirect, or None when it was refused."""
    command, _, index = request.POST.get("do", "").partition(":")
    items = list(spot.table.get(spot.listed) or [])
    index = int(index) if index.isdecimal() else 0
    fresh = form.cleaned_data.get("revision") == draft.revision
    if command not in COMMANDS or (fresh and command != "add" and index >= len(items)):
        raise Http404("没有这个按钮。")
    label = specs(spot.cls)[spot.listed][0].label
    title = ""
    if fresh:
        title = items[index].get("title", "") if command != "add" else ""
        change_list(items, cls, command, index, keys_in(draft.document))
    document = put_table(draft.document, spot.path, {**spot.table, spot.listed: items})
    what = f"{COMMANDS[command]}{label}" + (f"「{title}」" if title else "")
    saved = form.run(
        actions.save_draft,
        competition=competition,
        document=document,
        what=what,
        revision=form.cleaned_data.get("revision"),
        by=request.user.person,
        now=timezone.now(),
    )
    if not saved:
        return None
    messages.success(request, f"{what}，已保存为第 {saved.number} 稿。")
    at = spot.address
    if command == "add":
        at += f".{len(find_spot(saved.document, at).table[spot.listed]) - 1}"
    return redirect(address_of(competition.slug, at))
