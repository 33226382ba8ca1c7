"""Own address, another's object: ids that belong elsewhere lead nowhere."""

from competitions.models import Entry, Involvement, Recusal
from scoring.models import LedgerEvent, Sheet
from tests import factories
from tests.people import OTHER_HOST


def statuses(client, *addresses):
    """This function will return {(address, method): status} of reading and of writing."""
    return {
        (address, method): client.generic(method, address).status_code
        for address in addresses
        for method in ("GET", "POST")
    }


def test_object_of_another_competition_is_not_there(attend, year):
    work, other = f"/work/{year.slug}", {"competition__slug": "linhe-2023"}
    sheet = Sheet.objects.filter(round_key="review1", **other).first()
    event = LedgerEvent.objects.filter(competition=year.competition).last()
    recusal = Recusal.objects.filter(judge__competition__slug="linhe-2023").first()
    answers = statuses(
        attend("org"),
        f"{work}/rounds/review1/sheets/{sheet.id}/",
        f"/work/linhe-2023/ledger/{event.key}/",
        f"/work/linhe-2023/ledger/{event.key}/evidence",
        f"/work/linhe-2023/tabulation/{year.tabulation}/",
        f"/work/linhe-2023/awards/decision/{year.decision}/verify/",
        f"/work/linhe-2023/awards/decision/{year.decision}/scan/",
        f"{work}/publish/99/withdraw/",
        f"{work}/entrants/e99/",
        f"{work}/judges/j99/",
        f"{work}/rounds/review1/paper/{year.arena_judge}/",
    )
    assert set(answers.values()) <= {404, 405}, answers
    lift = f"{work}/recusals/{recusal.id}/lift/"
    assert attend("org").post(lift).status_code == 404
    assert Recusal.objects.filter(id=recusal.id).exists()


def test_person_of_another_county_is_not_there(attend, year):
    unit = factories.UnitFactory(host_code=OTHER_HOST)
    term = factories.PartySecretaryFactory(unit=unit)
    tie = Involvement.objects.create(person=term.person, unit=unit, kind="in_charge")
    work, client = f"/work/{year.slug}", attend("org")
    assert client.get(f"{work}/secretaries/{term.id}/").status_code == 404
    assert client.post(f"{work}/recusals/ties/{tie.id}/remove/").status_code == 404


def test_judge_has_no_pad_for_a_round_without_his_seat_or_an_entrant_he_is_recused_from(
    attend, year
):
    assert set(statuses(attend("pingwei01"), f"/judge/{year.slug}/arena/").values()) == {404}
    assert attend("pingwei01").post(f"/judge/{year.slug}/arena/submit/").status_code == 404
    assert attend("jdg").get(f"/judge/{year.slug}/review1/").status_code == 404
    recused = Entry.objects.get(unit__name="干召庙镇", subject="unit", competition__slug=year.slug)
    pad = f"/judge/{year.slug}/arena/{recused.key}/"
    assert attend("jdg").get(pad).status_code == 200
    # He is told that nothing is asked of him, and finds no field.
    spared = attend("pingwei13").get(pad)
    assert "不必打分" in spared.content.decode() and b'name="m.' not in spared.content
    assert attend("pingwei13").post(pad).status_code == 404


def test_active_role_decides_and_not_what_else_one_could_be(attend, year):
    """高志远 is a judge and in the leading group: as the one he does not have the other's pages."""
    client = attend("pingwei08")
    assert client.get(f"/leading/{year.slug}/").status_code == 200
    assert client.get("/judge/").status_code == 403
    judge = next(
        role for role in client.get("/role/").context_data["roles"] if "评委" in role[0].title
    )
    client.post("/role/", {"role": judge[0].key})
    assert client.get("/judge/").status_code == 200
    assert client.get(f"/leading/{year.slug}/").status_code == 403


def test_closed_competition_is_read_and_no_longer_written(attend, year):
    year.competition.stage = "closed"
    year.competition.save()
    work, client = f"/work/{year.slug}", attend("org")
    for path in ("judges/", "schedule/", "publish/", f"ledger/{year.event}/", "tabulation/"):
        assert client.get(f"{work}/{path}").status_code == 200, path
        assert client.post(f"{work}/{path}").status_code == 403, path
    assert attend("jdg").get(f"/judge/{year.slug}/arena/").status_code == 403
    assert attend("sec").get(f"/mine/{year.slug}/").status_code == 200
