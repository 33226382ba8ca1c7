"""The ledger of bonuses and deductions: the list, one event, its form, its evidence file."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access
from competitions.gates import enter
from competitions.orders import ORDERS, arrange_entries
from competitions.queries import work_frame
from competitions.roles import INSIDERS, STAFF
from scoring.access.evidence import get_ledger_event_for
from scoring.actions.attachments import TYPES
from scoring.actions.checking import why_not_correct
from scoring.actions.ledger import (
    correct_ledger_event,
    enter_ledger_event,
    return_ledger_event,
    verify_ledger_event,
    withdraw_ledger_event,
)
from scoring.forms.ledger import LedgerFilter, LedgerForm, SettleForm
from scoring.queries.ledger import (
    describe_usage,
    find_events,
    find_holders,
    find_same_matter,
    load_book,
    load_usage,
    sort_events,
)
from scoring.views.attachments import send_attachment
from scoring.views.measurements import may_write, posted
from scoring.views.settling import describe_choices, settle, tell_story

PAGE = 100
# A ledger is first read as it was written, the latest event first.
BY_DATE = ("date", *ORDERS)
ACTIONS = {
    "verify": verify_ledger_event,
    "return": return_ledger_event,
    "withdraw": withdraw_ledger_event,
}


def _book(competition):
    book = load_book(competition)
    if book is None or not book.items:
        raise Http404("已公布的规则里没有加减分项。")
    return book


def _frame(request, competition, *crumbs):
    own = reverse("work_ledger", args=[competition.slug])
    return {
        **work_frame(competition, "ledger", ("加减分台账", own), *crumbs),
        "may_write": may_write(request, competition),
    }


@enter(read=INSIDERS)
def ledger(request, slug):
    """The events, latest first or in the entries' order, narrowed by unit, item and state."""
    competition = access.get_competition_for(request.role, slug)
    book = _book(competition)
    narrow = LedgerFilter(request.GET, book=book)
    arrangement = arrange_entries(request, competition, default="date", orders=BY_DATE)
    events = find_events(competition, **narrow.narrowed)
    if arrangement.order != "date":
        events = sort_events(events, arrangement.sort(find_holders(competition)))
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    book.events = list(page.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        **_frame(request, competition),
        "book": book,
        "arrangement": arrangement,
        "filter": narrow,
        "narrowed": any(narrow.narrowed.values()),
        "page": page,
        "query": query.urlencode(),
    }
    return TemplateResponse(request, "scoring/ledger.html", context)


@enter(read=STAFF, write=STAFF)
def ledger_new(request, slug):
    """A new bonus or deduction."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    return _write(request, competition, None)


@enter(read=STAFF, write=STAFF)
def ledger_correct(request, slug, key):
    """A corrected bonus or deduction; the earlier revision stays in the record."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    event = get_ledger_event_for(competition, key)
    if why_not_correct(event):
        messages.warning(request, why_not_correct(event))
        return redirect("work_ledger_event", slug, key)
    return _write(request, competition, event)


def _write(request, competition, event):
    book = _book(competition)
    form = LedgerForm(posted(request), request.FILES or None, book=book, event=event)
    if request.method == "POST" and form.is_valid():
        call = {
            "competition": competition,
            "draft": form.draft,
            "file": form.cleaned_data["file"],
            "op": form.cleaned_data["op"],
            "by": request.user.person,
            "now": timezone.now(),
        }
        try:
            if event is None:
                saved = enter_ledger_event(**call)
            else:
                revision = form.cleaned_data["revision"]
                saved = correct_ledger_event(key=event.key, revision=revision, **call)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, "已登记，等候另一位工作人员核对。")
            return redirect("work_ledger_event", competition.slug, saved.key)
    stale = []
    if event is not None and form.is_bound and _is_stale(form, event):
        stale = compare(form, event, book)
        renew(form, event)
    usage = load_usage(book, without=event.key if event else "")
    crumbs = [(f"更正加减分 {event.number}", None)] if event else [("登记加减分", None)]
    context = {
        **_frame(request, competition, *crumbs),
        "form": form,
        "event": event,
        "stale": stale,
        "usage": usage,
        "help": _help(book, usage),
    }
    return TemplateResponse(request, "scoring/ledger_form.html", context)


def put_errors(form, error):
    """This function will put a ValidationError of an action beside the form's own fields."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def renew(form, row):
    """This function will let a stale form be sent again, from the row as it stands now."""
    form.data = form.data.copy()
    form.data["revision"], form.data["op"] = str(row.revision), str(uuid.uuid4())


def _is_stale(form, event):
    return str(form.data.get("revision", "")).replace("-", "") != event.revision.hex


def compare(form, event, book):
    """This function will return the rows of components/diff_table.html for a stale form."""
    shown = LedgerForm(book=book, event=event)
    rows = []
    for name in ("entry", "item", "happened_on", "points", "reason", "matter"):
        choices = getattr(shown.fields[name], "choices", None)
        rows.append(
            {
                "label": shown.fields[name].label,
                "left": _shown(form.data.get(name, ""), choices),
                "right": _shown(str(shown[name].value() or ""), choices),
            }
        )
    return rows


def _shown(value, choices):
    for key, title in choices or ():
        if isinstance(title, list | tuple):
            found = dict(title).get(value)
            if found:
                return found
        elif key == value:
            return title
    return value or "（空）"


def _help(book, usage):
    """{entry key: {item key: {"text", "points"}}} that the form's script shows."""
    points = {
        item.key: "" if item.item.points is None else f"{item.item.points:f}" for item in book.items
    }
    titles = {item.key: item for item in book.items}
    return {
        entry: {
            key: {"text": describe_usage(own, titles[key]), "points": points[key]}
            for key, own in items.items()
        }
        for entry, items in usage.items()
    }


@enter(read=INSIDERS, write=STAFF)
def ledger_event(request, slug, key):
    """One event with its evidence, its story and what may be done with it."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    event = get_ledger_event_for(competition, key)
    form = None
    if request.method == "POST":
        form = settle(request, competition, event, ACTIONS)
        if form is None:
            return redirect(request.path)
        event = get_ledger_event_for(competition, key)
    book = _book(competition)
    item = book.item(event.criterion_key, event.item_key)
    usage = load_usage(book).get(event.entry.key, {}).get(item.key) if item else None
    context = {
        **_frame(request, competition, (title_of(event, item), None)),
        "event": event,
        "item": item,
        "usage": describe_usage(usage, item) if usage else "",
        "is_picture": _type(event).startswith("image/"),
        "same_matter": find_same_matter(event),
        "failed": form,
        "form": SettleForm.of(event),
        **describe_choices(event, request.user.person),
        "story": tell_story(event),
    }
    return TemplateResponse(request, "scoring/ledger_event.html", context)


def title_of(event, item):
    """This function will name an event by its number and its item's title in the rules."""
    return f"加减分 {event.number} · {item.title if item else event.item_key}"


def _type(event):
    return TYPES.get(event.evidence.name.rpartition(".")[2], "application/octet-stream")


@enter(read=INSIDERS)
def ledger_evidence(request, slug, key):
    """The evidence file, for those who may see the event: a picture is shown, a PDF downloaded."""
    competition = access.get_competition_for(request.role, slug)
    event = get_ledger_event_for(competition, key)
    if not event.evidence:
        raise Http404("这条记录没有佐证材料。")
    return send_attachment(
        event.evidence,
        event.evidence_name,
        event.evidence_digest,
        show="download" not in request.GET,
    )
