"""Pages on which the organiser publishes and withdraws, and everybody inside reads the record."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.models import ImportedRecord
from competitions.orders import arrange_entries
from competitions.queries import scheme_of, work_frame
from competitions.roadmap import Known
from competitions.roles import INSIDERS, RoleKind
from publication import access, actions, queries
from publication.audit import describe_audit
from publication.forms import PublishForm, RulesAgainForm, WithdrawForm
from publication.models import Circle
from publication.render import reading_address
from publication.revision_words import describe_revisions
from publication.views.reading import LEADING_READERS
from record import queries as record_queries
from record.actions import AUDIT
from rewards.queries import TabulationMismatch, find_outcome, say_due
from scoring import doors
from scoring.queries.progress import owes_marks
from scoring.queries.waiting import find_waiting
from scoring.views.sheets import refuse_before_own_marks

ROWS = 100
# What was sent to a single unit is for those who answer for it, and for their supervision.
SEE_OWN_PARTS = {RoleKind.ORGANISER, RoleKind.AUDITOR}


@enter(read=INSIDERS, write={RoleKind.ORGANISER})
def publish(request, slug):
    """This function will show what is published to whom, and publish the latest tabulation."""
    competition = get_competition_for(request.role, slug, change=request.method == "POST")
    if "again" in request.POST:
        return _open_rules_again(request, competition)
    tabulation = queries.latest_tabulation(competition)
    form = PublishForm(
        request.POST or None,
        initial={"tabulation": tabulation.number if tabulation else None},
        today=timezone.localdate(competition.moment(timezone.now())),
    )
    if request.method == "POST" and form.is_valid():
        try:
            if tabulation is None or form.cleaned_data["tabulation"] != tabulation.number:
                raise ValidationError("您打开本页以后又有新的统分，请核对最新结果后再公布。")
            version = actions.publish_results(
                competition=competition,
                circle=form.cleaned_data["circle"],
                tabulation=tabulation,
                notice=form.notice(),
                by=request.user.person,
                now=timezone.now(),
                op=form.cleaned_data["op"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, f"已向「{version.get_circle_display()}」公布第 {version.number} 版。"
            )
            return redirect("work_publish", slug=slug)
    outcome, problem = _outcome(competition, tabulation)
    outdated = queries.find_outdated(tabulation, queries.find_released(competition))
    versions = list(queries.find_versions(competition))
    passed, rules = queries.find_passed(versions), queries.find_rule_numbers(competition)
    known = Known()
    frame = work_frame(competition, "publish", ("公布", None), known=known)
    return TemplateResponse(
        request,
        "publication/publish.html",
        {
            **frame,
            "waiting": find_waiting(competition, frame["scheme"], timezone.now(), known),
            "form": form,
            "tabulation": tabulation,
            "outcome": outcome,
            "problem": problem,
            "rules_again": RulesAgainForm() if queries.has_lost_rules(competition) else None,
            "outdated": [sentence for _, sentence in outdated],
            "due": say_due(outcome.due) if outcome and outcome.due else "",
            "versions": [
                {
                    "version": version,
                    "passed": passed.get(version.number),
                    "rules": rules.get(version.contents.get("scheme_digest")),
                    "url": _address_for(request.role, version, slug),
                    "parts": request.role.kind in SEE_OWN_PARTS
                    and version.kind == version.Kind.RESULTS
                    and version.circle in access.OWN_CIRCLES,
                }
                for version in versions
            ],
        },
    )


def _open_rules_again(request, competition):
    """The rules in force get back the page that an older release let somebody withdraw."""
    form = RulesAgainForm(request.POST)
    if form.is_valid() and queries.has_lost_rules(competition):
        try:
            version = actions.publish_rules(
                competition=competition,
                by=request.user.person,
                now=timezone.now(),
                op=form.cleaned_data["op"],
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"规则页已按第 {version.number} 版重新公布，内容没有改动。")
    return redirect("work_publish", slug=competition.slug)


def _outcome(competition, tabulation):
    """The outcome of a complete tabulation, and why it cannot be published, if so."""
    if tabulation is None or not tabulation.complete:
        return None, ""
    try:
        actions.refuse_outdated(competition, scheme_of(tabulation.scheme_version), tabulation)
        return find_outcome(tabulation), ""
    except ValidationError as error:
        return None, " ".join(error.messages)
    except TabulationMismatch as error:
        return None, str(error)


def _address_for(role, version, slug):
    """The address of a version, None where the role may not read that circle."""
    if version.circle == Circle.LEADING and role.kind not in LEADING_READERS:
        return None
    return reading_address(version, slug)


@enter(read={RoleKind.ORGANISER}, write={RoleKind.ORGANISER})
def withdraw(request, slug, number):
    """This function will withdraw a version in force, after asking once for the reason."""
    competition = get_competition_for(request.role, slug, change=True)
    version = access.get_version(competition, number)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_version(
                version=version,
                reason=form.cleaned_data["reason"],
                by=request.user.person,
                now=timezone.now(),
                op=form.cleaned_data["op"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                f"第 {version.number} 版已经撤回，读者现在看不到了；可以更正后再公布新的一版。",
            )
            return redirect("work_publish", slug=slug)
    return TemplateResponse(
        request,
        "publication/withdraw.html",
        {
            **work_frame(competition, "publish", ("撤回公布", None)),
            "form": form,
            "version": version,
            "stays": actions.RULES_STAY if version.kind == version.Kind.RULES else "",
        },
    )


@enter(read=SEE_OWN_PARTS)
def own_parts(request, slug, number):
    """This function will list what a version has sent to each unit, and who can open it."""
    competition = get_competition_for(request.role, slug)
    version = access.get_own_version(competition, number)
    arrangement = arrange_entries(request, competition)
    title = f"第 {number} 版送各单位的页面"
    context = {
        **work_frame(competition, "publish", *_own_crumbs(slug), (title, None)),
        "version": version,
        "read": access.find_version_read_by_units(competition),
        "arrangement": arrangement,
        "units": queries.find_own_readers(version, arrangement, timezone.localdate()),
        "address": _own_address(request, slug),
    }
    return TemplateResponse(request, "publication/own_parts.html", context)


@enter(read=SEE_OWN_PARTS)
def own_part(request, slug, number, key):
    """This function will show one unit's part of a version as its secretary sees it."""
    competition = get_competition_for(request.role, slug)
    version = access.get_own_version(competition, number)
    refuse_before_own_marks(request, competition)
    entry = access.get_entry(competition, key)
    fragments = access.get_own_fragments(version, entry)
    back = (f"第 {number} 版送各单位的页面", reverse("work_own_parts", args=[slug, number]))
    context = {
        **work_frame(competition, "publish", *_own_crumbs(slug), back, (entry.name, None)),
        "version": version,
        "read": access.find_version_read_by_units(competition),
        "entry": entry,
        "fragments": fragments,
        "reasons": access.find_reasons_of(version, entry),
        "address": _own_address(request, slug),
    }
    response = TemplateResponse(request, "publication/own_part.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _own_crumbs(slug):
    return [("公布", reverse("work_publish", args=[slug]))]


def _own_address(request, slug):
    """The address that every secretary opens: what it shows depends on who has signed in."""
    return request.build_absolute_uri(reverse("mine_competition", args=[slug]))


@enter(read=INSIDERS)
def record(request, slug):
    """This function will show the competition's record, newest first, and whether it verifies."""
    competition = get_competition_for(request.role, slug)
    auditor = request.role.kind is RoleKind.AUDITOR
    owing = owes_marks(competition, request.user.person)
    owes = auditor and owing
    turns = doors.find_open_turns(competition) if auditor else []
    marked = next((turn.name for turn in turns if turn.is_marked), "")
    context = {
        **work_frame(competition, "record", ("存证", None)),
        "may_export": request.role.kind is RoleKind.ORGANISER
        and not owing
        and not competition.is_rehearsal,
        "bodies": auditor and not owes and not marked,
        "marked": marked,
        "owes": owes,
        "imported": ImportedRecord.objects.filter(competition=competition)
        .select_related("imported_by")
        .first(),
    }

    def describe(revisions):
        return describe_revisions(revisions, bodies=context["bodies"])

    return _chain_page(request, competition.chain, "publication/record.html", context, describe)


@enter(read={RoleKind.AUDITOR})
def audit_record(request):
    """This function will show the chain of accounts, roles and sign-ins, as `record` shows one: the
    auditor's own county in words, what is about others as a number and a digest."""
    context = {
        "breadcrumbs": [("比武", reverse("work_list")), ("账号、角色和登录的存证", None)],
        "bodies": True,
    }

    def describe(revisions):
        return describe_audit(revisions, request.role.host_code)

    return _chain_page(request, AUDIT, "publication/audit_record.html", context, describe)


def _chain_page(request, chain, template, context, describe):
    """One chain, newest first, and whether it verifies when that is asked."""
    page = Paginator(record_queries.revisions(chain).order_by("-seq"), ROWS).get_page(
        request.GET.get("page")
    )
    report = record_queries.verify_chain(chain) if "verify" in request.GET else None
    return TemplateResponse(
        request,
        template,
        {
            **context,
            "page": page,
            "rows": describe(page.object_list),
            "report": report,
            "head": record_queries.head(chain),
        },
    )
