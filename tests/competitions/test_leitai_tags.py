"""What a tag writes for a plain value, for a missing one and for a shared one."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from competitions.orders import NO_PLACES, ORDERS, Arrangement
from competitions.todo import Step


def render(source, **context):
    return Template("{% load leitai %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ value|points }}", "92.5", "92.50"),
        ("{{ value|points }}", None, "—"),
        ("{{ value|signed }}", "-0.5", "−0.50"),
        ("{{ value|arrow }}", "-0.5", "▼"),
        ("{{ value|yuan }}", 500000, "500,000"),
        ("{{ value|orempty }}", 0, "0"),
        ("{{ value|orempty:'未填' }}", "", "未填"),
        ("{{ value|zhdate }}", date(2022, 8, 20), "2022年8月20日"),
        ("{{ value|zhtime }}", datetime(2022, 8, 20, 1, 30, tzinfo=UTC), "2022年8月20日 09:30"),
        ("{{ value|zhtime }}", None, "—"),
    ],
)
def test_filter_writes_value(source, value, text):
    assert render(source, value=value) == text


def test_place_shared_says_so_in_words():
    assert "并列" in render("{% place 3 True %}")
    assert "并列" not in render("{% place 3 False %}")


def test_score_bar_is_as_long_as_the_share_of_full_marks():
    assert 'width="46.3%"' in render('{% score_bar "9.25" "20" %}')


def test_score_bar_missing_is_not_zero():
    assert render("{% score_bar None 20 %}") == '<span class="cell-missing">缺</span>'


def test_state_is_a_sign_and_a_word():
    drawn = render('{% state "late" %}')
    assert "已逾期" in drawn
    assert "<svg" in drawn


def test_flag_is_named_in_words():
    assert 'aria-label="黄旗"' in render('{% flag "yellow" %}')


def test_order_switch_keeps_the_rest_of_the_address():
    request = RequestFactory().get("/work/x/?track=industry&order=place")
    arrangement = Arrangement("place", ("official", "place"))
    drawn = render("{% order_switch arrangement %}", request=request, arrangement=arrangement)
    assert "?track=industry&amp;order=official" in drawn
    assert '<a href="?track=industry&amp;order=place" aria-current="true">名次</a>' in drawn
    assert "自定义" not in drawn


def test_order_switch_says_why_there_are_no_places_to_order_by():
    arrangement = Arrangement("official", ORDERS, barred={"place": NO_PLACES})
    drawn = render("{% order_switch arrangement %}", arrangement=arrangement)
    assert f'<span title="{NO_PLACES}">名次' in drawn
    assert "order=place" not in drawn


def test_names_from_outside_are_escaped():
    drawn = render("{% flag_chip 'red' name %}", name="<b>狼山镇</b>")
    assert "&lt;b&gt;狼山镇" in drawn


class Sheet(forms.Form):
    points = forms.DecimalField(label="产业振兴", error_messages={"required": "请填写分数。"})

    def clean(self):
        raise forms.ValidationError("这张评分表已由别人改过，请对照后再保存。")


def test_form_errors_link_to_their_fields():
    drawn = render("{% form_errors form %}", form=Sheet({}))
    assert '<a href="#id_points">产业振兴</a>：请填写分数。' in drawn
    assert "<li>这张评分表已由别人改过，请对照后再保存。</li>" in drawn
    assert "以下 2 处" in drawn
    assert drawn.index("这张评分表") < drawn.index("产业振兴"), "as they stand on the page"


def test_form_errors_of_a_formset_name_the_row():
    sheets = forms.formset_factory(Sheet, extra=0)
    bound = sheets({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"})
    assert "第 1 行，产业振兴" in render("{% form_errors form %}", form=bound)


def test_form_errors_of_an_untouched_form_are_silent():
    assert render("{% form_errors form %}", form=Sheet()).strip() == ""


def test_tree_draws_marks_that_did_not_count_with_their_reason():
    drawn = render(
        "{% tree node 1 %}",
        node={
            "kind": "criterion",
            "label": "产业振兴",
            "points": "18.71",
            "full": "20",
            "children": [
                {"kind": "mark", "label": "3 号评委", "dropped": True, "notes": ["去掉最高分"]}
            ],
        },
    )
    assert "node-dropped" in drawn
    assert "去掉最高分" in drawn
    assert drawn.count("<details") == 1


@pytest.mark.parametrize("state", ["done", "current", "todo", "late", "locked"])
def test_step_says_its_state_in_words(state):
    item = SimpleNamespace(key="arena", title="擂台比武", url="/x/", state=state, note="")
    words = {
        "done": "已完成",
        "current": "进行中",
        "todo": "未开始",
        "late": "已逾期",
        "locked": "未到时间",
    }
    assert words[state] in render("{% steps items 'arena' %}", items=[item])
    assert words[state] in render("{% roadmap items %}", items=[item])


def test_page_title_is_the_last_of_the_breadcrumbs():
    assert (
        render("{% page_title %}", breadcrumbs=[("参评单位", "/x/"), ("狼山镇", None)]) == "狼山镇"
    )


def test_name_breaks_before_a_bracket_only_and_is_escaped():
    assert render("{{ name|unbroken }}", name="张启明（演示）（<狼山镇>）") == (
        '张启明<wbr><span class="together">（演示）</span>'
        '<wbr><span class="together">（&lt;狼山镇&gt;）</span>'
    )


def test_only_a_very_long_name_is_held_to_a_width():
    assert render("{{ name|held }}", name="乌兰图克镇") == "乌兰图克镇"
    assert render("{{ name|held }}", name="<镇>" * 9).startswith('<span class="long-name">&lt;镇')


@pytest.mark.parametrize(
    ("title", "competition", "text"),
    [
        ("规则", "比武<甲>", "规则 · 比武&lt;甲&gt; · 擂台"),
        ("比武&lt;甲&gt;评分规则", "比武<甲>", "比武&lt;甲&gt;评分规则 · 擂台"),
        (" 登录\n", None, "登录 · 擂台"),
    ],
)
def test_window_title_names_the_competition_once(title, competition, text):
    source = "{% window_title %}" + title + "{% endwindow_title %}"
    assert render(source, competition=competition) == text


def test_upload_preview_shows_old_and_new_and_folds_what_stays():
    same = {"number": 3, "cells": [{"text": "新华镇"}, {"text": "190"}]}
    changed = {"number": 2, "cells": [{"text": "狼山镇"}, {"text": "225", "state": "changed"}]}
    changed["cells"][1]["old"] = "221"
    drawn = render(
        "{% upload_preview header rows %}", header=["单位", "收入"], rows=[same, changed]
    )
    shown, folded = drawn.split("<details")
    assert '<del class="cell-old">221</del>' in shown
    assert "225" in shown
    assert "新华镇" not in shown
    assert "另有 1 行没有变化" in folded
    assert "新华镇" in folded


def test_roadmap_numbers_its_steps_through_all_phases():
    items = [
        Step("rules", "规则", "/r/", "done", phase="筹备"),
        Step("arena", "擂台比武", "/a/", "current", phase="评分"),
        Step("awards", "授旗与奖励", "/w/", "todo", phase="结果"),
    ]
    drawn = render("{% roadmap items %}", items=items)
    assert drawn.count("<ol") == 3
    assert [word in drawn for word in (">筹备<", ">评分<", ">结果<")] == [True] * 3
    assert '<span aria-hidden="true">3</span>' in drawn


def test_upload_preview_of_a_wide_sheet_lists_each_changed_cell():
    cells = [{"text": "狼山镇"}, *({"text": str(number)} for number in range(20))]
    cells[7] = {"text": "225", "state": "new", "old": ""}
    header = ["单位", *(f"指标 {number}" for number in range(20))]
    rows = [{"number": 2, "cells": cells}]
    drawn = render("{% upload_preview header rows %}", header=header, rows=rows)
    listed, folded = drawn.split("<details")
    assert all(word in listed for word in ("狼山镇", "指标 6", "（空）", "225"))
    assert "指标 7" not in listed
    assert "整张表，1 行" in folded


def test_error_of_a_field_without_a_name_is_not_called_by_its_key():
    class Nameless(forms.Form):
        compared = forms.BooleanField(error_messages={"required": "请先勾选。"})

    shown = render("{% form_errors form %}", form=Nameless({}))
    assert "Compared" not in shown and ">请先勾选。</a>" in shown


def test_heading_alone_names_a_page_without_anything_above_it():
    crumbs = "{% include 'components/breadcrumbs.html' %}"
    assert "狼山镇" not in render(crumbs, breadcrumbs=[("狼山镇", None)])
    assert "狼山镇" in render(crumbs, breadcrumbs=[("参评单位", "/x/"), ("狼山镇", None)])
