"""Naming a person: one the county knows already, or a new one."""

from django import forms

from competitions.models import Person
from competitions.queries.people import people_of_host
from competitions.strokes import surname_key


class _ByStrokes(forms.models.ModelChoiceIterator):
    """The people by strokes of their surnames, as every list of people stands."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        people = sorted(self.queryset.all(), key=lambda person: surname_key(person.name))
        yield from map(self.choice, people)


class PersonChoice(forms.ModelChoiceField):
    """A known person, shown with post so that namesakes can be told apart."""

    iterator = _ByStrokes

    def label_from_instance(self, person):
        """This function will show the name and the post."""
        return f"{person.name}（{person.post}）" if person.post else person.name


class PersonMixin(forms.Form):
    """Fields for a known or a new person of a county, and their check.

    After validation `person` is a Person that may not be saved yet.
    """

    known = PersonChoice(
        label="已登记的人员", queryset=Person.objects.none(), required=False, empty_label="新人员"
    )
    name = forms.CharField(
        label="新人员姓名", max_length=60, required=False, help_text="上一栏选了人就不用填。"
    )
    post = forms.CharField(label="职务", max_length=120, required=False)
    phone = forms.CharField(
        label="电话", max_length=30, required=False, help_text="只供工作联系，不公布。"
    )
    namesake = forms.BooleanField(
        label="确是同名的另一个人", required=False, help_text="已有同名人员时才需要勾选。"
    )

    def use_people(self, offered, known=None):
        """This function will offer people, and look for namesakes among the known ones."""
        self.fields["known"].queryset = offered
        self.known_people = offered if known is None else known

    def use_host(self, host_code):
        """This function will offer the people whom the county knows."""
        self.use_people(people_of_host(host_code))

    def clean(self):
        """This function will make sure that exactly one person is named, and which."""
        data = super().clean()
        known, name = data.get("known"), " ".join((data.get("name") or "").split())
        if known and name:
            self.add_error("name", "已选择登记过的人员，请不要再填新人员姓名。")
        elif known:
            self.person = known
        elif not name:
            self.add_error("name", "请选择已登记的人员，或填写新人员的姓名。")
        else:
            self._check_namesakes(name, data)
            self.person = Person(
                name=name, post=data.get("post") or "", phone=data.get("phone") or ""
            )
        return data

    def _check_namesakes(self, name, data):
        same = list(self.known_people.filter(name=name))
        if same and not data.get("namesake") and not self.repeated:
            posts = "、".join(person.post or "未填职务" for person in same)
            self.add_error(
                "name",
                f"已有登记的“{name}”（{posts}）。是同一个人的，请在上一栏选择；"
                "确是另一个人的，请勾选“确是同名的另一个人”。",
            )
