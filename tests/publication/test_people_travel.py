"""People, tracks, towns and numbers of heads travel in a bundle as they stood."""

import pytest
from django.utils import timezone

from competitions import actions
from competitions.entrants import Contestant, Entrant
from competitions.models import Person
from competitions.queries import current_scheme_version, scheme_of
from competitions.scheme.shipped import read_shipped
from publication.bundles import export_bundle
from scoring.queries.evidence import load_evidence
from scoring.rules.evidence import to_document
from tests import factories
from tests.publication.travel import NOW, leave

pytestmark = pytest.mark.django_db(transaction=True)


def test_people_tracks_towns_and_heads_travel_without_loss(settle):
    by = factories.PersonFactory(name="演示·甲")
    who = {"by": by, "now": timezone.now()}
    competition = actions.create_competition(
        host_code=factories.HOST,
        host_name="临河区",
        year=2022,
        scheme=read_shipped("baise-villages"),
        entrants=[Entrant("一村", "village", people=6), Entrant("一镇"), Entrant("二镇")],
        **who,
    )
    who["competition"] = competition
    village = competition.entries.with_subjects().get(key="e01")
    # The village was on the list before its town.
    actions.update_entry(
        entry=village, name="一村", kind="village", aliases=[], peer_group="", factor="1",
        of="一镇", people=7, **who,
    )  # fmt: skip
    actions.assign_track(track_key="ecology", keys={"e01", "e02"}, **who)
    actions.add_contestants(contestants=[Contestant(Person(name="演示·乙"), "一村")], **who)
    scheme = scheme_of(current_scheme_version(competition))
    facts = to_document(load_evidence(competition, scheme))
    data = leave(competition)
    factories.PersonFactory.create_batch(20)
    settled = settle(data)
    assert to_document(load_evidence(settled, scheme)) == facts
    assert export_bundle(settled, now=NOW) == data
    assert settled.entries.get(key="p01").name == "演示·乙（一村）"
