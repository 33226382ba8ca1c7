"""Rulings: the list, the form of each kind, one ruling with its story."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access
from competitions.gates import enter
from competitions.orders import arrange_entries
from competitions.queries import work_frame
from competitions.roles import INSIDERS, RoleKind
from scoring.access.evidence import get_ruling_for
from scoring.actions.checking import why_not_correct
from scoring.actions.rulings import (
    correct_ruling,
    enter_ruling,
    return_ruling,
    verify_ruling,
    withdraw_ruling,
)
from scoring.forms.ledger import SettleForm
from scoring.forms.rulings import RulingForm
from scoring.queries.ruling_kinds import KINDS
from scoring.queries.rulings import find_rulings, kind_titles, load_choices, sort_rulings
from scoring.views.ledger import BY_DATE, put_errors, renew
from scoring.views.measurements import may_write, posted
from scoring.views.settling import describe_choices, settle, tell_story

# Rulings decide who counts: the organising office records them; a clerk enters evidence only.
WRITERS = {RoleKind.ORGANISER}
# What a page that leads to the form may say: it stands in the fields and can be changed there.
PROPOSED = ("round", "judge", "entry")
ACTIONS = {"verify": verify_ruling, "return": return_ruling, "withdraw": withdraw_ruling}


def _choices(competition):
    choices = load_choices(competition)
    if choices is None:
        raise Http404("规则公布以后才能录入裁定。")
    return choices


def _frame(request, competition, *crumbs):
    own = reverse("work_rulings", args=[competition.slug])
    return {
        **work_frame(competition, "rulings", ("裁定", own), *crumbs),
        "may_write": request.role.kind in WRITERS and may_write(request, competition),
    }


@enter(read=INSIDERS)
def rulings(request, slug):
    """All rulings, latest first, and the kinds that may be recorded."""
    competition = access.get_competition_for(request.role, slug)
    choices = _choices(competition)
    arrangement = arrange_entries(request, competition, default="date", orders=BY_DATE)
    found = find_rulings(competition, request.GET.get("state", ""))
    found = sort_rulings(found, choices, arrangement)
    context = {
        **_frame(request, competition),
        "arrangement": arrangement,
        "rows": [(ruling, KINDS.get(ruling.kind), choices.describe(ruling)) for ruling in found],
        "kinds": kind_titles(choices),
        "narrowed": bool(request.GET.get("state")),
    }
    return TemplateResponse(request, "scoring/rulings.html", context)


@enter(read=WRITERS, write=WRITERS)
def ruling_new(request, slug, kind):
    """A new ruling of one kind; what it is about may stand in the address."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    if kind not in KINDS:
        raise Http404("没有这一类裁定。")
    return _write(request, competition, kind, None)


@enter(read=WRITERS, write=WRITERS)
def ruling_correct(request, slug, key):
    """A corrected ruling; the earlier revision stays in the record."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    ruling = get_ruling_for(competition, key)
    if why_not_correct(ruling):
        messages.warning(request, why_not_correct(ruling))
        return redirect("work_ruling", slug, key)
    return _write(request, competition, ruling.kind, ruling)


def _write(request, competition, kind, ruling):
    choices = _choices(competition)
    proposed = {name: request.GET[name] for name in PROPOSED if name in request.GET}
    if proposed:
        proposed["decided_on"] = timezone.localdate(competition.moment(timezone.now()))
    form = RulingForm(posted(request), kind=kind, choices=choices, ruling=ruling, proposed=proposed)
    if request.method == "POST" and form.is_valid():
        call = {
            "competition": competition,
            "draft": form.draft,
            "op": form.cleaned_data["op"],
            "by": request.user.person,
            "now": timezone.now(),
        }
        try:
            if ruling is None:
                saved = enter_ruling(**call)
            else:
                revision = form.cleaned_data["revision"]
                saved = correct_ruling(key=ruling.key, revision=revision, **call)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, "已录入裁定，等候另一位工作人员核对。")
            return redirect("work_ruling", competition.slug, saved.key)
    stale = []
    if ruling is not None and form.is_bound:
        sent = str(form.data.get("revision", "")).replace("-", "")
        if sent != ruling.revision.hex:
            stale = _compare(form, RulingForm(kind=kind, choices=choices, ruling=ruling))
            renew(form, ruling)
    title = f"更正裁定 {ruling.number}" if ruling else KINDS[kind].title
    context = {
        **_frame(request, competition, (title, None)),
        "form": form,
        "kind": KINDS[kind],
        "ruling": ruling,
        "stale": stale,
    }
    return TemplateResponse(request, "scoring/ruling_form.html", context)


def _compare(form, saved):
    rows = []
    for field in saved.visible_fields():
        mine = form[field.name].value()
        titles = dict(getattr(field.field, "choices", ()))
        left, right = (
            "、".join(str(titles.get(item, item)) for item in _listed(value)) or "（空）"
            for value in (mine, field.value())
        )
        if not (field.name.startswith("place:") and left == right):
            rows.append({"label": field.label, "left": left, "right": right})
    return rows


def _listed(value):
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


@enter(read=INSIDERS, write=WRITERS)
def ruling(request, slug, key):
    """One ruling with its story and what may be done with it."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    found = get_ruling_for(competition, key)
    form = None
    if request.method == "POST":
        form = settle(request, competition, found, ACTIONS)
        if form is None:
            return redirect(request.path)
        found = get_ruling_for(competition, key)
    context = {
        **_frame(request, competition, (f"裁定 {found.number}", None)),
        "ruling": found,
        "kind": KINDS.get(found.kind),
        "text": _choices(competition).describe(found),
        "failed": form,
        "form": SettleForm.of(found),
        **describe_choices(found, request.user.person),
        "story": tell_story(found),
    }
    return TemplateResponse(request, "scoring/ruling.html", context)
