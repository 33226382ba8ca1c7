"""The kinds of fact that this app writes into the record.

`entries.changed`, `judges.changed`, `recusal.recorded` and `plan.changed` each carry the whole
state of their subject and replace the one before, so that the one in force says how things stand.
"""

from record.kinds import register

COMPETITION_CREATED = register("competition.created", "新建比武")
REHEARSAL_ENDED = register("rehearsal.ended", "结束演练")
PREVIOUS_NAMED = register("competition.previous", "写明上一届")
SCHEME_EDITED = register("scheme.edited", "修改规则草稿")
SCHEME_DRAFTED = register("scheme.drafted", "起草规则")
SCHEME_APPROVED = register("scheme.approved", "审定规则")
SCHEME_PUBLISHED = register("scheme.published", "公布规则")
ENTRIES_CHANGED = register("entries.changed", "参评名单变更")
TERM_RECORDED = register("term.recorded", "登记任职经历")
TERM_PROPOSED = register("term.proposed", "提出任期变更")
TERM_RETURNED = register("term.returned", "退回任期变更")
JUDGES_CHANGED = register("judges.changed", "评委名单变更")
RECUSAL_RECORDED = register("recusal.recorded", "登记回避")
PLAN_CHANGED = register("plan.changed", "时间表变更")

ACCOUNT_CREATED = register("account.created", "新建账号")
ACCOUNT_CHANGED = register("account.changed", "账号变更")
ROLE_GRANTED = register("role.granted", "授予角色")
ROLE_ENDED = register("role.ended", "结束角色")
SIGNIN_OK = register("signin.ok", "登录成功")
SIGNIN_FAILED = register("signin.failed", "登录失败")
ROLE_SWITCHED = register("role.switched", "切换角色")

# A judge's marks: {judge, sheets: [{round, entry, site, marks}]}.
MARKS = ("sheets.submitted", "sheets.late", "sheet.entered")

# What makes the rules and the list of entrants final: the first mark, value, point or ruling.
EVIDENCE = (
    "sheets.submitted",
    "sheets.late",
    "sheet.entered",
    "measurements.entered",
    "ledger.entered",
    "ruling.entered",
)
