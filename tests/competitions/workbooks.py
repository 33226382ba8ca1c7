"""Spreadsheets as tests need them: honest ones by openpyxl, hostile ones part by part."""

import io
import zipfile

import openpyxl


def workbook(rows, *, merged=(), formats=None, sheets=()):
    """This function will return an xlsx file with the rows, merged ranges and number formats."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    for row in rows:
        sheet.append(row)
    for spot, number_format in (formats or {}).items():
        sheet[spot].number_format = number_format
    for reference in merged:
        sheet.merge_cells(reference)
    for name, state, content in sheets:
        other = book.create_sheet(name, 0)
        other.sheet_state = state
        for row in content:
            other.append(row)
    book.active = len(book.worksheets) - 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


WORKBOOK = (
    '<workbook xmlns:r="r"><sheets><sheet name="数据" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
LINKS = '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'


def raw_workbook(sheet="", *, data="", extra=None, head=""):
    """This function will return an xlsx file with the given XML of its only sheet."""
    sheet = sheet or f"<worksheet><sheetData>{data}</sheetData></worksheet>"
    parts = {
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": LINKS,
        "xl/worksheets/sheet1.xml": head + sheet,
        **(extra or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def text_cell(spot, text):
    """This function will return the XML of a cell that holds its text itself."""
    return f'<c r="{spot}" t="inlineStr"><is><t>{text}</t></is></c>'
