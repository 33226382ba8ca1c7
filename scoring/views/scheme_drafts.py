"""Around the editor: what the rules begin from, the drafts before, and handing the draft in."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from competitions import actions
from competitions.forms.base import RevisionForm
from competitions.forms.rules import SubmitForm
from competitions.forms.scheme_start import StartForm
from competitions.gates import enter
from competitions.models import Competition
from competitions.queries import current_scheme_version, pending_scheme_version
from competitions.queries.drafts import (
    find_draft,
    find_drafts,
    find_earlier_rules,
    read_problems,
)
from competitions.queries.readiness import find_blank_obstacles
from competitions.queries.rulebook import lay_out_rules
from competitions.queries.scheme_outline import find_outline
from competitions.queries.state import has_evidence
from competitions.scheme.compare import compare_documents
from competitions.scheme.write import to_toml, write_draft
from scoring.views.scheme_editor import ORGANISER, frame_of, open_draft, say_frozen

PROBLEMS_SHOWN = 60


def frame_around(competition, draft, title):
    """This function will return the context of a page about the whole draft."""
    _, problems = read_problems(draft.document, draft.digest)
    outline = find_outline(draft.document, problems, "?")
    return frame_of(competition, draft, draft.document, outline, "", (title, None))


@enter(read=ORGANISER, write=ORGANISER)
def start(request, slug):
    """This function will begin the draft anew from what is chosen; the drafts before stay."""
    competition, draft = open_draft(request, slug)
    if draft is None:
        return say_frozen(request, slug)
    posted = request.method == "POST"
    form = StartForm(
        request.POST if posted else None,
        files=request.FILES if posted else None,
        initial={"revision": draft.revision},
        competition=competition,
        earlier=find_earlier_rules(competition),
    )
    if posted and form.is_valid():
        saved = form.run(
            actions.save_draft,
            competition=competition,
            document=form.document,
            what=form.what,
            revision=form.cleaned_data["revision"],
            by=request.user.person,
            now=timezone.now(),
        )
        if saved:
            if saved.revision == form.operation:
                said = f"{form.what}，已保存为第 {saved.number} 稿。"
                messages.success(request, said)
            else:
                messages.info(request, f"与第 {saved.number} 稿没有不同，没有另存新稿。")
            return redirect("work_scheme", slug)
    context = {**frame_around(competition, draft, "换个底稿"), "form": form}
    return TemplateResponse(request, "scoring/scheme_start.html", context)


@enter(read=ORGANISER)
def drafts(request, slug):
    """This function will list every draft that was saved."""
    competition, draft = open_draft(request, slug)
    if draft is None:
        return say_frozen(request, slug)
    context = {**frame_around(competition, draft, "历次草稿"), "drafts": find_drafts(competition)}
    return TemplateResponse(request, "scoring/scheme_drafts.html", context)


@enter(read=ORGANISER)
def draft_toml(request, slug):
    """This function will give the draft as it was last saved as TOML, also one that is still wrong:
    then it begins with what is to be changed, as comments."""
    competition, draft = open_draft(request, slug)
    if draft is None:
        return say_frozen(request, slug)
    scheme, problems = read_problems(draft.document, draft.digest)
    notes = [competition.mark] if competition.mark else []
    if problems:
        notes.append(
            f"第 {draft.number} 稿，还有 {len(problems)} 处要改，改好以前不能定稿，也不能导入："
        )
        notes += [" ".join(str(problem).split()) for problem in problems[:PROBLEMS_SHOWN]]
        left = len(problems) - PROBLEMS_SHOWN
        notes += [f"……其余 {left} 处改好这些以后再列出。"] if left > 0 else []
    text = write_draft(draft.document) if problems else to_toml(scheme)
    text = "".join(f"# {note}\n" for note in notes) + text
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    name = f"{slug}-draft-{draft.number}.toml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@enter(read=ORGANISER, write=ORGANISER)
def draft_page(request, slug, number):
    """This function will show what a draft changed, line by line, and go back to it if asked."""
    competition, draft = open_draft(request, slug)
    if draft is None:
        return say_frozen(request, slug)
    shown = find_draft(competition, number)
    if shown is None:
        raise Http404("没有这一稿。")
    form = RevisionForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        saved = form.run(
            actions.save_draft,
            competition=competition,
            document=shown.document,
            what=f"退回第 {number} 稿",
            revision=form.cleaned_data.get("revision"),
            by=request.user.person,
            now=timezone.now(),
        )
        if saved:
            messages.success(request, f"已退回第 {number} 稿，保存为第 {saved.number} 稿。")
            return redirect("work_scheme", slug)
    before = find_draft(competition, number - 1)
    context = {
        **frame_around(competition, draft, f"第 {number} 稿"),
        "form": form,
        "shown": shown,
        "before": before,
        "changes": compare_documents(before.document, shown.document) if before else [],
        "since": compare_documents(shown.document, draft.document),
        "op": uuid.uuid4(),
        "revision": draft.revision,
    }
    return TemplateResponse(request, "scoring/scheme_draft.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def submit(request, slug):
    """This function will show the draft as it would be published, and make it the version that is
    published next; a draft with problems is refused."""
    competition, draft = open_draft(request, slug)
    if draft is None:
        return say_frozen(request, slug)
    scheme, problems = read_problems(draft.document, draft.digest)
    version = current_scheme_version(competition)
    latest = pending_scheme_version(competition) or version
    form = SubmitForm(
        request.POST if request.method == "POST" else None,
        initial={"revision": draft.revision},
        published=competition.stage != Competition.Stage.DRAFT,
        decided=has_evidence(competition),
    )
    if request.method == "POST" and form.is_valid():
        if form.repeated:
            return redirect("work_rules", slug)
        if problems:
            form.add_error(None, f"草稿还有 {len(problems)} 处要改，改好以后才能定稿。")
        elif blanks := find_blank_obstacles(draft.document):
            form.add_error(None, blanks)
        elif form.cleaned_data["revision"] != draft.revision:
            form.add_error(None, "您通读以后又有人保存了新的一稿，没有定稿，请重新通读。")
        else:
            made = form.run(
                actions.draft_scheme,
                competition=competition,
                scheme=scheme,
                by=request.user.person,
                now=timezone.now(),
                digest=latest.digest,
                change=form.change,
                revision=draft.revision,
            )
            if made:
                messages.success(request, f"第 {draft.number} 稿已定为规则第 {made.number} 版。")
                return redirect("work_scheme_change" if form.change else "work_rules", slug)
    context = {
        **frame_around(competition, draft, "通读并定稿"),
        "form": form,
        "version": version,
        "changes": compare_documents(version.document, draft.document),
        "rulebook": None if problems else lay_out_rules(scheme),
    }
    return TemplateResponse(request, "scoring/scheme_submit.html", context)
