"""The only door to ledger events and rulings."""

from django.http import Http404

from scoring.models import LedgerEvent, Ruling

# Whose names the page of one row shows.
HANDS = ("entered_by", "verified_by", "withdrawal_by", "withdrawal_checked_by")


def get_ledger_event_for(competition, key):
    """This function will return a ledger event of a competition that the reader may see, or 404."""
    event = (
        LedgerEvent.objects.filter(competition=competition, key=key)
        .select_related("entry__unit", "entry__term__person", "entry__person", *HANDS)
        .first()
    )
    if event is None:
        raise Http404("没有这条加减分记录。")
    return event


def get_ruling_for(competition, key):
    """This function will return a ruling of a competition that the reader may see, or 404."""
    ruling = Ruling.objects.filter(competition=competition, key=key).select_related(*HANDS).first()
    if ruling is None:
        raise Http404("没有这条裁定。")
    return ruling
