"""Changing published rules: a reason and a second person, and a decision once marks are in."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from competitions import actions
from competitions.models import Judge, SchemeVersion
from competitions.queries import scheme_of
from competitions.queries.drafts import working_draft
from competitions.scheme.read import read_document
from competitions.scheme.write import to_document
from publication.actions import refuse_outdated
from publication.queries import find_released_results, published_scheme_version
from record import queries as record
from scoring.models import Sheet
from scoring.queries.rules_change import (
    find_idle_rulings,
    find_left_behind,
    find_unfit_evidence,
)
from tests import factories
from tests.kept import keep
from tests.properties.small_year import SmallYear

CHANGE = "/work/small/rules/change/"
SUBMIT = "/work/small/rules/submit/"
RULES = "/work/small/rules/"
DECIDED = {
    "reason": "擂台延期",
    "decided_by": "区委常委会",
    "decided_on": "2022-08-01",
    "document_number": "〔2022〕7号",
}


@pytest.fixture
def year(organiser, colleague, clerk):
    people = [user.person for user in (organiser, colleague, clerk)]
    build = partial(SmallYear, units=3, judges=3, slug="small", staff=people)
    return keep("three", build, alone=True)


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


def edit(year, change):
    """Save a changed draft, as the editor does."""
    draft = working_draft(year.competition)
    change(draft.document["tracks"][0]["rounds"])
    return actions.save_draft(
        competition=year.competition,
        document=draft.document,
        what="修改",
        revision=draft.revision,
        **year.by(),
    )


def shift_weights(rounds):
    rounds[0]["weight"], rounds[2]["weight"] = "10", "40"


def fill_in(client, address, **values):
    form = client.get(address).context["form"]
    hidden = {
        name: form[name].value() for name in ("op", "revision", "digest") if name in form.fields
    }
    return client.post(address, {**hidden, **values})


def test_change_before_the_first_mark_needs_a_reason_and_a_second_person(
    client, year, organiser, colleague
):
    edit(year, shift_weights)
    assert "reason" in client.get(SUBMIT).context["form"].fields
    assert "decided_by" not in client.get(SUBMIT).context["form"].fields
    assert fill_in(client, SUBMIT).context["form"].errors["reason"]
    assert fill_in(client, SUBMIT, reason="权重写错").url == CHANGE
    page = client.get(CHANGE)
    assert [(c.old, c.new) for c in page.context["changes"]] == [("20", "10"), ("30", "40")]
    assert page.context["tracks"] == []
    assert "必须是两个人" in fill_in(client, CHANGE, do="approve").content.decode()
    assert "等待审定" in client.get(RULES).content.decode()
    client.force_login(colleague)
    assert fill_in(client, CHANGE, do="approve").url == RULES
    client.force_login(organiser)
    assert fill_in(client, CHANGE, do="publish").url == RULES
    states = SchemeVersion.objects.order_by("number").values_list("number", "state")
    assert list(states) == [(1, "superseded"), (2, "published")]
    assert "权重写错" in client.get(RULES).content.decode()
    assert client.get(CHANGE).url == RULES
    assert record.verify_chain(year.competition.chain).ok


def test_rules_in_force_stay_until_the_change_is_published(client, year):
    before = published_scheme_version(year.competition)
    edit(year, shift_weights)
    fill_in(client, SUBMIT, reason="权重写错")
    assert published_scheme_version(year.competition) == before
    with pytest.raises(ValidationError, match="还没有经第二个人审定"):
        actions.publish_scheme(competition=year.competition, **year.by())
    assert published_scheme_version(year.competition) == before


def test_change_after_the_first_mark_needs_a_decision_and_shows_both_places(
    client, year, colleague
):
    year.fill()
    tabulation = year.tabulate()
    edit(year, shift_weights)
    page = fill_in(client, SUBMIT, reason="擂台延期")
    assert set(page.context["form"].errors) == {"decided_by", "decided_on", "document_number"}
    assert fill_in(client, SUBMIT, **DECIDED).url == CHANGE
    page = client.get(CHANGE)
    assert "〔2022〕7号" in page.content.decode()
    track = page.context["tracks"][0]
    assert all(row.old_place and row.new_place for row in track.rows)
    assert all(row.old_total != row.new_total for row in track.rows)
    client.force_login(colleague)
    fill_in(client, CHANGE, do="approve")
    assert fill_in(client, CHANGE, do="publish").url == RULES
    scheme = scheme_of(published_scheme_version(year.competition))
    assert str(scheme.tracks[0].rounds[0].weight) == "10"
    # What was tabulated by the old rules is not published any more.
    with pytest.raises(ValidationError, match="规则改过"):
        refuse_outdated(year.competition, scheme, tabulation)


def test_change_after_results_were_released_is_refused(client, year, colleague):
    year.fill()
    year.finish()
    edit(year, shift_weights)
    fill_in(client, SUBMIT, **DECIDED)
    assert find_released_results(year.competition, None, None)
    # The units' version, of which the county's took the place, nobody reads any more.
    (told,) = find_released_results(year.competition, None, None)
    results = year.competition.publications.in_force().filter(kind="results").order_by("number")
    numbers = dict(results.values_list("circle", "number"))
    assert f"/publish/{numbers['county']}/withdraw/" in told and "全县（区）的第" in told
    assert f"/publish/{numbers['unit']}/withdraw/" not in told
    client.force_login(colleague)
    fill_in(client, CHANGE, do="approve")
    assert "请先撤回结果" in fill_in(client, CHANGE, do="publish").content.decode()
    assert published_scheme_version(year.competition).number == 1


def changed(year, change):
    """The old and the new Scheme of a change."""
    document = to_document(year.scheme)
    change(document["tracks"][0]["rounds"])
    return year.scheme, read_document(document)


def test_rulings_on_what_the_new_rules_have_no_more_are_listed(client, year):
    year.fill()
    secretary = year.entries("secretary")[0]
    document = to_document(year.scheme)
    assert find_idle_rulings(year.competition, year.scheme, read_document(document)) == []
    track = next(track for track in document["tracks"] if track["key"] == "secretary")
    track["key"] = "secretary-2"
    idle = find_idle_rulings(year.competition, year.scheme, read_document(document))
    assert (len(idle), idle[0]) == (3, ("r01", "任职不满考核期", idle[0][2]))
    assert secretary.name in idle[0][2] and "照常计入" in idle[0][2]
    draft = working_draft(year.competition)
    actions.save_draft(
        competition=year.competition,
        document=document,
        what="修改",
        revision=draft.revision,
        **year.by(),
    )
    assert fill_in(client, SUBMIT, **DECIDED).url == CHANGE
    page = client.get(CHANGE)
    assert page.context["idle"] == idle
    assert "不再起作用的裁定" in page.content.decode() and idle[0][2] in page.content.decode()


def test_evidence_of_a_removed_criterion_is_listed_and_that_of_a_changed_one_refused(year):
    year.fill()

    def remove(rounds):
        rounds[2]["criteria"] = [c for c in rounds[2]["criteria"] if c["key"] != "jobs"]
        rounds[2]["scaled"] = True

    old, new = changed(year, remove)
    assert find_unfit_evidence(year.competition, old, new) == []
    assert [
        (title, number) for _, title, number in find_left_behind(year.competition, old, new)
    ] == [(old.find_criterion("jobs")[2].title, 3)]

    def rescale(rounds):
        rounds[0]["criteria"][0]["rule"]["step"] = "1"
        rounds[2]["criteria"][1]["rule"]["quantity"] = "value"

    sentences = find_unfit_evidence(year.competition, *changed(year, rescale))
    assert len(sentences) == 2
    assert "已有 9 项数据" in sentences[0]
    # Weights and full marks ask for the same evidence.
    assert find_unfit_evidence(year.competition, *changed(year, shift_weights)) == []


def test_criterion_that_comes_back_with_its_old_key_does_not_take_old_evidence(
    client, year, colleague
):
    year.fill()

    def remove(rounds):
        rounds[2]["criteria"] = [c for c in rounds[2]["criteria"] if c["key"] != "jobs"]
        rounds[2]["scaled"] = True

    edit(year, remove)
    fill_in(client, SUBMIT, **DECIDED)
    client.force_login(colleague)
    fill_in(client, CHANGE, do="approve")
    fill_in(client, CHANGE, do="publish")
    now_in_force = scheme_of(published_scheme_version(year.competition))

    def come_back(rounds):
        rounds[2]["criteria"][0]["rule"] = {"kind": "measured", "quantity": "increment"}
        rounds[2]["criteria"][0]["rule"]["conversion"] = {"kind": "direct"}

    _, other = changed(year, come_back)
    assert len(find_unfit_evidence(year.competition, now_in_force, other)) == 1


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("clerk", 200, 403), ("auditor", 200, 403), ("outsider", 404, 404), ("leader", 403, 403)],
)
def test_change_is_read_inside_and_made_by_the_organiser(client, year, request, who, reads, writes):
    edit(year, shift_weights)
    fill_in(client, SUBMIT, reason="权重写错")
    client.force_login(request.getfixturevalue(who))
    assert client.get(CHANGE).status_code == reads
    assert client.post(CHANGE, {"do": "approve"}).status_code == writes


def test_who_wrote_a_part_of_the_rules_cannot_approve_them_by_having_another_hand_them_in(
    client, year, organiser, colleague, clerk
):
    edit(year, shift_weights)
    client.force_login(colleague)
    fill_in(client, SUBMIT, reason="权重写错")
    client.force_login(organiser)
    page = client.get(CHANGE).content.decode()
    assert "第 2 稿由您保存" in page and "审定修改" not in page
    assert "没有参加起草的另一位工作人员" in fill_in(client, CHANGE, do="approve").content.decode()
    with pytest.raises(ValidationError, match="审定的人不能是起草的人"):
        actions.approve_scheme(competition=year.competition, **year.by())
    version = actions.approve_scheme(competition=year.competition, **year.by(clerk.person))
    assert version.approved_by == clerk.person


def test_writing_what_was_approved_before_does_not_bar_from_approving_the_next(year, colleague):
    document = working_draft(year.competition).document
    shift_weights(document["tracks"][0]["rounds"])
    actions.save_draft(
        competition=year.competition,
        document=document,
        what="修改",
        revision=working_draft(year.competition).revision,
        **year.by(colleague.person),
    )
    actions.draft_scheme(
        competition=year.competition,
        scheme=read_document(working_draft(year.competition).document),
        change=actions.Change(reason="权重写错"),
        **year.by(colleague.person),
    )
    # The first person wrote the version that is in force, and nothing of this one.
    version = actions.approve_scheme(competition=year.competition, **year.by())
    assert version.approved_by == year.staff[0]


def test_organiser_who_judges_sees_no_places_before_her_own_marks(client, year, organiser):
    year.fill()
    seat = year.judges[0].judge
    seat.person = organiser.person
    seat.save()
    edit(year, shift_weights)
    fill_in(client, SUBMIT, **DECIDED)
    assert client.get(CHANGE).context["tracks"]
    Sheet.objects.filter(judge=seat, round_key="review2").delete()
    page = client.get(CHANGE)
    assert page.context["tracks"] == []
    assert "等您交齐打分以后再看" in page.content.decode()
    # Nor does anybody else before all marks of the round are in.
    Judge.objects.filter(id=seat.id).update(person=factories.PersonFactory())
    page = client.get(CHANGE)
    assert page.context["tracks"] == []
    assert "的评分表还没有收齐" in page.content.decode()
