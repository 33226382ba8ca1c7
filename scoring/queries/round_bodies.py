"""The revisions of one round, without reading the bodies of all other rounds of the year."""

from functools import reduce
from operator import or_

from django.db.models import Q

from record.chain.canonical import encode
from record.models import Revision


def find_round_bodies(competition, round_key, *names, criteria=()):
    """This function will return [(Revision, facts)] of these kinds whose body is of the round, in
    the order of the chain; with `criteria`, only those in which one of these criterion keys may be
    named. One query, which takes as many bodies as there may be such: what the database looks for
    is the canonical text, what it finds is read once.
    """
    revisions = Revision.objects.of_chain(competition.chain).of_kind(*names)
    revisions = revisions.filter(_named("round", round_key))
    if criteria:
        revisions = revisions.filter(reduce(or_, (_named("criterion", key) for key in criteria)))
    found = [(revision, revision.facts) for revision in revisions]
    return [(revision, facts) for revision, facts in found if facts["round"] == round_key]


def _named(name, key):
    return Q(body__contains=encode({name: key})[1:-1].decode())
