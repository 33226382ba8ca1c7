"""A live event whose score sheets are numbered, and two clerks who type them in."""

import uuid

from arena.actions.paper import issue_paper, print_paper, void_paper
from arena.actions.paper_entry import enter_paper
from arena.models import PaperSheet
from tests.scoring.stage import NOW


def once(by):
    """This function will return what every action is told of who does it."""
    return {"op": uuid.uuid4(), "by": by, "now": NOW}


def issue(live):
    """This function will number the sheets of the event and return them."""
    return issue_paper(event=live.fresh(), **once(live.operator))


def paper_of(live, judge=0, key=None):
    """This function will return the valid sheet of a judge for an entry: the first unless said."""
    return PaperSheet.objects.select_related("judge", "entry").get(
        event=live.event,
        judge=live.hall.judges[judge],
        entry__key=key or live.order()[0],
        voided_at__isnull=True,
    )


def type_in(live, by, judge=0, key=None, op=None, paper=None, **changes):
    """This function will type in one sheet by its serial and return what came of it: `paper`, else
    the valid one of the judge for the entry."""
    paper = paper or paper_of(live, judge, key)
    return enter_paper(
        event=live.fresh(),
        serial=paper.shown,
        sheets=live.hall.speech(paper.entry.key, **changes),
        **{**once(by.person), **({"op": op} if op else {})},
    )


def print_all(live, serials, by):
    """This function will log the printing of these sheets."""
    return print_paper(event=live.fresh(), serials=serials, **once(by))


def void(live, paper, by, renew=True, reason="评委写错"):
    """This function will void a sheet."""
    return void_paper(
        event=live.fresh(), serial=paper.serial, reason=reason, renew=renew, **once(by)
    )
