"""The kinds of fact that this app writes into the record."""

from record.kinds import register

PUBLICATION_RELEASED = register("publication.released", "公布结果或规则")
PUBLICATION_WITHDRAWN = register("publication.withdrawn", "撤回公布")
CLOSING_PROPOSED = register("closing.proposed", "申请归档")
CLOSING_RETURNED = register("closing.returned", "退回归档申请")
COMPETITION_CLOSED = register("competition.closed", "归档")
REOPENING_PROPOSED = register("reopening.proposed", "申请重新打开")
REOPENING_RETURNED = register("reopening.returned", "退回重新打开申请")
COMPETITION_REOPENED = register("competition.reopened", "重新打开")
BUNDLE_IMPORTED = register("bundle.imported", "卷宗导入")
