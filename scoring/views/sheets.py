"""Marked rounds for staff: who has handed in, paper sheets, the second person's check."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.models import Competition
from competitions.orders import arrange_entries, arrange_judges
from competitions.queries import work_frame
from competitions.roadmap import Known
from competitions.roles import INSIDERS, STAFF
from scoring import doors
from scoring.actions.paper_sheets import enter_paper_sheets, verify_paper_sheets
from scoring.actions.sheet_rules import MarksRefused, SheetConflict
from scoring.forms.paper import ConfirmForm, PaperForm
from scoring.models import Sheet
from scoring.queries.panels import find_judge
from scoring.queries.paper import find_blank_sheets
from scoring.queries.progress import find_handed_in, load_round_progress, owes_marks
from scoring.queries.sheet_views import (
    compare,
    find_differences,
    find_grid_lines,
    find_matrix,
    marks_of,
    revisions_of,
)

WITHHELD = (
    "本环节的评分表还没有收齐：收齐以前，工作人员只看得到谁交了，不显示各项打分，也不能更正。"
    "收齐后再来查看；确需更正的，也请等收齐后办理（现场打分的，该单位关闭打分后即可）。"
)
ON_STAGE = "这个单位正在打分：关闭打分以前，各项打分谁都不看，也不能更正。"


@enter(read=INSIDERS)
def round_state(request, slug, round_key):
    """This function will show who has handed in what: states only, never a mark or a total."""
    competition, progress, known = _progress(request, slug, round_key)
    context = {
        **_frame(request, competition, progress, known),
        "matrix": find_matrix(progress, competition.moment(timezone.now())),
    }
    return TemplateResponse(request, "scoring/round_state.html", context)


@enter(read=INSIDERS)
def blank_sheets(request, slug, round_key):
    """This function will print blank score sheets for all judges of the round, or for one."""
    competition, progress, known = _progress(request, slug, round_key)
    panel = progress.panel
    if desk := doors.desk_of(panel):
        return redirect(desk)
    chosen = request.GET.get("judge", "")
    judges = [judge for judge in panel.judges if chosen in ("", judge.key)]
    context = {
        **_frame(request, competition, progress, known, ("空白评分表", None)),
        "sheets": find_blank_sheets(panel, judges),
        "chosen": chosen,
    }
    return TemplateResponse(request, "scoring/blank_sheets.html", context)


@enter(read=INSIDERS, write=STAFF)
def paper(request, slug, round_key, judge_key):
    """This function will take a judge's paper sheets as typed by one person."""
    competition, progress, known = _progress(request, slug, round_key)
    judge = _judge(progress, judge_key)
    refuse_to_type_while_marking(request, progress)
    if desk := doors.desk_of(progress.panel):
        return redirect(desk)
    lines = find_grid_lines(progress, judge, request.user.person)
    form = _paper_form(request, progress, judge, lines.mine, keep=True)
    context = {
        **_frame(request, competition, progress, known, (f"{judge.number} 号评委纸质评分表", None)),
        "judge": judge,
        "form": form,
        "others": lines.others,
    }
    if request.method == "POST" and form.is_valid():
        try:
            revision = enter_paper_sheets(
                competition=competition,
                round_key=round_key,
                judge=judge,
                sheets=form.cleaned_data["sheets"],
                op=form.cleaned_data["op"],
                revisions=form.revisions,
                by=request.user.person,
                now=timezone.now(),
            )
        except MarksRefused as refused:
            form.add_problems(refused.problems)
        except SheetConflict as conflict:
            form.add_error(None, conflict)
            context["versions"] = _versions(progress, form, conflict)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _say_entered(request, progress, judge, revision)
            return redirect("work_round", slug, progress.panel.round.key)
    return TemplateResponse(request, "scoring/paper_entry.html", context)


@enter(read=INSIDERS, write=STAFF)
def verify(request, slug, round_key, judge_key):
    """This function will take the second person's reading: typed again, or compared with paper.

    Of a live event it is typed again: what the first has read is nobody's before the closing.
    """
    competition, progress, known = _progress(request, slug, round_key)
    judge = _judge(progress, judge_key)
    refuse_while_marking(request, progress, judge)
    if desk := doors.desk_of(progress.panel):
        return redirect(desk)
    live = progress.stand is not None
    by_paper = not live and request.GET.get("how") == "paper"
    lines = find_grid_lines(progress, judge, request.user.person)
    stored = revisions_of(progress, judge)
    if by_paper:
        form = ConfirmForm(request.POST or None, lines=lines.confirmable, revisions=stored)
        form.initial["op"] = form.initial.get("op") or PaperForm.new_op()
    else:
        form = _paper_form(request, progress, judge, lines.verifiable, keep=False)
    context = {
        **_frame(
            request, competition, progress, known, (f"核对 {judge.number} 号评委评分表", None)
        ),
        "judge": judge,
        "form": form,
        "by_paper": by_paper,
        "own": lines.own_entered,
        "live": live,
        "differences": find_differences(progress, judge, request.user.person if live else None),
        "shown": marks_of(progress, judge, lines.confirmable) if by_paper else {},
    }
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            reading = verify_paper_sheets(
                competition=competition,
                round_key=round_key,
                judge=judge,
                op=data["op"],
                revisions=form.revisions,
                by=request.user.person,
                now=timezone.now(),
                sheets=data.get("sheets"),
                confirmed=data.get("confirmed", ()),
            )
        except MarksRefused as refused:
            form.add_problems(refused.problems)
        except SheetConflict as conflict:
            form.add_error(None, conflict)
            context["versions"] = [] if by_paper else _versions(progress, form, conflict)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _say_verified(request, progress, judge, reading)
            here = "work_verify" if reading.differing else "work_round"
            where = [judge.key] if reading.differing else []
            return redirect(here, slug, progress.panel.round.key, *where)
    return TemplateResponse(request, "scoring/paper_verify.html", context)


def withholds(request, progress, sheet):
    """This function will say in a sentence why a stored sheet's marks are kept from the reader for
    now, or return "": from staff while the round is being collected; from everybody, whoever
    supervises too, while their turn takes marks on the stage."""
    if _is_on_stage(progress, sheet, progress.stand):
        return ON_STAGE
    shown = request.role.kind not in STAFF or progress.shows(sheet, request.user.person)
    return "" if shown else WITHHELD


def _is_on_stage(progress, sheet, stand):
    line = progress.panel.find_line(sheet.entry.key, sheet.site)
    return bool(stand and stand.open and line and stand.open == line.bundle)


def refuse_while_marking(request, progress, judge):
    """This function will raise PermissionDenied for a judge who would read another's marks.

    Whoever has sheets of the round still to hand in must not see them, whatever his role.
    """
    person = request.user.person
    if judge.person_id != person.id and progress.is_owed_by(person):
        raise PermissionDenied(
            "您是本环节的评委，还有打分没有提交，不能查看其他评委的评分表。"
            "请先提交自己的全部打分，或请另一位工作人员办理。"
        )


def refuse_before_own_marks(request, competition):
    """This function will raise PermissionDenied for a judge with sheets of any round to hand in,
    on a page that shows what the others gave."""
    if owes_marks(competition, request.user.person):
        raise PermissionDenied(
            "您是本次比武的评委，还有打分没有提交，不能查看其他评委的打分。请先提交自己的全部打分。"
        )


def refuse_to_type_while_marking(request, progress):
    """This function will raise PermissionDenied for a judge of the round who would type sheets.

    Who reads the others' paper before his own marks are in is no longer impartial; his own sheet
    is for somebody else to type, too.
    """
    if progress.is_owed_by(request.user.person):
        raise PermissionDenied(
            f"您是「{progress.panel.title}」的评委，还有打分没有提交，"
            "不能录入本环节的纸质评分表。请先提交自己的全部打分，或请另一位工作人员录入。"
        )


def _versions(progress, form, conflict):
    """Paper beside paper; a judge's own marks are not to be seen before the round is collected, nor
    anybody's while their turn is open."""
    # Asked once for all rows, and anew: what stands there was written since the page began.
    stand = doors.stage_of(progress.panel)
    kept = [row for row in conflict.existing if _is_on_stage(progress, row, stand)]
    if kept:
        form.add_error(None, ON_STAGE)
        return compare(form, [row for row in conflict.existing if row not in kept])
    pad = [row for row in conflict.existing if row.source == Sheet.Source.PAD]
    if not pad or progress.collected:
        return compare(form, conflict.existing)
    form.add_error(None, f"评委自己提交的，以提交的为准。{WITHHELD}")
    return compare(form, [row for row in conflict.existing if row not in pad])


def _paper_form(request, progress, judge, lines, *, keep):
    """A grid of the lines; with `keep`, the reader's own earlier values stand in it.

    A line that was typed stays in the grid even if somebody has settled it meanwhile: the conflict
    is told, and what was typed is not lost.
    """
    posted = request.POST if request.method == "POST" else None
    if posted is not None:
        lines = [
            line
            for line in progress.panel.lines_of(judge)
            if line in lines or PaperForm.is_typed(posted, line)
        ]
    return PaperForm(
        posted,
        panel=progress.panel,
        lines=lines,
        marks=marks_of(progress, judge, lines) if keep else {},
        revisions=revisions_of(progress, judge),
    )


def _progress(request, slug, round_key):
    competition = get_competition_for(request.role, slug, change=request.method == "POST")
    known = Known()
    progress = load_round_progress(competition, round_key, known)
    if progress is None:
        raise Http404("已公布的规则里没有这个需要评委打分的环节。")
    units = arrange_entries(request, competition, label="单位排列")
    progress.panel.arrange(units, arrange_judges(request))
    return competition, progress, known


def _judge(progress, judge_key):
    judge = find_judge(progress.panel, judge_key)
    if judge is None:
        raise Http404("这位评委不在本环节的评委名单中。")
    return judge


def _frame(request, competition, progress, known, *crumbs):
    item = progress.panel.round
    own = reverse("work_round", args=[competition.slug, item.key])
    first = (item.title, own if crumbs else None)
    return {
        **work_frame(competition, item.key, first, *crumbs, known=known),
        "owes": progress.is_owed_by(request.user.person),
        "progress": progress,
        "panel": progress.panel,
        "round": item,
        "may_write": (
            request.role.kind in STAFF and competition.stage == Competition.Stage.RUNNING
        ),
    }


def _say_entered(request, progress, judge, revision):
    if revision is None:
        messages.info(request, "没有改动，和原来录入的一样。")
        return
    keys = [(fact["entry"], fact["site"]) for fact in revision.facts["sheets"]]
    whole, lacking = find_handed_in(_reload(progress), judge, keys, "missing")
    if whole:
        messages.success(request, f"已录入 {whole} 份，等待另一位工作人员核对。")
    for part in lacking:
        messages.warning(
            request,
            f"已录入{_names(part.given)}，等待另一位工作人员核对；"
            f"同一份评分表上的{_names(part.lacking)}还没有录入，这一份不完整，请补录。",
        )


def _say_verified(request, progress, judge, reading):
    keys = [(row.entry.key, row.site) for row in reading.verified]
    whole, lacking = find_handed_in(_reload(progress), judge, keys, "missing", "entered", "differs")
    if whole or not (lacking or reading.differing):
        messages.success(request, f"已核对 {whole} 份，计入成绩。")
    for part in lacking:
        messages.warning(
            request,
            f"已核对{_names(part.given)}，计入成绩；"
            f"同一份评分表上的{_names(part.lacking)}还没有录入或核对，这一份不完整。",
        )
    if reading.differing:
        names = "、".join(dict.fromkeys(row.entry.name for row in reading.differing))
        messages.warning(request, f"{names}的两次录入不一致，两份都已保留，请对照纸质原件。")


def _reload(progress):
    return load_round_progress(progress.panel.competition, progress.panel.round.key)


def _names(lines):
    return "、".join(line.name for line in lines)
