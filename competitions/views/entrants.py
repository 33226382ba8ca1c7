"""The entrants: the list in every order, adding, changing, withdrawing."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access, actions
from competitions.divisions.entrants import proposed_entrants
from competitions.forms.base import ActionForm
from competitions.forms.competitions import ProposedFormSet, proposed_initial
from competitions.forms.contestants import ContestantForm
from competitions.forms.entrants import EntryForm, MoveForm
from competitions.gates import enter
from competitions.kinds import ENTRIES_CHANGED
from competitions.models import Entry
from competitions.orders import arrange_entries
from competitions.queries import work_frame
from competitions.queries.state import has_evidence, latest_revision
from competitions.roles import INSIDERS, RoleKind
from competitions.tracks import paid_by_head, write_tracks

ORGANISER = {RoleKind.ORGANISER}


def frame(competition, *crumbs):
    """This function will return the frame of a page about entrants."""
    here = ("参评单位", reverse("work_entrants", args=[competition.slug]) if crumbs else None)
    return work_frame(competition, "entrants", here, *crumbs)


def units_of(competition):
    """This function will return the units' entries in official order, with their units."""
    rows = Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT)
    return rows.with_subjects().in_official_order()


def _get_entry(competition, key):
    """A unit on the list, or a person who competes for himself; a secretary follows his unit."""
    rows = Entry.objects.filter(competition=competition).with_subjects()
    entry = rows.exclude(subject=Entry.Subject.SECRETARY).filter(key=key).first()
    if entry is None:
        raise Http404("没有这个参评单位。")
    return entry


def _list_of(entry):
    return "work_people" if entry.is_human else "work_entrants"


@enter(read=INSIDERS)
def entrants(request, slug):
    """This function will list the entrants in the chosen order."""
    competition = access.get_competition_for(request.role, slug)
    arrangement = arrange_entries(request, competition)
    order, places = arrangement.order, arrangement.places
    entries = arrangement.sort(units_of(competition))
    active = [entry for entry in entries if not entry.withdrawn]
    page = frame(competition)
    context = {
        **page,
        "entries": [
            {
                "entry": entry,
                "tracks": write_tracks(entry.tracks, page["scheme"], "unit")
                if entry.tracks
                else "",
                "place": places.get(entry.id),
                "up": number - 1,
                "down": number + 1,
            }
            for number, entry in enumerate(entries, start=1)
        ],
        "arrangement": arrangement,
        "order": order,
        "active": len(active),
        "grouped": any(entry.peer_group for entry in entries),
        "paid": bool(paid_by_head(page["scheme"])),
        "may_change": access.may_change(request.role, competition),
        "movable": access.may_change(request.role, competition) and order in ("official", "custom"),
    }
    return TemplateResponse(request, "competitions/entrants.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def entrants_add(request, slug):
    """This function will add townships of the county that are not on the list yet."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    entered = {
        name
        for entry in units_of(competition)
        for name in (entry.unit.name, entry.unit.division_code)
    }
    left = [
        unit
        for unit in proposed_entrants(competition.host_code)
        if unit.name not in entered and unit.division_code not in entered
    ]
    posted = request.POST if request.method == "POST" else None
    form = ActionForm(posted)
    chosen = ProposedFormSet(
        posted, initial=proposed_initial(left, ticked=False), prefix="u", least=1
    )
    if posted is not None and form.is_valid() and chosen.is_valid():
        added = form.run(
            actions.add_entries,
            competition=competition,
            entrants=chosen.entrants,
            by=request.user.person,
            now=timezone.now(),
        )
        if added is not None:
            messages.success(request, f"已添加 {len(chosen.entrants)} 个参评单位。")
            return redirect("work_entrants", slug)
    crumbs = ("从区划目录添加", None)
    context = {**frame(competition, crumbs), "form": form, "entrants": chosen, "left": left}
    return TemplateResponse(request, "competitions/entrants_add.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def entry(request, slug, key):
    """This function will change a unit's names, kind, peer group, factor, town and number of
    people, or a person's peer group and factor."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    unit_entry = _get_entry(competition, key)
    posted = request.POST if request.method == "POST" else None
    page = frame(competition, (unit_entry.name, None))
    revision = latest_revision(competition, ENTRIES_CHANGED)
    if unit_entry.is_human:
        initial = ContestantForm.initial_of(unit_entry)
        form = ContestantForm(posted, revision=revision, initial=initial)
    else:
        form = EntryForm(
            posted,
            revision=revision,
            initial=EntryForm.initial_of(unit_entry),
            entry=unit_entry,
            others=[row for row in units_of(competition) if row.pk != unit_entry.pk],
            paid=bool(paid_by_head(page["scheme"])),
        )
    differences = None
    if posted is not None and form.is_valid():
        said = set(form.cleaned_data) - {"op", "revision"}
        saved = form.run(
            actions.update_contestant if unit_entry.is_human else actions.update_entry,
            competition=competition,
            entry=unit_entry,
            **{name: form.cleaned_data[name] for name in said},
            revision=form.cleaned_data["revision"],
            by=request.user.person,
            now=timezone.now(),
        )
        if saved is not None:
            messages.success(request, f"已保存「{saved.name}」。")
            return redirect(_list_of(saved), slug)
        unit_entry = _get_entry(competition, key)
        if form.newer is not None:
            differences = form.compare(unit_entry)
            form.catch_up()
    context = {
        **page,
        "entry": unit_entry,
        "list_url": reverse(_list_of(unit_entry), args=[slug]),
        "form": form,
        "differences": differences,
        "final": has_evidence(competition),
    }
    return TemplateResponse(request, "competitions/entry.html", context)


@enter(write=ORGANISER)
def entry_move(request, slug, key):
    """This function will move an entrant to another place of an order."""
    competition = access.get_competition_for(request.role, slug, change=True)
    unit_entry = get_object_or_404(units_of(competition), key=key)
    form = MoveForm(request.POST)
    order = request.POST.get("order", "official")
    if not form.is_valid() or not form.run(
        actions.move_entry,
        competition=competition,
        entry=unit_entry,
        to=form.cleaned_data["to"],
        order=form.cleaned_data["order"],
        by=request.user.person,
        now=timezone.now(),
    ):
        messages.error(request, "没有移动，请刷新页面后重试。")
    address = reverse("work_entrants", args=[slug])
    return redirect(f"{address}?order=custom" if order == "custom" else address)


@enter(read=ORGANISER, write=ORGANISER)
def entry_withdraw(request, slug, key):
    """This function will take an entrant off the list, or put it back, after asking once."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    unit_entry = _get_entry(competition, key)
    form = ActionForm(request.POST if request.method == "POST" else None)
    back = unit_entry.withdrawn
    if request.method == "POST" and form.is_valid():
        done = form.run(
            actions.restore_entry if back else actions.withdraw_entry,
            competition=competition,
            entry=unit_entry,
            by=request.user.person,
            now=timezone.now(),
        )
        if done:
            word = "恢复参评" if back else "退出"
            messages.success(request, f"「{unit_entry.name}」已{word}。")
            return redirect(_list_of(unit_entry), slug)
    name = unit_entry.name
    who = name if unit_entry.is_human else f"{name}和它的{unit_entry.unit.office}"
    context = {
        **frame(competition, (name, None)),
        "form": form,
        "question": f"{name}恢复参评？" if back else f"{name}退出本次比武？",
        "consequence": f"{who}将重新列入参评名单。"
        if back
        else f"{who}不再评分、不参加排名；打分开始以前可以恢复。",
        "verb": "恢复参评" if back else "退出",
        "back_url": reverse(_list_of(unit_entry), args=[slug]),
        "undoable": True,
    }
    return TemplateResponse(request, "competitions/confirm.html", context)
