"""What is no bundle of this place, or was changed on its way, is refused and leaves nothing."""

import base64
import io
import json

import pytest
from django.core.exceptions import ValidationError

from competitions.models import Person
from publication.bundle.read import read_bundle
from publication.import_plan import plan_import
from publication.models import PublishedPage
from publication.verifier import build_verifier
from tests import factories
from tests.publication.travel import FORGERIES, SLUG, everything, rewrite

pytestmark = pytest.mark.django_db(transaction=True)


# That nothing is left of a row, a page and a file is asked of every database; what is forged is
# found in the bundle, beside any.
TELLING = {"mark that went", "page", "attachment"}
CASES = [
    name if name in TELLING else pytest.param(name, marks=pytest.mark.once) for name in FORGERIES
]


@pytest.mark.parametrize("name", CASES)
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


def test_another_county_is_told_nothing_of_what_is_here(bundle, settle):
    settle(bundle)
    with read_bundle(io.BytesIO(bundle)) as opened:
        plan = plan_import(opened, host_code="371323")
    (told,) = plan.problems
    assert "不属于您办理的县" in told
    assert (plan.present, plan.same, plan.known_units) == (None, {}, {})


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


def test_program_that_readers_run_is_never_the_one_that_came(bundle, settle):
    def put_in_place(files):
        lines = [json.loads(line) for line in files["pages.jsonl"].splitlines()]
        for line in lines:
            if line["path"] == "verify/leitai-verify.pyz":
                line["base64"] = base64.b64encode(b"print('forged')").decode()
            elif line["path"] == "verify/":
                line["text"] += "forged"
        lines.append({**lines[0], "path": "verify/more.html", "text": "forged"})
        files["pages.jsonl"] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)

    settle(rewrite(bundle, put_in_place))
    pages = PublishedPage.objects.filter(path__startswith="verify/").order_by("pk")
    assert "verify/leitai-verify.pyz" in {page.path for page in pages}
    assert not [page.path for page in pages if b"forged" in bytes(page.body)]
    for page in pages.filter(path="verify/leitai-verify.pyz"):
        assert bytes(page.body) == build_verifier()
