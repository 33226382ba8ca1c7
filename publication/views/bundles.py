"""Whole bundles 卷宗 in the browser: one out for the archive, one in from another installation."""

import tempfile

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.roles import RoleKind
from publication.bundle.problems import BundleError
from publication.bundle.read import read_bundle
from publication.bundles import export_bundle
from publication.carried import table_titles
from publication.forms import BundleForm, ConfirmBundleForm
from publication.import_plan import ImportPlan, plan_import
from publication.importing import import_bundle
from publication.uploads import drop_upload, keep_upload, open_upload
from scoring.queries.progress import find_being_marked
from scoring.views.sheets import refuse_before_own_marks

ORGANISER = {RoleKind.ORGANISER}
COLLECTED = "要等打分关闭、评分表收齐以后才能导出"


@enter(read=ORGANISER)
def work_bundle(request, slug):
    """This function will give the whole competition as a bundle, for the office's own archive; not
    while something is being marked: all marks are in it."""
    competition = get_competition_for(request.role, slug)
    refuse_before_own_marks(request, competition)
    if open_ := find_being_marked(competition):
        messages.error(request, f"没有导出：{''.join(open_)}卷宗里有每位评委的打分，{COLLECTED}。")
        return redirect("work_record", slug)
    now = timezone.now()
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        export_bundle(competition, now=now, target=stream)
    except ValidationError as error:
        stream.close()
        messages.error(request, "；".join(error.messages))
        return redirect("work_record", slug)
    stream.seek(0)
    name = f"{slug}-{timezone.localtime(now):%Y%m%d}.zip"
    response = FileResponse(
        stream, as_attachment=True, filename=name, content_type="application/zip"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@enter(read=ORGANISER, write=ORGANISER)
def work_import(request):
    """This function will show what an uploaded bundle holds and what is wrong with it, and import
    it once that is confirmed."""
    if "token" in request.POST:
        return _confirm(request)
    posted = request.method == "POST"
    form = BundleForm(request.POST if posted else None, request.FILES if posted else None)
    context = {"form": form}
    if posted and form.is_valid():
        file = form.cleaned_data["bundle"]
        plan = _plan(file, request.role.host_code)
        context |= _preview(plan)
        if not plan.problems:
            file.seek(0)
            token = keep_upload(file, request.user.person, timezone.now())
            context["confirm"] = ConfirmBundleForm(initial={"token": token})
    return _page(request, context)


def _confirm(request):
    person, form = request.user.person, ConfirmBundleForm(request.POST)
    stream = open_upload(request.POST["token"], person)
    if stream is None:
        messages.error(request, "上传的卷宗已经办完或者过期，没有重复导入；还要导入的请重新上传。")
        return redirect("work_import")
    with stream:
        if not form.is_valid():
            plan = _plan(stream, request.role.host_code)
            return _page(request, {"form": BundleForm(), "confirm": form, **_preview(plan)})
        try:
            with read_bundle(stream) as bundle:
                made = import_bundle(
                    bundle=bundle,
                    by=person,
                    now=timezone.now(),
                    host_code=request.role.host_code,
                )
        except (BundleError, ValidationError) as error:
            found = error.problems if isinstance(error, BundleError) else error.messages
            plan = ImportPlan(problems=found)
            return _page(request, {"form": BundleForm(), **_preview(plan)})
    drop_upload(request.POST["token"], person)
    messages.success(
        request, f"已导入「{made.title}」。没有建立账号：要登录的人，请在本系统另建账号。"
    )
    return redirect("work_overview", made.slug)


def _plan(stream, host_code):
    """The plan of a bundle; one that cannot be read has problems only."""
    try:
        # The stream stays open: it is kept for the confirmation.
        return plan_import(read_bundle(stream), host_code=host_code)
    except BundleError as error:
        return ImportPlan(problems=error.problems)


def _preview(plan):
    titles = table_titles()
    return {
        "plan": plan,
        "counts": [(titles[name], plan.counts[name]) for name in titles if plan.counts[name]],
        "new_people": sum(1 for person in plan.people if person["uuid"] not in plan.same),
        "new_units": [row["name"] for row in plan.units if row["name"] not in plan.known_units],
    }


def _page(request, context):
    crumbs = [("比武", reverse("work_list")), ("导入卷宗", None)]
    return TemplateResponse(request, "publication/import.html", {"breadcrumbs": crumbs, **context})
