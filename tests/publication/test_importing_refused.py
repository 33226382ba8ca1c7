"""What is no bundle of this place, or was changed on its way, is refused and leaves nothing."""

import pytest
from django.core.exceptions import ValidationError

from competitions.models import Person
from tests import factories
from tests.publication.travel import FORGERIES, SLUG, everything, rewrite

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_bundle_is_refused_and_leaves_nothing_behind(name, bundle, settle, settings):
    change, sentence = FORGERIES[name]
    by = factories.PersonFactory()
    before, stored = everything(), sorted(settings.MEDIA_ROOT.rglob("*.pdf"))
    with pytest.raises(ValidationError) as refused:
        settle(rewrite(bundle, change), by=by)
    assert sentence in "".join(refused.value.messages)
    assert everything() == before
    assert sorted(settings.MEDIA_ROOT.rglob("*.pdf")) == stored


def test_competition_that_is_here_is_not_imported_again(bundle, settle):
    settle(bundle)
    before = everything()
    with pytest.raises(ValidationError, match="已经在本系统里"):
        settle(bundle, by=Person.objects.first())
    assert everything() == before


def test_place_that_is_taken_is_not_taken_over(bundle, settle):
    other = factories.CompetitionFactory(slug=SLUG, title="另一项比武")
    with pytest.raises(ValidationError, match="已由「另一项比武」使用"):
        settle(bundle)
    with pytest.raises(ValidationError, match="不属于您办理的县"):
        settle(bundle, host_code="371323")
    other.delete()
    factories.CompetitionFactory(title=f"{SLUG}的比武", year=2022)
    with pytest.raises(ValidationError, match="已有同名"):
        settle(bundle)
