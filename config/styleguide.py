"""A living page of every component with sample data; served in the demo and in tests only."""

from types import SimpleNamespace

from django import forms
from django.http import Http404
from django.template.response import TemplateResponse

from competitions.context import Shell
from competitions.gates import enter
from competitions.models.competition import DEMO_MARK
from competitions.orders import NO_PLACES, ORDERS, Arrangement
from competitions.roles import ActiveRole, RoleKind

PAGES = {
    "work": ("全年一览", "styleguide/work.html"),
    "tables": ("表格", "styleguide/tables.html"),
    "charts": ("图与得分说明", "styleguide/charts.html"),
    "forms": ("表单", "styleguide/forms.html"),
    "public": ("公众页面", "styleguide/public.html"),
    "pad": ("评委打分", "styleguide/pad.html"),
    "print": ("打印文书", "styleguide/print.html"),
}
ROUNDS = ["第一次联评", "第二次联评", "日常考核", "擂台比武"]
# Invented numbers: place, entry, parts of the four rounds, total.
FIELD = [
    (1, "狼山镇", ["18.62", "18.91", "27.84", "28.15"], "93.52"),
    (2, "双河镇", ["18.40", "18.55", "27.10", "27.92"], "91.97"),
    (3, "新华镇", ["18.11", "18.70", "26.02", "27.50"], "90.33"),
    (3, "干召庙镇", ["17.95", "18.36", "26.77", "27.25"], "90.33"),
    (5, "乌兰图克镇", ["17.60", "18.02", "26.40", "26.98"], "89.00"),
    (6, "白脑包镇", ["17.88", "17.75", "25.31", "26.60"], "87.54"),
    (7, "城关镇", ["17.20", "17.66", "25.90", "26.05"], "86.81"),
    (8, "曙光乡", ["17.41", "17.30", "24.88", "25.70"], "85.29"),
    (9, "八一乡", ["16.90", "17.12", "24.02", "25.33"], "83.37"),
    (10, "狼山农场", ["16.55", "16.81", "23.70", "24.90"], "81.96"),
    (None, "临河农场", ["16.20", "16.44", None, "24.10"], None),
]
AXES = [
    {"label": "产业振兴", "own": "18.62", "mean": "16.90", "full": "20"},
    {"label": "人才振兴", "own": "17.05", "mean": "17.31", "full": "20"},
    {"label": "文化振兴", "own": "18.20", "mean": "17.02", "full": "20"},
    {"label": "生态振兴", "own": "19.10", "mean": "17.88", "full": "20"},
    {"label": "组织振兴", "own": "16.40", "mean": "16.40", "full": "20"},
]
STEPS = [
    ("scheme", "规则", "done", "1 月 10 日公布，已冻结"),
    ("entries", "参评单位", "done", "11 个，书记 11 名"),
    ("baselines", "基期与目标", "done", "已锁定"),
    ("review-1", "第一次联评", "done", "5 月 18 日"),
    ("review-2", "第二次联评", "late", "差 2 份评分表"),
    ("routine", "日常考核", "current", "77 项中已填 65 项"),
    ("arena", "擂台比武", "todo", "8 月 20 日 09:00"),
    ("tabulation", "统分", "locked", "比武结束后"),
    ("awards", "授旗与奖励", "locked", ""),
    ("publish", "公示与公布", "locked", ""),
]
TREE = {
    "kind": "total",
    "label": "狼山镇 总分",
    "points": "93.52",
    "full": "100",
    "formula": "18.62 + 18.91 + 27.84 + 28.15 = 93.52",
    "children": [
        {
            "kind": "round",
            "label": "第一次联评",
            "points": "18.62",
            "full": "20",
            "formula": "93.11 × 20 ÷ 100 = 18.622",
            "rounding": "四舍五入到 2 位小数：18.62",
            "children": [
                {
                    "kind": "criterion",
                    "label": "产业振兴",
                    "points": "18.71",
                    "full": "20",
                    "formula": "（18.5 + 18.6 + 18.8 + 18.7 + 18.95）÷ 5 = 18.71",
                    "rounding": "四舍五入到 2 位小数：18.71",
                    "values": {"评委": "7 名", "去掉": "最高 1 个、最低 1 个"},
                    "children": [
                        {"kind": "mark", "label": "1 号评委", "points": "18.50"},
                        {"kind": "mark", "label": "2 号评委", "points": "18.60"},
                        {
                            "kind": "mark",
                            "label": "3 号评委",
                            "points": "19.40",
                            "dropped": True,
                            "notes": ["去掉一个最高分"],
                        },
                        {"kind": "mark", "label": "4 号评委", "points": "18.80"},
                        {
                            "kind": "mark",
                            "label": "5 号评委",
                            "points": "17.90",
                            "dropped": True,
                            "notes": ["去掉一个最低分"],
                        },
                        {"kind": "mark", "label": "6 号评委", "points": "18.70"},
                        {"kind": "mark", "label": "7 号评委", "points": "18.95"},
                    ],
                },
                {
                    "kind": "criterion",
                    "label": "人才振兴",
                    "points": "18.04",
                    "full": "20",
                    "children": [
                        {"kind": "withheld", "label": "7 名评委的打分按规则不公开"},
                    ],
                },
            ],
        },
        {
            "kind": "round",
            "label": "日常考核",
            "points": "27.84",
            "full": "30",
            "formula": "92.80 × 30 ÷ 100 = 27.84",
            "children": [
                {
                    "kind": "criterion",
                    "label": "农牧民人均可支配收入增速",
                    "points": "9.11",
                    "full": "10",
                    "formula": "10 × [0.6 + 0.4 × 0.0313 ÷ 0.0403] = 9.1067…",
                    "rounding": "四舍五入到 2 位小数：9.11",
                    "values": {"今年": "22,514 元", "基期": "20,817 元", "增速": "8.15%"},
                    "notes": ["不比总量比增量：按比上年的增速计分。"],
                },
                {"kind": "criterion", "label": "招商到位资金", "full": "10"},
            ],
        },
    ],
}
TODOS = [
    {
        "title": "第二次联评还差 2 份评分表",
        "note": "李××（3 号评委）、王××（6 号评委）　截止 7 月 28 日 18:00",
        "url": "#",
        "action": "去催办",
        "late": True,
        "reminder": "【擂台办提醒】第二次联评打分还差您的评分表，"
        "请于 7 月 28 日 18:00 前在手机上提交。如遇问题，请与擂台办联系。",
    },
    {
        "title": "狼山镇的 3 条加分等第二人复核",
        "note": "录入人 赵××，不能由本人复核",
        "url": "#",
        "action": "去复核",
    },
    {"title": "曙光乡还没有填 2023 年目标值", "note": "缺 4 项　截止 7 月 31 日", "url": "#"},
]


class SampleForm(forms.Form):
    """A form with one of each field, for the look of hints and errors."""

    title = forms.CharField(label="名称", help_text="会印在所有页面和文书的开头。")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label="规则", choices=[("linhe-2022", "临河“乡村振兴擂台比武”2022")])
    agree = forms.BooleanField(label="比赛期间向评委显示参评单位的基础数据", required=False)
    note = forms.CharField(label="说明", widget=forms.Textarea(attrs={"rows": 3}), required=False)


@enter(read={RoleKind.ANYONE})
def styleguide(request, page="work"):
    """This function will show one of the sample pages; an unknown name is 404."""
    if page not in PAGES:
        raise Http404
    rows = [
        {
            "place": place,
            "tied": place == 3,
            "label": label,
            "parts": parts,
            "total": total,
            "own": label == "狼山镇",
        }
        for place, label, parts, total in FIELD
    ]
    form = SampleForm({"title": "", "year": "1899"}) if page == "forms" else None
    held = [
        ActiveRole(RoleKind.ORGANISER, "临河区组织部工作人员", host_code="150802"),
        ActiveRole(RoleKind.JUDGE, "评委（第二次联评，3 号）", subject=3),
    ]
    public = page == "public"
    context = {
        "shell": Shell(*(() if public else ("演示·陈静", held[0], held)), demo=DEMO_MARK),
        "competition": "临河区乡镇（农场）党委书记“乡村振兴擂台比武”",
        "competition_url": "/styleguide/",
        "demo": DEMO_MARK,
        "steps": [
            SimpleNamespace(key=key, title=title, url="#", state=state, note=note)
            for key, title, state, note in STEPS
        ],
        "current_step": "routine",
        "breadcrumbs": [("样式", "/styleguide/"), (PAGES[page][0], None)],
        "pages": [(title, f"/styleguide/{name}/") for name, (title, _) in PAGES.items()],
        "rounds": ROUNDS,
        "by_place": Arrangement("place", ORDERS),
        "before_places": Arrangement("official", ORDERS, barred={"place": NO_PLACES}),
        "rows": rows,
        "totals": [row["total"] for row in rows],
        "axes": AXES,
        "tree": TREE,
        "todos": TODOS,
        "form": form,
        "differences": [
            {"label": "产业振兴", "left": "18.50", "right": "18.50"},
            {"label": "人才振兴", "left": "17.00", "right": "17.50"},
            {"label": "文化振兴", "left": "18.20", "right": None},
        ],
        "header": ["单位", "基期（元）", "今年（元）", "目标（元）"],
        "preview": [
            {
                "number": 4,
                "cells": [
                    {"text": "狼山镇"},
                    {"text": "20817"},
                    {"text": "22514", "state": "changed", "old": "22154"},
                    {"text": "22000", "state": "new"},
                ],
            },
            {
                "number": 5,
                "cells": [
                    {"text": "新华镇"},
                    {"text": "十九万", "state": "bad"},
                    {"text": "21034", "state": "new"},
                    {"text": "21000", "state": "new"},
                ],
            },
            {"number": 6, "cells": [{"text": text} for text in ("双河镇", "19905", "", "")]},
        ],
        "problems": [
            {"cell": "B5", "text": "「十九万」不是数，请改为阿拉伯数字，例如 190000。"},
            {"cell": "A9", "text": "「狼山」有两个可能：狼山镇、狼山农场，请写全称。"},
        ],
        "tabs": [
            ("概览", "/styleguide/work/"),
            ("排名", "/styleguide/public/"),
            ("旗帜墙", "#"),
            ("奖励", "#1"),
            ("单位档案", "#2"),
            ("规则", "#3"),
        ],
        "pad_xl": "xl" in request.GET,
    }
    return TemplateResponse(request, PAGES[page][1], context)
