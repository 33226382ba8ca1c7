"""The rules: to read, to print, to replace while they are a draft, and to publish."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access, actions
from competitions.forms.rules import PublishForm, SchemeForm
from competitions.gates import enter
from competitions.models import Competition, SchemeVersion
from competitions.queries import pending_scheme_version, work_frame
from competitions.queries.drafts import find_approval_refusals, working_draft
from competitions.queries.readiness import find_blank_obstacles, find_obstacles
from competitions.queries.rulebook import lay_out_rules
from competitions.roles import INSIDERS, RoleKind
from competitions.scheme.write import to_document, to_toml

ORGANISER = {RoleKind.ORGANISER}


def _frame(competition, *crumbs):
    """The frame of a page about the rules; 404 when there are none."""
    own = reverse("work_rules", args=[competition.slug]) if crumbs else None
    frame = work_frame(competition, "rules", ("规则", own), *crumbs)
    if frame["scheme"] is None:
        raise Http404("还没有规则。")
    return frame


@enter(read=INSIDERS)
def rules(request, slug):
    """This function will show the rules as a page to read."""
    competition = access.get_competition_for(request.role, slug)
    frame = _frame(competition)
    context = {
        **frame,
        "rulebook": lay_out_rules(frame["scheme"]),
        "may_change": access.may_change(request.role, competition),
        "pending": pending_scheme_version(competition),
    }
    return TemplateResponse(request, "competitions/rules.html", context)


@enter(read=INSIDERS)
def rules_print(request, slug):
    """This function will show the rules as a document on A4."""
    competition = access.get_competition_for(request.role, slug)
    frame = _frame(competition, ("打印", None))
    context = {**frame, "rulebook": lay_out_rules(frame["scheme"])}
    return TemplateResponse(request, "competitions/rules_print.html", context)


@enter(read=INSIDERS)
def rules_toml(request, slug):
    """This function will give the rules in force, or the draft, as TOML."""
    competition = access.get_competition_for(request.role, slug)
    frame = _frame(competition)
    text = to_toml(frame["scheme"])
    if competition.mark:
        text = f"# {competition.mark}\n{text}"
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    number = frame["scheme_version"].number
    response["Content-Disposition"] = f'attachment; filename="{slug}-rules-{number}.toml"'
    return response


@enter(read=ORGANISER, write=ORGANISER, kept=True)
def rules_draft(request, slug):
    """This function will replace the draft by a whole scheme; nothing after publication."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    frame, draft = _frame(competition, ("导入文本", None)), working_draft(competition)
    posted = request.method == "POST"
    form = SchemeForm(
        request.POST if posted else None,
        files=request.FILES if posted else None,
        initial={"digest": frame["scheme_version"].digest, "revision": draft.revision},
    )
    frozen = competition.stage != Competition.Stage.DRAFT
    if posted and form.is_valid():
        document, version = to_document(form.scheme), frame["scheme_version"]
        if not frozen and not form.repeated and document == draft.document == version.document:
            # An approval of it stands.
            messages.info(request, f"与规则草稿第 {version.number} 版没有不同，没有另存。")
            return redirect("work_rules", slug)
        version = form.run(
            actions.draft_scheme,
            competition=competition,
            scheme=form.scheme,
            digest=form.cleaned_data["digest"],
            revision=form.cleaned_data["revision"],
            by=request.user.person,
            now=timezone.now(),
        )
        if version:
            messages.success(
                request,
                f"已保存规则草稿第 {version.number} 版，请另一位工作人员通读并审定，然后公布。",
            )
            return redirect("work_rules", slug)
        if form.newer is not None:
            form.catch_up(frame["scheme_version"].digest, draft.revision)
    context = {**frame, "form": form, "frozen": frozen, "draft": draft}
    return TemplateResponse(request, "competitions/rules_draft.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def rules_approve(request, slug):
    """This function will let a second person approve the version that is published next."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    frame = _frame(competition, ("审定规则", None))
    version, scheme = frame["scheme_version"], frame["scheme"]
    form = PublishForm(
        request.POST if request.method == "POST" else None, initial={"digest": version.digest}
    )
    if request.method == "POST" and form.is_valid():
        approved = form.run(
            actions.approve_scheme,
            competition=competition,
            digest=form.cleaned_data["digest"],
            by=request.user.person,
            now=timezone.now(),
        )
        if approved:
            messages.success(request, f"规则第 {version.number} 版已审定，可以公布。")
            return redirect("work_rules", slug)
    if version.state != SchemeVersion.State.DRAFT or version.approved_by_id:
        return redirect("work_rules", slug)
    refusals = find_blank_obstacles(version.document)
    refusals += find_approval_refusals(version, request.user.person)
    context = {
        **frame,
        "form": form,
        "blocked": [] if form.is_bound else refusals,
        "question": "审定规则？",
        "consequence": "审定表示您已经通读全文，认为可以公布。审定以后如再修改，须重新定稿和审定。",
        "facts": [
            ("规则", f"{scheme.title}（第 {version.number} 版）"),
            ("定稿", version.written_by.name),
            ("榜单", "、".join(track.title for track in scheme.tracks)),
            ("规则指纹", version.digest[:16]),
        ],
        "links": [
            ("通读要审定的规则", reverse("work_rules", args=[slug])),
            ("打开规则编辑器", reverse("work_scheme", args=[slug])),
        ],
        "assumptions": scheme.assumptions,
        "verb": "审定规则",
        "undoable": True,
        "back_url": reverse("work_rules", args=[slug]),
    }
    return TemplateResponse(request, "competitions/confirm.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def rules_publish(request, slug):
    """This function will publish the rules after asking once; from then on they are frozen."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    frame = _frame(competition, ("公布规则", None))
    version, scheme = frame["scheme_version"], frame["scheme"]
    form = PublishForm(
        request.POST if request.method == "POST" else None, initial={"digest": version.digest}
    )
    if request.method == "POST" and form.is_valid():
        published = form.run(
            actions.publish_scheme,
            competition=competition,
            digest=form.cleaned_data["digest"],
            by=request.user.person,
            now=timezone.now(),
        )
        if published:
            messages.success(request, "规则已公布，从现在起冻结；评委可以打分了。")
            return redirect("work_rules", slug)
    if competition.stage != Competition.Stage.DRAFT:
        return redirect("work_rules", slug)
    rounds = [f"{item.title}" for track in scheme.tracks for item in track.rounds]
    context = {
        **frame,
        "form": form,
        "blocked": find_obstacles(competition, version) if not form.is_bound else [],
        "question": "公布规则？",
        "consequence": "公布以后规则就冻结，打分从此开始。以后要改，须写明理由，另由一人审定；"
        "已有打分或数据的，还须有会议决定。",
        "facts": [
            ("规则", f"{scheme.title}（草稿第 {version.number} 版）"),
            ("榜单", "、".join(track.title for track in scheme.tracks)),
            ("环节", "、".join(rounds)),
            ("审定", version.approved_by.name if version.approved_by else "还没有审定"),
            ("规则指纹", version.digest[:16]),
        ],
        "links": [("打开规则编辑器", reverse("work_scheme", args=[slug]))],
        "verb": "公布规则",
        "back_url": reverse("work_rules", args=[slug]),
    }
    return TemplateResponse(request, "competitions/confirm.html", context)
