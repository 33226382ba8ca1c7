"""Forms of publishing and withdrawing."""

import uuid

from crispy_forms.helper import FormHelper
from django import forms

from publication.models import Circle
from publication.queries import day_text


class PublishForm(forms.Form):
    """Which circle reads the version, and for a public notice its dates and where to object.

    A notice that was over before `today` (a date) is refused.
    """

    op = forms.UUIDField(widget=forms.HiddenInput)
    # The number of the tabulation that the organiser looked at before she published.
    tabulation = forms.IntegerField(widget=forms.HiddenInput)
    circle = forms.ChoiceField(
        label="公布范围",
        choices=[
            (Circle.UNIT.value, "本单位：各单位书记只看本单位的名次和得分说明"),
            (Circle.LEADING.value, "领导小组：登录后看全部名次，不对外"),
            (Circle.COUNTY.value, "全县（区）：能打开本系统的人都能看，不需要登录"),
            (Circle.PUBLIC.value, "社会公示：只有拟表彰名单、公示期和异议渠道"),
        ],
        widget=forms.RadioSelect,
    )
    since = forms.DateField(
        label="公示开始日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="公示结束日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="一般不少于 5 个工作日。",
    )
    telephone = forms.CharField(label="异议电话", required=False, max_length=40)
    address = forms.CharField(label="异议受理地址", required=False, max_length=120)
    sure = forms.BooleanField(
        label="我已核对，公布后这一版不能再改，只能另出新版或撤回",
        error_messages={"required": "请勾选确认后再公布。"},
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        if not self.is_bound:
            self.initial.setdefault("op", uuid.uuid4())

    def clean(self):
        data = super().clean()
        if data.get("circle") == Circle.PUBLIC:
            for name in ("since", "until", "telephone", "address"):
                if not data.get(name) and name not in self.errors:
                    label = self.fields[name].label
                    self.add_error(name, f"社会公示须写明{label}，请填写。")
            since, until = data.get("since"), data.get("until")
            if since and until and until < since:
                self.add_error("until", "公示结束日期不能早于开始日期，请核对。")
            elif until and until < self.today:
                # One that began earlier is fine: on paper, or in a version that this one replaces.
                self.add_error(
                    "until",
                    f"公示期到 {day_text(until)} 已经结束，没有人还能提出异议。"
                    "请把公示结束日期改为今天或以后的日期。",
                )
        return data

    def notice(self):
        """This function will return the notice's facts as text, None for other circles."""
        data = self.cleaned_data
        if data["circle"] != Circle.PUBLIC:
            return None
        return {
            "since": day_text(data["since"]),
            "until": day_text(data["until"]),
            "telephone": data["telephone"],
            "address": data["address"],
        }


class RulesAgainForm(forms.Form):
    """That the page of the rules in force, which had been withdrawn, is opened again."""

    op = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    again = forms.CharField(widget=forms.HiddenInput, initial="rules")


class WithdrawForm(forms.Form):
    """Why a version is withdrawn."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="撤回原因", max_length=200, error_messages={"required": "请写明撤回的原因。"}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        if not self.is_bound:
            self.initial.setdefault("op", uuid.uuid4())


class ClosingForm(forms.Form):
    """Asking for the archive or for opening again, and what a second person does with it."""

    DOINGS = [
        ("close", "申请归档"),
        ("reopen", "申请重新打开"),
        ("verify", "确认"),
        ("return", "退回"),
    ]

    op = forms.UUIDField(widget=forms.HiddenInput)
    do = forms.ChoiceField(label="办理", choices=DOINGS)
    # The request that the page showed, so that an old page settles no other.
    request = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label="原因", required=False, max_length=200)
    objections_settled = forms.BooleanField(label="异议已经办结", required=False)


class BundleForm(forms.Form):
    """A bundle of a whole competition, as a zip."""

    MOST_BYTES = 18 * 1024 * 1024

    bundle = forms.FileField(
        label="卷宗（zip）",
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
        help_text=(
            "整卷导出的内部卷宗，不超过 18 MB；更大的请系统管理员用 import_bundle 命令导入。"
        ),
        error_messages={
            "required": "请选择要导入的卷宗文件。",
            "empty": "这个文件是空的，请重新选择卷宗。",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_bundle(self):
        file = self.cleaned_data["bundle"]
        if file.size > self.MOST_BYTES:
            raise forms.ValidationError(
                "卷宗超过 18 MB，请系统管理员在服务器上用 import_bundle 命令导入。"
            )
        return file


class ConfirmBundleForm(forms.Form):
    """That the bundle which was looked at is to be imported."""

    token = forms.CharField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label="我已核对，这项比武以后在本系统里办理，原系统不再改动",
        error_messages={"required": "请核对后勾选，再导入。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
