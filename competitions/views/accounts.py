"""The administrator's pages: people, accounts, roles. No marks are seen here."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import actions
from competitions.divisions import catalogue
from competitions.forms.accounts import NewAccountForm, RoleForm
from competitions.forms.base import ActionForm
from competitions.gates import enter
from competitions.models import Role, User
from competitions.roles import RoleKind
from competitions.strokes import surname_key

ADMIN = {RoleKind.ADMIN}


def _crumbs(*crumbs):
    own = reverse("accounts") if crumbs else None
    return {"breadcrumbs": [("账号", own), *crumbs]}


def _get_account(user_id):
    user = User.objects.select_related("person").filter(pk=user_id).first()
    if user is None:
        raise Http404("没有这个账号。")
    return user


def _host_name(code):
    division = catalogue.get(code) if code else None
    return division.name if division else code


@enter(read=ADMIN)
def accounts(request):
    """This function will list all accounts with the roles that their people hold today, by the
    strokes of the surnames."""
    today = timezone.localdate()
    users = User.objects.select_related("person").order_by("username", "id")
    rows = sorted(users, key=lambda user: surname_key(user.person.name))
    held = {}
    for role in Role.objects.held_on(today).order_by("kind", "id"):
        host = _host_name(role.host_code)
        held.setdefault(role.person_id, []).append(f"{role.get_kind_display()} {host}".strip())
    context = {
        **_crumbs(),
        "accounts": [(user, held.get(user.person_id, [])) for user in rows],
    }
    return TemplateResponse(request, "competitions/accounts.html", context)


@enter(read=ADMIN, write=ADMIN)
def account_new(request):
    """This function will create a person with an account, and show its card once."""
    form = NewAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        card = _create(request, form)
        if card is not None:
            return card
    context = {**_crumbs(("新建账号", None)), "form": form}
    return TemplateResponse(request, "competitions/account_new.html", context)


def _create(request, form):
    """Create person, account and role in one transaction; the card, or None when refused."""
    data, now, by = form.cleaned_data, timezone.now(), request.user.person

    @transaction.atomic
    def make(*, op_id):
        user, password = actions.create_account(
            person=form.person, username=data["username"], by=by, now=now, op_id=op_id
        )
        if data["kind"]:
            actions.grant_role(
                person=user.person,
                kind=RoleKind(data["kind"]),
                host_code=data["host_code"],
                by=by,
                now=now,
                op_id=uuid.uuid5(op_id, "role"),
            )
        return user, password

    made = form.run(make)
    return None if made is None else _card(request, *made)


def _card(request, user, password):
    """The only place where a password is shown; an answer to POST, so that it is not kept."""
    context = {
        **_crumbs(("账号卡", None)),
        "account": user,
        "password": password,
        "back_url": reverse("account", args=[user.id]),
        "address": request.build_absolute_uri(reverse("signin")),
    }
    return TemplateResponse(request, "competitions/account_card.html", context)


@enter(read=ADMIN)
def account(request, user_id):
    """This function will show one account: its person, and the roles held now and before."""
    user = _get_account(user_id)
    today = timezone.localdate()
    rows = Role.objects.filter(person=user.person).order_by("-since", "-id")
    roles = [
        {
            "role": role,
            "host": _host_name(role.host_code),
            "held": role.since <= today and (role.until is None or role.until >= today),
        }
        for role in rows
    ]
    context = {
        **_crumbs((user.username, None)),
        "account": user,
        "roles": roles,
        "pause": actions.find_account_pause(user, timezone.now()),
    }
    return TemplateResponse(request, "competitions/account.html", context)


@enter(read=ADMIN, write=ADMIN)
def account_reset(request, user_id):
    """This function will give an account a new initial password, and show its card once."""
    user = _get_account(user_id)
    form = ActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        password = form.run(
            actions.reset_password, user=user, by=request.user.person, now=timezone.now()
        )
        if password:
            return _card(request, user, password)
    context = {
        **_crumbs((user.username, None)),
        "form": form,
        "question": f"重置「{user.username}」的密码？",
        "consequence": f"{user.person.name}现在的密码立即失效；新的初始密码只显示一次。",
        "verb": "重置密码",
        "back_url": reverse("account", args=[user.id]),
    }
    return TemplateResponse(request, "competitions/confirm.html", context)


@enter(read=ADMIN, write=ADMIN)
def account_pause(request, user_id):
    """This function will end the wait after too many wrong passwords, after asking once."""
    user = _get_account(user_id)
    form = ActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = form.run(actions.lift_pause, user=user, by=request.user.person, now=timezone.now())
        if done:
            messages.success(request, f"「{user.username}」现在可以登录了。")
            return redirect("account", user.id)
    context = {
        **_crumbs((user.username, None)),
        "form": form,
        "question": f"解除「{user.username}」的登录等待？",
        "consequence": f"请先确认是{user.person.name}本人输错了密码；解除以后可以马上再试。",
        "verb": "解除等待",
        "back_url": reverse("account", args=[user.id]),
        "undoable": True,
    }
    return TemplateResponse(request, "competitions/confirm.html", context)


@enter(read=ADMIN, write=ADMIN)
def account_active(request, user_id):
    """This function will stop an account, or let it sign in again, after asking once."""
    user = _get_account(user_id)
    form = ActionForm(request.POST if request.method == "POST" else None)
    verb = "停用" if user.is_active else "恢复"
    if request.method == "POST" and form.is_valid():
        done = form.run(
            actions.set_active,
            user=user,
            active=not user.is_active,
            by=request.user.person,
            now=timezone.now(),
        )
        if done:
            messages.success(request, f"账号「{user.username}」已{verb}。")
            return redirect("account", user.id)
    consequence = (
        f"{user.person.name}不能再用这个账号登录；以前做过的事仍然留在记录里。"
        if user.is_active
        else f"{user.person.name}又可以用这个账号登录。"
    )
    context = {
        **_crumbs((user.username, None)),
        "form": form,
        "question": f"{verb}账号「{user.username}」？",
        "consequence": consequence,
        "verb": verb,
        "back_url": reverse("account", args=[user.id]),
        "undoable": True,
    }
    return TemplateResponse(request, "competitions/confirm.html", context)


@enter(read=ADMIN, write=ADMIN)
def role_grant(request, user_id):
    """This function will grant a role to the person of an account."""
    user = _get_account(user_id)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        role = form.run(
            actions.grant_role,
            person=user.person,
            kind=RoleKind(form.cleaned_data["kind"]),
            host_code=form.cleaned_data["host_code"],
            by=request.user.person,
            now=timezone.now(),
        )
        if role:
            messages.success(request, f"已授予{user.person.name}：{role.get_kind_display()}。")
            return redirect("account", user.id)
    context = {**_crumbs((user.username, None)), "form": form, "account": user}
    return TemplateResponse(request, "competitions/role_grant.html", context)


@enter(read=ADMIN, write=ADMIN)
def role_end(request, role_id):
    """This function will end a role after asking once."""
    role = Role.objects.select_related("person").filter(pk=role_id).first()
    account = role and role.person.accounts.order_by("id").first()
    if account is None:
        raise Http404("没有这个角色。")
    form = ActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = form.run(actions.end_role, role=role, by=request.user.person, now=timezone.now())
        if done:
            messages.success(
                request, f"已结束{role.person.name}的角色：{role.get_kind_display()}。"
            )
            return redirect("account", account.id)
    title = f"{role.get_kind_display()} {_host_name(role.host_code)}".strip()
    context = {
        **_crumbs((account.username, None)),
        "form": form,
        "question": f"结束{role.person.name}的角色？",
        "consequence": f"{role.person.name}从今天起不再是「{title}」，马上不能再进入相应的页面。",
        "verb": "结束角色",
        "back_url": reverse("account", args=[account.id]),
        "undoable": True,
    }
    return TemplateResponse(request, "competitions/confirm.html", context)
