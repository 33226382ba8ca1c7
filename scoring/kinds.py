"""The kinds of fact that this app writes into the record, with their Chinese titles."""

from record.kinds import register

SHEETS_SUBMITTED = register("sheets.submitted", "评委提交打分")
SHEET_ENTERED = register("sheet.entered", "录入纸质评分表")
SHEET_VERIFIED = register("sheet.verified", "核对纸质评分表")
CORRECTION_ENTERED = register("correction.entered", "提出评分更正")
CORRECTION_VERIFIED = register("correction.verified", "核准评分更正")
CORRECTION_RETURNED = register("correction.returned", "退回评分更正")
MEASUREMENTS_ENTERED = register("measurements.entered", "录入指标值")
MEASUREMENTS_VERIFIED = register("measurements.verified", "核对指标值")
MEASUREMENTS_RETURNED = register("measurements.returned", "退回指标值")
LEDGER_ENTERED = register("ledger.entered", "登记加减分")
LEDGER_VERIFIED = register("ledger.verified", "核对加减分")
LEDGER_RETURNED = register("ledger.returned", "退回加减分")
LEDGER_WITHDRAWN = register("ledger.withdrawn", "申请撤回加减分")
RULING_ENTERED = register("ruling.entered", "录入裁定")
RULING_VERIFIED = register("ruling.verified", "核对裁定")
RULING_RETURNED = register("ruling.returned", "退回裁定")
RULING_WITHDRAWN = register("ruling.withdrawn", "申请撤回裁定")
TABULATION_STORED = register("tabulation.stored", "统分")
