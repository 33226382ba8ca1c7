"""Entrants from a sheet: paste or upload, look at what would change, confirm."""

from django.http import HttpResponse

from competitions import access, actions
from competitions.gates import enter
from competitions.kinds import ENTRIES_CHANGED
from competitions.orders import arrange_entries
from competitions.queries import current_scheme_version, scheme_of
from competitions.queries.entrant_import import columns_for, plan_import, read_rows
from competitions.roles import INSIDERS
from competitions.sheets import XLSX_TYPE, write_xlsx
from competitions.tracks import write_tracks
from competitions.views.entrants import ORGANISER, frame, units_of
from competitions.views.sheet_import import SheetImport


def _said(done):
    added, changed = done
    if not (added or changed):
        return ""
    return f"已导入：新增 {added} 个单位，修改 {changed} 个单位。"


ENTRANTS = SheetImport(
    name="entrants",
    read=read_rows,
    plan=plan_import,
    act=actions.import_entries,
    say=_said,
    compared_with=ENTRIES_CHANGED,
    template="competitions/entrants_import.html",
    back="work_entrants",
)


@enter(read=ORGANISER, write=ORGANISER)
def entrants_import(request, slug):
    """This function will preview a sheet of entrants, and take it over once it is confirmed."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    return ENTRANTS.answer(request, competition, frame(competition, ("粘贴或上传", None)))


@enter(read=INSIDERS)
def entrants_template(request, slug):
    """This function will give the list of entrants as a spreadsheet, in the chosen order."""
    competition = access.get_competition_for(request.role, slug)
    version = current_scheme_version(competition)
    scheme = scheme_of(version) if version else None
    rows = [
        {
            "name": entry.unit.name,
            "aliases": "、".join(entry.unit.aliases),
            "kind": entry.unit.get_kind_display(),
            "peer_group": entry.peer_group,
            "factor": entry.factor,
            "of": entry.of.unit.name if entry.of else None,
            "tracks": write_tracks(entry.tracks, scheme, "unit"),
            "people": entry.people,
            "order": entry.official_order,
        }
        for entry in arrange_entries(request, competition).sort(units_of(competition))
    ]
    content = write_xlsx(
        columns_for(scheme), rows, title=f"{competition.title} 参评单位", notice=competition.mark
    )
    response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="entrants-{slug}.xlsx"'
    return response
