"""Judges from a sheet: pasted or uploaded, previewed, confirmed."""

from django.http import HttpResponse

from competitions import access, actions
from competitions.forms.judges import JudgeSheetForm
from competitions.gates import enter
from competitions.kinds import JUDGES_CHANGED
from competitions.orders import arrange_judges
from competitions.queries.judge_import import COLUMNS, plan_judges, read_rows, write_rows
from competitions.roles import INSIDERS, RoleKind
from competitions.sheets import XLSX_TYPE, write_xlsx
from competitions.views.judges import frame, judges_of
from competitions.views.sheet_import import SheetImport

ORGANISER = {RoleKind.ORGANISER}


def _said(done):
    added, changed = done
    return f"已导入：新增 {added} 名评委，修改 {changed} 名。" if added or changed else ""


JUDGES = SheetImport(
    name="judges",
    sheet=JudgeSheetForm,
    read=read_rows,
    plan=plan_judges,
    act=actions.import_judges,
    say=_said,
    compared_with=JUDGES_CHANGED,
    template="competitions/judges_import.html",
    back="work_judges",
)


@enter(read=ORGANISER, write=ORGANISER)
def judges_import(request, slug):
    """This function will preview a sheet of judges, and take it over once it is confirmed."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    return JUDGES.answer(request, competition, frame(competition, ("粘贴或上传", None)))


@enter(read=INSIDERS)
def judges_template(request, slug):
    """This function will give the list of judges as a spreadsheet, in the chosen order."""
    competition = access.get_competition_for(request.role, slug)
    judges = arrange_judges(request).sort(judges_of(competition))
    content = write_xlsx(
        COLUMNS,
        write_rows(judges, frame(competition)["scheme"]),
        title=f"{competition.title} 评委",
        notice=competition.mark,
    )
    response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="judges-{slug}.xlsx"'
    return response
