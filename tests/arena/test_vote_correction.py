"""Counted votes are corrected as marks are: by two persons, with a reason that is shown."""

import uuid

import pytest
from django.urls import reverse

from record.actions import append
from record.models import Revision
from scoring import kinds
from scoring.models import Measurement
from scoring.queries.hands import find_measured_hands
from scoring.queries.vote_history import find_vote_changes
from tests.arena.jury_case import VOTED, build_jury, cast
from tests.scoring.stage import NOW

WHY = "第 2 席由工作人员误投，评委会决定不计"


@pytest.fixture
def live(competition):
    live, seats = build_jury(competition)
    live.move("begin", "open_marking")
    live.everybody()
    cast(live, seats[0])
    cast(live, seats[1])
    live.move("close")
    return live


def grid(live):
    return reverse("work_measurements_criterion", args=[live.hall.competition.slug, "arena", VOTED])


def typed(answer, live, number, reason):
    """The page's own form with one number typed over and a reason."""
    form = answer.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    return data | {f"v:{live.order()[0]}:{VOTED}:good": number, "reason": reason}


def stored(live):
    return Measurement.objects.get(entry__key=live.order()[0], criterion_key=VOTED)


def test_counted_votes_are_corrected_with_a_reason_that_two_persons_see(
    client, live, organiser, colleague
):
    client.force_login(organiser)
    page = client.get(grid(live))
    assert "更正票数的原因" in page.content.decode()
    refused = client.post(grid(live), typed(page, live, "1", " "))
    assert "更正它要写明原因" in refused.content.decode()
    assert refused.context["form"].errors.keys() == {"reason"}
    assert client.post(grid(live), typed(page, live, "1", WHY)).status_code == 302
    assert stored(live).counted_values["good"] == "2"
    waiting = client.get(grid(live)).content.decode()
    assert WHY in waiting and "现在计入的" in waiting and "待核对" in waiting
    client.force_login(colleague)
    address = reverse("work_measurements_verify", args=[live.hall.competition.slug, "arena"])
    seen = client.get(address)
    assert WHY in seen.content.decode() and "1 票" in seen.content.decode()
    ((_item, rows),) = seen.context["groups"]
    said = {"op": uuid.uuid4(), "do": "verify", "rows": [rows[0][1]]}
    client.post(address, said)
    assert stored(live).counted_values["good"] == "1"
    settled = client.get(grid(live)).content.decode()
    assert "原来的" in settled and colleague.person.name in settled
    work = f"/work/{live.hall.competition.slug}/arena/arena/"
    for part in ("tally/", "tally/print/"):
        text = client.get(work + part).content.decode()
        # As counted, and what two persons made of it.
        assert "优秀 <strong>2</strong> 票" in text, part
        assert "更正，已核准：优秀 2 票改为 1 票" in text and WHY in text, part


def test_table_that_changes_counted_votes_asks_why(client, live, organiser):
    client.force_login(organiser)
    entry = live.hall.entries[live.order()[0]]
    address = reverse("work_measurements_import", args=[live.hall.competition.slug, "arena"])
    rows = f"乡镇\t大众评委优秀\n{entry.name}\t1"
    preview = client.post(address, {"pasted": rows})
    form = preview.context["confirm"]
    assert "更正票数的原因" in preview.content.decode()
    data = {"op": str(form["op"].value()), "changes": form["changes"].value(), "reason": ""}
    refused = client.post(address, data).content.decode()
    assert "更正它要写明原因" in refused and "确认导入" in refused
    client.post(address, data | {"reason": WHY})
    row = stored(live)
    assert (row.state, row.values["good"], row.entered_at > NOW) == ("entered", "1", True)


def test_votes_that_were_not_counted_ask_for_no_reason(client, live, organiser):
    client.force_login(organiser)
    place = [live.hall.competition.slug, "arena", live.order()[1]]
    page = client.get(reverse("work_measurements_entry", args=place)).content.decode()
    assert "大众评委" in page and "更正票数的原因" not in page


def test_changes_of_votes_read_no_body_of_another_round_or_criterion(
    client, live, organiser, monkeypatch
):
    client.force_login(organiser)
    client.post(grid(live), typed(client.get(grid(live)), live, "1", WHY))
    competition, read, facts = live.hall.competition, [], Revision.facts
    counting = property(lambda item: read.append(item) or facts.fget(item))
    monkeypatch.setattr(Revision, "facts", counting)

    def ask():
        read.clear()
        changes = find_vote_changes(competition, "arena")
        hands = find_measured_hands(competition, "arena")
        return changes.keys(), hands.keys(), len(read)

    before = ask()
    # Two for the counting, which is asked for twice; two for what was typed over.
    assert before[2] == 4
    for number in range(5):
        row = {"entry": live.order()[0], "criterion": VOTED, "values": {"good": str(number)}}
        for kind in (kinds.MEASUREMENTS_COUNTED, kinds.MEASUREMENTS_ENTERED):
            body = {"round": f"arena-{number}", "rows": [row]}
            append(chain=competition.chain, kind=kind, body=body, by="1", now=NOW)
    assert ask() == before
