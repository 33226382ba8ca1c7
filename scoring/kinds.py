"""The kinds of fact that this app writes into the record, with their Chinese titles."""

from record.kinds import register

SHEETS_SUBMITTED = register("sheets.submitted", "评委提交打分")
SHEET_ENTERED = register("sheet.entered", "录入纸质评分表")
SHEET_VERIFIED = register("sheet.verified", "核对纸质评分表")
CORRECTION_ENTERED = register("correction.entered", "提出评分更正")
CORRECTION_VERIFIED = register("correction.verified", "核准评分更正")
CORRECTION_RETURNED = register("correction.returned", "退回评分更正")
