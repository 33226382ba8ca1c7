"""The list of sums to be paid, as a workbook for the finance office."""

from decimal import Decimal

from competitions.scheme.fields import plain
from competitions.sheets import Column, write_xlsx
from rewards.queries.awards import payment_rows

COLUMNS = [
    Column("number", "序号", kind="number"),
    Column("award", "奖项"),
    Column("name", "获奖对象"),
    Column("unit", "所在单位"),
    Column("to", "发放对象"),
    Column("place", "名次", kind="number"),
    Column("amount", "标准（元）", kind="number"),
    Column("months", "发放月数", kind="number"),
    Column("people", "人数", kind="number"),
    Column("sum", "应发合计（元）", kind="number"),
    Column("basis", "依据"),
    Column("approval", "批准文号"),
    Column("source", "资金来源"),
    Column("decided", "会议调整理由"),
    Column("signed", "领取人签字"),
]


def payment_workbook(competition, outcome, entries, arrangement=None):
    """This function will return the payment list as xlsx bytes: one row a sum, and the total.

    `outcome` is a DecidedOutcome. The row under the title says by what decision it is paid; in a
    demo or a rehearsal it says first that nothing of it is real.
    """
    rows = payment_rows(outcome.final, entries, arrangement)
    total = sum((Decimal(row["sum"]) for row in rows), Decimal(0))
    rows.append({"award": "合计", "sum": plain(total)})
    said = "没有登记会议决定，按规则计算的结果编制。"
    if outcome.decision is not None:
        decision = outcome.decision
        said = (
            f"依据{decision.meeting}（{decision.decided_on:%Y-%m-%d}，"
            f"{decision.document_number}）编制。"
        )
    notice = f"{competition.mark}。{said}" if competition.mark else said
    return write_xlsx(COLUMNS, rows, title=f"{competition.title}奖励资金发放表", notice=notice)
