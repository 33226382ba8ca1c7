"""Signing in, and the name of an account wherever it is typed."""

import unicodedata

from django import forms

NEW_ACCOUNT = "登录时填写，不能重复；用拼音好记，例如「liwenjing」。"


class AccountField(forms.CharField):
    """An account's name; letters and digits typed in full width count as plain ones."""

    def __init__(self, **kwargs):
        super().__init__(label="账号", max_length=60, **kwargs)

    def to_python(self, value):
        """This function will return the name as it is kept."""
        return unicodedata.normalize("NFKC", super().to_python(value))


class SigninForm(forms.Form):
    """An account's name and password. Whether they fit is for the view to find out."""

    username = AccountField(
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
