"""The ways that lead from the console to what is decided beside the stage: rulings, corrections."""

import pytest

from scoring.models import Sheet
from tests.arena.live_case import exclude
from tests.arena.markup import attributes, find_all, read_markup
from tests.arena.test_stage_pages import read

pytestmark = pytest.mark.django_db


def test_missing_judge_leads_to_his_ruling_and_its_second_person(client, live, organiser):
    client.force_login(organiser)
    live.move("begin", "open_marking")
    live.hand_in(0)
    live.hand_in(1)
    key = live.order()[0]
    links = [attributes(link)["href"] for link in find_all(read_markup(read(client, live)), "a")]
    forms = [link for link in links if "/rulings/new/exclude_judge/" in link]
    assert len(forms) == 2  # one for the unit, one for its secretary
    form = client.get(forms[0]).context["form"]
    assert {form[name].value() for name in ("round", "judge", "entry")} == {"arena", "j03", key}
    assert form["decided_on"].value()
    said = {"reason": "离场", "decided_by": "擂台办", "decided_on": "2022-12-20"}
    about = {name: form[name].value() for name in ("op", "round", "judge", "entry")}
    answer = client.post(forms[0], {**said, **about})
    assert answer.status_code == 302
    assert answer["Location"] in read(client, live)
    assert "等候另一人核对" in read(client, live)


def test_mark_of_a_closed_turn_may_be_corrected_while_others_are_to_come(client, live, organiser):
    client.force_login(organiser)
    live.move("begin", "open_marking")
    live.everybody()
    sheet = Sheet.objects.filter(entry__key=live.order()[0]).first()
    page = f"/work/{live.hall.competition.slug}/rounds/{sheet.round_key}/sheets/{sheet.id}/"
    assert "提出更正" not in client.get(page).content.decode()
    assert "打分有误" not in read(client, live)
    live.move("close")
    assert "提出更正" in client.get(page).content.decode()
    assert "打分有误" in read(client, live)
    live.move("step_back")
    assert "提出更正" not in client.get(page).content.decode()


def test_operator_is_warned_before_a_turn_without_a_score_is_revealed(
    client, live, organiser, clerk
):
    client.force_login(organiser)
    live.move("begin", "open_marking")
    live.everybody()
    live.move("close")
    assert "成绩还不成立" not in read(client, live)
    # Two judges are too few for these rules.
    exclude(live, "j01", [organiser, clerk])
    assert "成绩还不成立" in read(client, live)
    live.move("reveal")
    assert "成绩还不成立" not in read(client, live)
