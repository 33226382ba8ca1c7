"""The previous year 上一届: one of the county's earlier competitions, or the word that there is
none."""

from django import forms

from competitions.forms.base import RevisionForm
from competitions.models import Competition

FIRST = "first"


class PreviousField(forms.ChoiceField):
    """Its value is {"previous": Competition or None, "is_first": bool}, as the actions take it."""

    def __init__(self, **kwargs):
        errors = {"required": "请选择上一届，或者写明本届是第一届。"}
        super().__init__(label="上一届", error_messages=errors, **kwargs)
        self.offered = {}

    def offer(self, competitions, *, demo):
        """This function will offer these competitions, the latest first, and 本届是第一届: only
        demonstrations to a demonstration, none to a real one, and say so of what it holds back."""
        found = list(competitions.real().latest_first())
        self.offered = {str(item.pk): item for item in found if item.demo == demo}
        if len(self.offered) < len(found):
            self.help_text += "演示的比武和真实的比武不能互为上一届，没有列出。"
        self.choices = [
            ("", "以后再定" if not self.required else "请选择"),
            (FIRST, "本届是第一届（没有可比的上一届，进步和连续次数从本届算起）"),
            *((key, f"{item.title}（{item.year} 年）") for key, item in self.offered.items()),
        ]

    def clean(self, value):
        """This function will return the two keyword arguments for what was chosen."""
        chosen = super().clean(value)
        return {"previous": self.offered.get(chosen), "is_first": chosen == FIRST}


def chosen_of(competition):
    """This function will return what the field shows for a competition as it stands."""
    return FIRST if competition.is_first else str(competition.previous_id or "")


class PreviousForm(RevisionForm):
    """Which year is the previous one; once the rules are published, with a reason."""

    previous = PreviousField()
    reason = forms.CharField(
        label="改动的理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, competition, **kwargs):
        super().__init__(*args, initial={"previous": chosen_of(competition)}, **kwargs)
        earlier = Competition.objects.of_host(competition.host_code)
        earlier = earlier.filter(year__lt=competition.year)
        self.fields["previous"].offer(earlier, demo=competition.demo)
        if competition.stage == Competition.Stage.DRAFT:
            del self.fields["reason"]
