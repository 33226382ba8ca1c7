"""What the pages of every app share: numbers, signs, charts and parts. `{% load leitai %}`."""

from itertools import groupby

from django import template
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from competitions import charts, explained, icons, shown
from competitions.offices import name_subject
from competitions.orders import LABELS

register = template.Library()

# state: (sign, colour class, word). A state is a sign and a word, never colour alone.
STATES = {
    "draft": ("pencil", "mute", "草稿"),
    "pending": ("upload", "warn", "待上传"),
    "submitted": ("check", "done", "已提交"),
    "waiting": ("clock", "wait", "待复核"),
    "verified": ("check", "done", "已复核"),
    "returned": ("back", "warn", "已退回"),
    "locked": ("lock", "mute", "已锁定"),
    "late": ("warning", "warn", "已逾期"),
    "missing": ("warning", "warn", "缺"),
    "open": ("dot", "wait", "进行中"),
    "todo": ("circle", "mute", "未开始"),
    "done": ("check", "done", "已完成"),
    "published": ("check", "done", "已公布"),
    "withheld": ("lock", "mute", "按规则不公开"),
    "recused": ("ban", "mute", "回避"),
    "demo": ("warning", "warn", "演示"),
    "rehearsal": ("warning", "warn", "演练，不计入成绩"),
}
LONG_NAME = 16  # characters that a name may have on one line of a table
MOST_PREVIEWED = 8  # columns of an uploaded sheet that a page can show beside each other
STEP_WORDS = {
    "done": "已完成",
    "current": "进行中",
    "todo": "未开始",
    "late": "已逾期",
    "locked": "未到时间",
}


# Numbers ------------------------------------------------------------------------------------


@register.filter
def points(value, places=2):
    """This function will write points with two decimals (or as said), a missing value as —."""
    return shown.points_text(value, places)


@register.filter
def plain(value):
    """This function will write a number without trailing zeros, a missing value as —."""
    return shown.plain_text(value)


@register.filter
def signed(value, places=2):
    """This function will write a difference with its sign: +1.20, −0.50."""
    return shown.signed_text(value, places)


@register.filter
def arrow(value):
    """This function will return ▲, ▼ or ＝ for a difference: never colour alone."""
    value = shown.exact(value)
    return "" if value is None else "▲" if value > 0 else "▼" if value < 0 else "＝"


@register.filter
def yuan(value):
    """This function will write an amount in yuan with thousands separated: 500,000."""
    return shown.yuan_text(value)


@register.filter
def share(value, full):
    """This function will return value ÷ full in per cent (0–100) as ASCII text, for a bar."""
    return shown.share(value, full)


@register.filter
def orempty(value, word=shown.MISSING):
    """This function will write a missing value (None or "") as — or the given word; 0 stays 0."""
    return word if value is None or value == "" else value


@register.filter
def zhdate(value):
    """This function will write a date: 2022年8月20日; missing is —."""
    return f"{value.year}年{value.month}月{value.day}日" if value else shown.MISSING


@register.filter
def zhtime(value):
    """This function will write a moment in the product's time zone: 2022年8月20日 09:30."""
    if not value:
        return shown.MISSING
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{zhdate(value)} {value:%H:%M}"


@register.filter
def unbroken(name):
    """This function will let a name break before a bracket only: 张启明 | （狼山镇）."""
    first, *brackets = str(name).replace("（", "\0（").split("\0")
    groups = format_html_join("", '<wbr><span class="together">{}</span>', ((b,) for b in brackets))
    return format_html("{}{}", first, groups)


@register.filter
def held(name):
    """This function will hold a very long name to a column of its own width; a name of the usual
    length stays as it is, on one line."""
    if len(str(name)) <= LONG_NAME:
        return name
    return format_html('<span class="long-name">{}</span>', name)


@register.filter
def who(subject, office):
    """This function will head a column of entries: 参评单位, 个人, or the secretaries' office."""
    return name_subject(subject, office)


@register.filter
def lookup(mapping, key):
    """This function will return mapping[key], or None."""
    return mapping.get(key) if mapping else None


# Signs --------------------------------------------------------------------------------------


@register.simple_tag
def icon(name, label=""):
    """This function will draw a sign; with a label it is named to screen readers, else hidden."""
    return icons.draw(name, label)


@register.simple_tag
def flag(colour, label=""):
    """This function will draw a flag, colour "red" (红旗) or "yellow" (黄旗), named in words."""
    return icons.draw_flag(colour, label or {"red": "红旗", "yellow": "黄旗"}[colour])


@register.simple_tag
def flag_chip(colour, text):
    """This function will draw a small flag with the track's name beside it, for table cells."""
    return format_html('<span class="flag-chip">{}<span>{}</span></span>', flag(colour), text)


@register.simple_tag
def state(name, word=""):
    """This function will draw a state as sign and word; `word` replaces the usual word."""
    sign, colour, usual = STATES[name]
    return format_html(
        '<span class="state state-{}">{}{}</span>', colour, icons.draw(sign), word or usual
    )


@register.simple_tag
def draw_ticks(ticks):
    """This function will draw who has marked, (name, whether he has) each, as a list's items.

    A hall draws them anew for every hand-in: a template took ten times as long over a whole panel.
    """
    said = '<span class="visually-hidden">已交</span>'
    drawn = [
        f'<li class="stage-tick"><span>{escape(name)}</span>{said}</li>'
        if marked
        else f'<li class="stage-no-tick"><span>{escape(name)}</span></li>'
        for name, marked in ticks
    ]
    return SafeString("".join(drawn))


@register.simple_tag
def place(number, tied=False):
    """This function will write a place, with 并列 under it where it is shared."""
    if number is None:
        return mark_safe(
            '<span class="rank-number"><span class="visually-hidden">无名次</span>—</span>'
        )
    tie = mark_safe('<span class="tie">并列</span>') if tied else ""
    return format_html('<span class="rank-number">{}</span>{}', number, tie)


@register.simple_tag
def score_bar(value, full, places=2):
    """This function will write points over a bar of their share of the full marks."""
    text = shown.points_text(value, places)
    if text == shown.MISSING:
        return mark_safe('<span class="cell-missing">缺</span>')
    return format_html(
        '<span class="score"><span class="score-number">{}</span>'
        '<svg class="score-bar" aria-hidden="true" focusable="false">'
        '<rect class="c-track" width="100%" height="100%" rx="2"/>'
        '<rect class="c-bar" width="{}%" height="100%" rx="2"/></svg></span>',
        text,
        shown.share(value, full),
    )


@register.simple_tag(takes_context=True)
def page_title(context):
    """This function will return the name of the thing shown: the last of the breadcrumbs."""
    crumbs = context.get("breadcrumbs")
    return crumbs[-1][0] if crumbs else "首页"


@register.simple_block_tag(takes_context=True)
def window_title(context, content):
    """This function will write a window's title from a page's: the competition once, then 擂台."""
    own = conditional_escape(context.get("competition") or "")
    parts = [content.strip(), own] if own and own not in content else [content.strip()]
    # What the page's block wrote is escaped already.
    return format_html_join(" · ", "{}", ((SafeString(part),) for part in [*parts, "擂台"]))


# Parts --------------------------------------------------------------------------------------


@register.inclusion_tag("components/order_switch.html", takes_context=True)
def order_switch(context, arrangement):
    """This function will link the orders of a table, keeping the rest of the address.

    `arrangement` is a competitions.orders.Arrangement. An order that cannot be chosen now is shown
    without a link and says why.
    """
    query = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    query.pop("page", None)
    links = []
    for key in arrangement.orders:
        query[arrangement.param] = key
        links.append(
            {
                "label": LABELS[key],
                "url": f"?{query.urlencode()}",
                "current": key == arrangement.order,
                "barred": arrangement.barred.get(key, ""),
            }
        )
    return {"links": links, "label": arrangement.label}


@register.inclusion_tag("components/stat.html")
def stat(label, value, unit="", note=""):
    """This function will draw one tile of a `<dl class="stats">`."""
    return {"label": label, "value": value, "unit": unit, "note": note}


@register.inclusion_tag("components/empty.html")
def empty(title, hint="", url="", action="", sign="box"):
    """This function will say that there is nothing yet and what to do next."""
    return {"title": title, "hint": hint, "url": url, "action": action, "sign": sign}


@register.inclusion_tag("components/steps.html")
def steps(items, here=""):
    """This function will draw the year's steps as a side list; `here` is the page's step's key."""
    return {"steps": items, "here": here, "words": STEP_WORDS}


@register.inclusion_tag("components/roadmap.html")
def roadmap(items):
    """This function will draw the 时间表: across on a desk, down on a phone. Items as `steps`.

    Each phase of the year is a row of its own, so that every step keeps room for its words.
    """
    numbered = enumerate(items, 1)
    phases = groupby(numbered, key=lambda pair: getattr(pair[1], "phase", ""))
    return {"phases": [(title, list(pairs)) for title, pairs in phases], "words": STEP_WORDS}


@register.inclusion_tag("components/upload_preview.html")
def upload_preview(header, rows, problems=()):
    """This function will show what an uploaded sheet would do: changed cells as old → new.

    `header`: titles. `rows`: dicts with number and cells (text; state "", "new", "changed" or
    "bad"; old). Rows without a state are folded away; of a wide sheet every changed cell has a line
    of its own, and the sheet is folded whole. `problems`: dicts with cell and text.
    """
    laid = [
        {"number": row["number"], "cells": list(zip(header, row["cells"], strict=False))}
        for row in rows
    ]
    changed, same, changes = [], [], []
    for row in laid:
        found = [(title, cell) for title, cell in row["cells"] if cell.get("state")]
        (changed if found else same).append(row)
        name = row["cells"][0][1]["text"] if found else ""
        changes += [(row["number"], name, title, cell) for title, cell in found]
    wide = len(header) > MOST_PREVIEWED
    return {
        "header": header,
        "problems": problems,
        "changes": changes if wide else [],
        "shown": [] if wide else changed,
        "folded": laid if wide else same,
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form):
    """This function will list a form's (or formset's) errors at the top, linked to the fields."""
    return {"errors": _form_errors(form)}


def _form_errors(form):
    if form is None or not form.is_bound:
        return []
    found = []
    if hasattr(form, "forms"):
        for number, inner in enumerate(form.forms, 1):
            found += [{**item, "where": f"第 {number} 行"} for item in _form_errors(inner)]
        return [{"text": text} for text in form.non_form_errors()] + found
    # What concerns the whole form, then the fields as they stand on the page.
    found = [{"text": text} for text in form.non_field_errors()]
    for field in form:
        # A field without a name of its own would be called by its English key.
        label, target = field.label if field.field.label else "", field.id_for_label
        found += [{"text": text, "label": label, "target": target} for text in field.errors]
    return found


@register.inclusion_tag("components/copy_text.html")
def copy_text(text, title="提醒文字", rows=4, opened=False):
    """This function will fold a text to be pasted elsewhere, with a button that copies it."""
    return {"text": text, "title": title, "rows": rows, "opened": opened}


@register.inclusion_tag("components/tree.html")
def tree(node, depth=1, opened=False):
    """This function will draw the explanation of a number.

    `node` is a scoring Node or its document. The first `depth` levels are open, or all of them.
    """
    return {"node": explained.lay_out(node), "depth": depth, "opened": opened}


@register.filter
def less_one(number):
    """This function will return one less: the depth still to be opened in a tree."""
    return number - 1


@register.inclusion_tag("components/signatures.html")
def signatures(*roles):
    """This function will draw a line to sign on for each role, and one for the date."""
    return {"roles": roles}


@register.inclusion_tag("components/tabs.html")
def tabs(items, here=""):
    """This function will draw tabs of (title, url) pairs; `here` is the current address."""
    return {"items": items, "here": here}


# Charts -------------------------------------------------------------------------------------


@register.inclusion_tag("components/chart_ranking.html")
def ranking_chart(rows, full, series, title="总分排名", note=""):
    """This function will draw `competitions.charts.ranking`."""
    return {"chart": charts.ranking(rows, full, series), "title": title, "note": note}


@register.inclusion_tag("components/chart_dumbbell.html")
def dumbbell_chart(axes, own_label, title="", note=""):
    """This function will draw `competitions.charts.dumbbell`."""
    return {"chart": charts.dumbbell(axes), "own_label": own_label, "title": title, "note": note}


@register.inclusion_tag("components/chart_radar.html")
def radar_chart(axes, own_label, title="", note=""):
    """This function will draw `competitions.charts.radar`; text below it says the same."""
    return {"chart": charts.radar(axes), "own_label": own_label, "title": title, "note": note}


@register.inclusion_tag("components/chart_spread.html")
def spread_chart(values, own, own_label, title="", note="", counted="个参评单位"):
    """This function will draw `competitions.charts.spread`."""
    chart = charts.spread(values, own, own_label, counted)
    return {"chart": chart, "own_label": own_label, "title": title, "note": note}


@register.inclusion_tag("components/chart_ring.html")
def ring(done, whole, label, unit="份"):
    """This function will draw a ring of how much is done: counts, a label and their unit."""
    return {"ring": charts.ring(done, whole), "label": label, "unit": unit}
