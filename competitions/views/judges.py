"""Judges: the list with their seats, appointing, changing, their accounts."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access, actions
from competitions.forms.base import ActionForm
from competitions.forms.judges import (
    AccountForm,
    JudgeForm,
    MoveJudgeForm,
    NewJudgeForm,
    ReplaceJudgeForm,
    SeatsForm,
)
from competitions.gates import enter
from competitions.kinds import JUDGES_CHANGED
from competitions.models import Judge
from competitions.orders import arrange_judges
from competitions.queries import work_frame
from competitions.queries.judge_history import find_judge_history
from competitions.queries.state import latest_revision
from competitions.roles import INSIDERS, RoleKind

ORGANISER = {RoleKind.ORGANISER}


def frame(competition, *crumbs):
    """This function will return the frame of a page about judges."""
    own = reverse("work_judges", args=[competition.slug]) if crumbs else None
    return work_frame(competition, "judges", ("评委", own), *crumbs)


def judges_of(competition):
    """This function will return the judges in the order of seniority, with people and seats."""
    rows = Judge.objects.filter(competition=competition).select_related("person")
    return rows.in_seniority_order().prefetch_related("seats", "person__accounts")


def _marked_rounds(scheme):
    return (
        [item for track in scheme.tracks for item in track.rounds if item.panel] if scheme else []
    )


def _rounds_of_group(scheme, group_key):
    """The keys of the rounds that a group of judges marks."""
    return [
        item.key
        for item in _marked_rounds(scheme)
        if group_key in {part.group for part in item.panel.parts}
    ]


def _get_judge(competition, key):
    judge = judges_of(competition).filter(key=key).first()
    if judge is None:
        raise Http404("没有这位评委。")
    return judge


@enter(read=INSIDERS, write=ORGANISER)
def judges(request, slug):
    """This function will list each group's judges in order and seat them on the rounds' panels."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    page = frame(competition)
    scheme = page["scheme"]
    arrangement = arrange_judges(request)
    form = SeatsForm(
        request.POST if request.method == "POST" else None,
        judges=arrangement.sort(judges_of(competition)),
        rounds=_marked_rounds(scheme),
        revision=latest_revision(competition, JUDGES_CHANGED),
    )
    if request.method == "POST" and form.is_valid():
        done = form.run(
            actions.seat_judges,
            competition=competition,
            seats=form.seats,
            revision=form.cleaned_data["revision"],
            by=request.user.person,
            now=timezone.now(),
        )
        if done:
            messages.success(request, "已保存评委席。")
            return redirect("work_judges", slug)
        if form.newer is not None:
            form.catch_up()
    may_change = access.may_change(request.role, competition, rehearsed=True)
    context = {
        **page,
        "form": form,
        "arrangement": arrangement,
        "count": len(form.judges),
        "groups": _groups(scheme, form.table),
        "rounds": form.rounds,
        "may_change": may_change,
        "movable": may_change and arrangement.order in ("seniority", "custom"),
    }
    return TemplateResponse(request, "competitions/judges.html", context)


def _groups(scheme, table):
    """The groups of the rules with their members as the page shows them; empty ones too."""
    groups = {
        group.key: {"title": group.title, "rows": []}
        for group in (scheme.judge_groups if scheme else ())
    }
    for judge, boxes in table:
        group = groups.setdefault(judge.group_key, {"title": "未分组", "rows": []})
        # Only the rounds that the group marks: its members have no box in the others.
        boxes = [(item, box) for item, box in boxes if box is not None]
        group["rounds"] = [item for item, _box in boxes]
        group["rows"].append(
            {
                "judge": judge,
                "up": len(group["rows"]),
                "down": len(group["rows"]) + 2,
                "accounts": judge.person.accounts.all(),
                "seats": [(item, box, box.initial) for item, box in boxes],
            }
        )
    return list(groups.values())


@enter(write=ORGANISER)
def judge_move(request, slug):
    """This function will move a judge up or down within his group."""
    competition = access.get_competition_for(request.role, slug, change=True)
    form = MoveJudgeForm(request.POST)
    address = reverse("work_judges", args=[slug])
    if not form.is_valid():
        messages.error(request, "没有移动，请刷新页面后重试。")
        return redirect(address)
    key, to, order = form.wanted
    if not form.run(
        actions.move_judge,
        competition=competition,
        judge=_get_judge(competition, key),
        to=to,
        order=order,
        by=request.user.person,
        now=timezone.now(),
    ):
        messages.error(request, " ".join(form.non_field_errors()))
    return redirect(f"{address}?judges=custom" if order == "custom" else address)


@enter(read=INSIDERS)
def judge_history(request, slug):
    """This function will tell from the record who changed what about the judges, and when."""
    competition = access.get_competition_for(request.role, slug)
    page = frame(competition, ("变更记录", None))
    known = list(judges_of(competition))
    chosen = next((judge for judge in known if judge.key == request.GET.get("judge")), None)
    context = {
        **page,
        "judges": known,
        "chosen": chosen,
        "changes": find_judge_history(competition, page["scheme"], chosen),
    }
    return TemplateResponse(request, "competitions/judge_history.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def judge_add(request, slug):
    """This function will appoint a judge; with an account its password is shown once, on a card."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    page = frame(competition, ("添加评委", None))
    number = max((judge.number for judge in judges_of(competition)), default=0) + 1
    form = NewJudgeForm(
        request.POST if request.method == "POST" else None,
        competition=competition,
        scheme=page["scheme"],
        initial={"number": number, "seniority": number, "seated": True},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        judge = form.run(
            actions.appoint_judge,
            competition=competition,
            person=form.person,
            number=data["number"],
            group_key=data["group_key"],
            seniority=data["seniority"],
            rounds=_rounds_of_group(page["scheme"], data["group_key"]) if data["seated"] else (),
            by=request.user.person,
            now=timezone.now(),
        )
        if judge and data["account"]:
            # The account is its own operation, named after this one: a double click repeats both.
            op_id = uuid.uuid5(data["op"], "account")
            username = data["username"] or f"{slug}-{judge.key}"
            card = _open_account(request, competition, form, judge, username, op_id)
            if card is not None:
                return card
            refusal = form.non_field_errors()[-1]
            messages.error(request, f"已添加 {judge.number} 号评委，账号没有开通：{refusal}")
            return redirect("work_judge_account", slug, judge.key)
        if judge:
            messages.success(request, f"已添加 {judge.number} 号评委{judge.person.name}。")
            return redirect("work_judges", slug)
    return TemplateResponse(request, "competitions/judge_add.html", {**page, "form": form})


def _open_account(request, competition, form, judge, username, op_id):
    """Open the account and answer with its card: this answer is the only place of the password.

    None when the account was refused; the form says why.
    """
    form.cleaned_data["op"] = op_id
    made = form.run(
        actions.create_account,
        person=judge.person,
        username=username,
        by=request.user.person,
        now=timezone.now(),
    )
    if made is None:
        return None
    user, password = made
    context = {
        **frame(competition, ("账号卡", None)),
        "account": user,
        "password": password,
        "capacity": f"{judge.number} 号评委",
        "back_url": reverse("work_judges", args=[competition.slug]),
        "address": request.build_absolute_uri(reverse("signin")),
    }
    return TemplateResponse(request, "competitions/account_card.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def judge_account(request, slug, key):
    """This function will open an account for a judge who has none, and show its card once."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    judge = _get_judge(competition, key)
    form = AccountForm(
        request.POST if request.method == "POST" else None,
        initial={"username": f"{slug}-{judge.key}"},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        card = _open_account(request, competition, form, judge, data["username"], data["op"])
        if card is not None:
            return card
    context = {
        **frame(competition, (f"{judge.person.name}的账号", None)),
        "form": form,
        "judge": judge,
        "accounts": judge.person.accounts.all(),
    }
    return TemplateResponse(request, "competitions/judge_account.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def judge(request, slug, key):
    """This function will change a judge's number, group and place in the order of seniority."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    person = _get_judge(competition, key)
    page = frame(competition, (person.person.name, None))
    initial = {
        "number": person.number,
        "group_key": person.group_key,
        "seniority": person.seniority,
    }
    form = JudgeForm(
        request.POST if request.method == "POST" else None,
        scheme=page["scheme"],
        revision=latest_revision(competition, JUDGES_CHANGED),
        initial=initial,
    )
    differences = None
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in initial}
        saved = form.run(
            actions.update_judge,
            competition=competition,
            judge=person,
            **fields,
            revision=form.cleaned_data["revision"],
            by=request.user.person,
            now=timezone.now(),
        )
        if saved:
            messages.success(request, f"已保存 {saved.number} 号评委。")
            return redirect("work_judges", slug)
        if form.newer is not None:
            form.catch_up()
            differences = [
                {"label": form.fields[name].label, "left": fields[name], "right": right}
                for name, right in initial.items()
            ]
    context = {**page, "form": form, "judge": person, "differences": differences}
    return TemplateResponse(request, "competitions/judge.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def judge_replace(request, slug, key):
    """This function will let somebody take over a judge's seats: he does not come, or has left."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    person = _get_judge(competition, key)
    page = frame(competition, (f"换下 {person.number} 号评委", None))
    form = ReplaceJudgeForm(
        request.POST if request.method == "POST" else None, competition=competition
    )
    if request.method == "POST" and form.is_valid():
        new = form.run(
            actions.replace_judge,
            competition=competition,
            judge=person,
            person=form.person,
            by=request.user.person,
            now=timezone.now(),
        )
        if new:
            messages.success(
                request,
                f"{new.number} 号评委{new.person.name}接替 {person.number} 号评委"
                f"{person.person.name}。请给新评委制作一张卡。",
            )
            return redirect("work_signin", slug)
    free = set(actions.find_free_seats(competition, person))
    held = {seat.round_key for seat in person.seats.all()}
    rounds = _marked_rounds(page["scheme"])
    context = {
        **page,
        "form": form,
        "judge": person,
        "taken": [item.title for item in rounds if item.key in free],
        "kept": [item.title for item in rounds if item.key in held - free],
    }
    return TemplateResponse(request, "competitions/judge_replace.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def judge_remove(request, slug, key):
    """This function will take a judge who has marked nothing off the list, after asking once."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    person = _get_judge(competition, key)
    form = ActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name = person.person.name
        done = form.run(
            actions.remove_judge,
            competition=competition,
            judge=person,
            by=request.user.person,
            now=timezone.now(),
        )
        if done:
            messages.success(request, f"已把{name}从评委名单中删除。")
            return redirect("work_judges", slug)
    context = {
        **frame(competition, (person.person.name, None)),
        "form": form,
        "question": f"把{person.person.name}从评委名单中删除？",
        "consequence": f"{person.number} 号评委的评委席和回避一并删除；人员和账号保留。",
        "verb": "删除",
        "back_url": reverse("work_judges", args=[slug]),
        "undoable": True,
    }
    return TemplateResponse(request, "competitions/confirm.html", context)
