"""The door to meeting decisions."""

from django.http import Http404

from rewards.models import MeetingDecision


def get_decision(competition, number):
    """This function will return a decision of the competition by its number, or raise 404."""
    found = (
        MeetingDecision.objects.filter(competition=competition, number=number)
        .select_related(
            "competition", "tabulation__scheme_version", "entered_by", "verified_by", "returned_by"
        )
        .defer("tabulation__evidence", "tabulation__scheme_version__document")
        .first()
    )
    if found is None:
        raise Http404("没有这项会议决定。")
    return found
