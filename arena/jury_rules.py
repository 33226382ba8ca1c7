"""On what the audience of a round votes, by the rules: asked by doors, pages and actions alike."""

from competitions.queries import current_scheme_version, scheme_of


def jury_criterion(round_):
    """This function will return the criterion on which the audience of a round votes, or None."""
    if round_.event is None or not round_.event.jury:
        return None
    return round_.criterion(round_.event.jury)


def criterion_of(event):
    """This function will return the same for an event, by the rules in force; None without them."""
    version = current_scheme_version(event.competition)
    if version is None or version.state != version.State.PUBLISHED:
        return None
    try:
        return jury_criterion(scheme_of(version).find_round(event.round_key)[1])
    except KeyError:
        return None
