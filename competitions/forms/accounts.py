"""Accounts and roles, as the administrator keeps them; the own password."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts

from competitions.divisions import catalogue
from competitions.forms.base import ActionForm
from competitions.forms.people import PersonMixin
from competitions.forms.signin import NEW_ACCOUNT, AccountField
from competitions.models import Person
from competitions.roles import GRANTED_ROLES, RoleKind


class RoleFields(forms.Form):
    """A role and the county it is held in."""

    kind = forms.ChoiceField(
        label="角色", choices=[(kind.value, kind.label) for kind in GRANTED_ROLES]
    )
    host = forms.CharField(
        label="所在县（区）",
        required=False,
        max_length=60,
        help_text="输入名称或代码，例如「临河区」或「150802」；系统管理员不填。",
    )

    def clean(self):
        """This function will find the county (`host_code`), or say what to type instead."""
        data = super().clean()
        host = " ".join((data.get("host") or "").split())
        data["host_code"] = ""
        if not data.get("kind"):
            return data
        if data["kind"] == RoleKind.ADMIN:
            if host:
                self.add_error("host", "系统管理员不分县（区），请清空这一栏。")
            return data
        if not host:
            self.add_error("host", "请填写这个角色所在的县（区）。")
            return data
        found = _counties(host)
        if len(found) == 1:
            data["host_code"] = found[0].code
        elif found:
            names = "；".join(
                f"{'·'.join(catalogue.path(item.code))} {item.code}" for item in found[:5]
            )
            self.add_error("host", f"有多个县（区）符合，请改填代码：{names}。")
        else:
            self.add_error("host", f"没有找到「{host}」，请填写县（区）的全称或六位代码。")
        return data


def _counties(text):
    exact = catalogue.get(text)
    if exact is not None and exact.level in ("county", "city"):
        return [exact]
    found = catalogue.search(text, level="county", limit=20)
    named = [item for item in found if item.name == text.split()[-1]]
    return named or found


class NewAccountForm(RoleFields, PersonMixin, ActionForm):
    """A person with an account, and a first role if wanted."""

    username = AccountField(help_text=NEW_ACCOUNT)
    field_order = ["op", "known", "name", "namesake", "post", "phone", "username", "kind", "host"]

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        people = Person.objects.in_reading_order()
        self.use_people(people.filter(accounts__isnull=True), people)
        field = self.fields["kind"]
        field.required = False
        field.choices = [("", "暂不授予"), *field.choices]


class RoleForm(RoleFields, ActionForm):
    """Granting a role to a person."""


class PasswordForm(ActionForm):
    """Changing one's own password."""

    old = forms.CharField(
        label="现在的密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次新密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data=None, *, user, **kwargs):
        super().__init__(data, **kwargs)
        self.user = user
        self.fields["new"].help_text = "".join(password_validators_help_texts())

    def clean_old(self):
        """This function will refuse a wrong present password."""
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("现在的密码不对，请重新输入。")
        return self.cleaned_data["old"]

    def clean(self):
        """This function will refuse two new passwords that differ, and the old one again."""
        data = super().clean()
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两次输入的新密码不一样，请重新输入。")
        elif data.get("new") and data.get("new") == data.get("old"):
            self.add_error("new", "新密码和现在的密码一样，请换一个。")
        return data
