"""Forms of the audience jury: which seats get codes, a typed code, a ballot."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from arena.stage.seats import MOST_SEATS, read_code

# So many codes are one print: drawing them takes some seconds.
MOST_AT_ONCE = 500
SEAT = {"min_value": 1, "max_value": MOST_SEATS}


class SeatsForm(forms.Form):
    """The seats, from one number to another, that get a code, or a new one."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    first = forms.IntegerField(label="从几号", **SEAT)
    last = forms.IntegerField(label="到几号", **SEAT)

    def __init__(self, data=None):
        super().__init__(data, initial={"op": uuid.uuid4()})

    def clean(self):
        """This function will give the numbers, at most MOST_AT_ONCE."""
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and not 0 <= last - first < MOST_AT_ONCE:
            raise ValidationError(f"一次最多制作 {MOST_AT_ONCE} 个席位，从小号到大号，请分几次。")
        return data

    @property
    def numbers(self):
        """The numbers of a valid form."""
        return range(self.cleaned_data["first"], self.cleaned_data["last"] + 1)


class CodeForm(forms.Form):
    """A seat's code as it is typed; cleaned to digits."""

    code = forms.CharField(label="席位码", max_length=40)

    def clean_code(self):
        """This function will return the digits of the code."""
        try:
            return read_code(self.cleaned_data["code"])
        except ValueError as error:
            raise ValidationError(str(error)) from None


class BallotForm(forms.Form):
    """One ballot: on whose turn, which option, and its own operation."""

    op = forms.UUIDField(label="操作编号")
    entry = forms.SlugField(label="参评单位", max_length=60)
    choice = forms.SlugField(label="投票", max_length=60)
