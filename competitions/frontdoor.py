"""What is made known at the front door: published competitions, and rules as they are published.

Publications stand above this app, so they register themselves here when they start.
"""

from dataclasses import dataclass

_providers: list = []
_followers: list = []
_checks: list = []
_earlier_checks: list = []
_openings: list = []
_overs: list = []
_nows: list = []
_replacements: list = []
_pages: list = []
_results: list = []


@dataclass(frozen=True)
class Published:
    """A competition that everyone may read about: where, when, and what is known so far."""

    title: str
    host_name: str
    year: int
    url: str
    note: str = ""
    demo: bool = False


def register_published(provider):
    """This function will add a provider: provider() -> [Published], latest first."""
    if provider not in _providers:
        _providers.append(provider)


def find_published():
    """This function will return what visitors may read, latest first."""
    return [item for provider in _providers for item in provider()]


def when_rules_published(follow):
    """This function will have follow(competition=…, by=…, now=…) called in the transaction that
    publishes a competition's rules, so that readers outside see them at once."""
    if follow not in _followers:
        _followers.append(follow)


def tell_rules_published(competition, *, by, now):
    """This function will call everyone who waits for rules to be published."""
    for follow in _followers:
        follow(competition=competition, by=by, now=now)


def before_rules_change(check):
    """This function will have check(competition, old, new) asked before published rules (Schemes)
    are changed: it yields a sentence for everything that forbids the change."""
    if check not in _checks:
        _checks.append(check)


def find_change_obstacles(competition, old, new):
    """This function will return what forbids to change the published rules, in sentences."""
    return [sentence for check in _checks for sentence in check(competition, old, new)]


def before_earlier_change(check):
    """This function will have check(competition) asked before it is said anew from which earlier
    year is counted: it yields a sentence for everything that forbids it."""
    if check not in _earlier_checks:
        _earlier_checks.append(check)


def find_earlier_obstacles(competition):
    """This function will return what forbids to change the previous year, in sentences."""
    return [sentence for check in _earlier_checks for sentence in check(competition)]


def before_rehearsal_ends(find):
    """This function will have find(competition) asked before a rehearsal is ended: it yields a
    sentence for everything in it that is still open. Nothing of it forbids the end."""
    if find not in _openings:
        _openings.append(find)


def find_open_in_rehearsal(competition):
    """This function will return what is still open in a rehearsal, in sentences."""
    return [sentence for find in _openings for sentence in find(competition)]


def when_marking_is_over(find, *, now):
    """This function will have find(competition) asked for the {(round key, unit's id)} of which the
    marking has been closed: nobody may come to owe a mark there any more; and now(competition) for
    those that are being marked before an audience: there nobody ceases to owe one but by a ruling.
    """
    if find not in _overs:
        _overs.append(find)
        _nows.append(now)


def find_marking_over(competition):
    """This function will return {(round key, unit's id)} of which the marking has been closed."""
    return {pair for find in _overs for pair in find(competition)}


def find_marking_now(competition):
    """This function will return {(round key, unit's id)} of whom an audience sees the marking."""
    return {pair for find in _nows for pair in find(competition)}


def when_judge_replaced(follow):
    """This function will have follow(judge=…, successor=…, by=…, now=…) called in the transaction
    in which a judge's seats are taken over."""
    if follow not in _replacements:
        _replacements.append(follow)


def tell_judge_replaced(judge, successor, *, by, now):
    """This function will call everyone who waits for a judge to be replaced."""
    for follow in _replacements:
        follow(judge=judge, successor=successor, by=by, now=now)


def when_results_change(follow):
    """This function will have follow(competition, now=…) called in the transaction that tabulates
    anew, or enters, verifies or returns a meeting's decision."""
    if follow not in _results:
        _results.append(follow)


def tell_results_changed(competition, *, now):
    """This function will call everyone who shows what was made from results, last in the
    transaction."""
    for follow in _results:
        follow(competition, now=now)


def before_pages_change(hold):
    """This function will have hold(competition) called before what live pages show is changed
    otherwise than by a hand-in: see `hold_pages`."""
    if hold not in _pages:
        _pages.append(hold)


def hold_pages(competition):
    """This function will keep every live page and every hand-in as they are until the transaction
    ends: whoever changes what pages show begins with this, after the judge or the competition has
    been locked and before anything is put into the record, as who hands in does. In another order
    two would wait for each other."""
    for hold in _pages:
        hold(competition)
