"""The form that asks for a tabulation: nothing but the operation's id, so that a double click
tabulates once."""

from django import forms


class TabulateForm(forms.Form):
    op = forms.UUIDField(widget=forms.HiddenInput)
