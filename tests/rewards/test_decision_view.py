"""The pages on which a decision is entered, confirmed, verified and returned."""

import hashlib
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rewards.models import MeetingDecision
from scoring.models import Measurement
from tests import factories
from tests.rewards import case
from tests.rewards.pages import SWAP, address, enter_decision, filled, signed_in, verified_decision


def url(competition):
    return address("work_decision", competition)


def verify_url(decision):
    return address("work_decision_verify", decision.competition, decision.number)


def carried(answer):
    """The fields that the page of confirmation carries on."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', answer)
    assert found
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("who", ["clerk", "auditor", "leader", "own_secretary"])
def test_only_the_organiser_enters_a_decision(client, decided, request, who):
    signed_in(client, request.getfixturevalue(who))
    assert client.get(url(decided)).status_code == 403
    assert client.post(url(decided), filled(decided)).status_code == 403


def test_a_decision_of_another_county_is_not_there(client, decided, organiser, outsider):
    made = enter_decision(decided, organiser, scan=case.pdf())
    signed_in(client, outsider)
    for address_ in (url(decided), verify_url(made), address("work_decision_scan", decided, 1)):
        assert client.get(address_).status_code == 404
    assert client.post(url(decided), filled(decided)).status_code == 404
    assert client.post(verify_url(made), {"do": "verify"}).status_code == 404


def test_decisions_ask_to_sign_in(client, decided, organiser):
    made = enter_decision(decided, organiser, scan=case.pdf())
    for address_ in (url(decided), verify_url(made), address("work_decision_scan", decided, 1)):
        answer = client.get(address_)
        assert answer.status_code == 302 and answer.url.startswith("/signin/")


def test_decisions_take_no_other_method(client, decided, organiser):
    made = enter_decision(decided, organiser, scan=case.pdf())
    signed_in(client, organiser)
    assert client.put(url(decided)).status_code == 405
    assert client.delete(verify_url(made)).status_code == 405
    assert client.post(address("work_decision_scan", decided, 1)).status_code == 405


def test_a_closed_competition_is_not_changed(client, decided, organiser):
    made = enter_decision(decided, organiser)
    decided.stage = "closed"
    decided.save()
    signed_in(client, organiser)
    page = client.get(url(decided), follow=True).content.decode()
    assert "本比武已归档" in page
    assert client.post(url(decided), {}).status_code == 403
    assert client.get(verify_url(made)).status_code == 200
    assert client.post(verify_url(made), {"do": "verify"}).status_code == 403


def test_the_form_has_a_row_for_every_entry_of_every_award(client, decided, organiser):
    answer = signed_in(client, organiser).get(url(decided))
    assert [
        (section.offer.award, [(line.row.entry, line.verb) for line in own])
        for section, own in answer.context["rows"].sections
    ] == [
        ("committee", [("e01", "取消"), ("e02", "取消"), ("e03", "给予"), ("e04", "给予")]),
        ("secretary", [("s01", "取消"), ("s02", "给予"), ("s03", "给予"), ("s04", "给予")]),
    ]


def test_an_amount_outside_of_the_table_is_asked_for(client, decided, organiser):
    answer = signed_in(client, organiser).get(url(decided))
    _, own = answer.context["rows"].sections[0]
    third = own[2]["amount"]
    assert "标「必填」的不能空着" in answer.content.decode() and 'placeholder="必填"' in str(third)
    left_empty = client.post(url(decided), filled(decided, case.give(amount="")))
    assert "名次在金额表之外，请写明奖励金额。" in left_empty.content.decode()


def test_a_barred_entry_has_no_row_and_is_named(client, competition, organiser, colleague):
    case.build(competition, organiser, colleague, ("95", "90", "80", "10"))
    competition.tabulation = case.tabulate(competition, organiser)
    answer = signed_in(client, organiser).get(url(competition))
    section, own = answer.context["rows"].sections[0]
    assert [line.row.entry for line in own] == ["e01", "e02", "e03"]
    assert section.barred == ["乌兰图克镇（重大事故）"]


def test_a_decision_is_confirmed_then_saved_with_its_scan(client, decided, organiser):
    signed_in(client, organiser)
    answer = client.post(url(decided), filled(decided, *SWAP))
    text = answer.content.decode()
    assert not MeetingDecision.objects.exists()
    assert "由其递补" in text and "按规则 805,000 元，会议决定后 805,000 元" in text
    data = {**carried(text), "step": "save", "scan": case.pdf()}
    answer = client.post(url(decided), data)
    assert (answer.status_code, answer.url) == (302, address("work_awards", decided))
    made = MeetingDecision.objects.get()
    assert (made.state, made.entered_by, made.meeting) == (
        "entered",
        organiser.person,
        "县委常委会第 12 次会议",
    )
    assert [(change["entry"], change["give"]) for change in made.changes] == [
        ("e02", False),
        ("e03", True),
    ]
    assert made.scan_digest == hashlib.sha256(case.PDF).hexdigest()


def test_a_decision_without_changes_confirms_the_computed_result(client, decided, organiser):
    signed_in(client, organiser)
    text = client.post(url(decided), filled(decided)).content.decode()
    client.post(url(decided), {**carried(text), "step": "save"})
    assert MeetingDecision.objects.get().changes == []


def test_a_double_click_saves_once(client, decided, organiser):
    signed_in(client, organiser)
    data = filled(decided, case.withdraw(), step="save")
    for _ in range(2):
        assert client.post(url(decided), data).url == address("work_awards", decided)
    assert MeetingDecision.objects.count() == 1


def test_going_back_keeps_what_was_filled_in(client, decided, organiser):
    signed_in(client, organiser)
    answer = client.post(url(decided), filled(decided, *SWAP, step="edit", note="请核对"))
    assert answer.template_name == "rewards/decision.html"
    text = answer.content.decode()
    assert 'value="由其递补"' in text and 'value="300000"' in text and "请核对" in text


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"meeting": ""}, "请写明由哪次会议或谁决定"),
        ({"decided_on": "二〇二二年"}, "日期应写成"),
        ({"decided_on": ""}, "请填写决定日期"),
        ({"document_number": ""}, "请填写文号"),
        ({"committee.e02-change": "on"}, "请写明理由"),
        ({"committee.e02-reason": "会议认为"}, "请勾选「取消」"),
        ({"committee.e03-change": "on", "committee.e03-reason": "补"}, "请写明奖励金额"),
        (
            {
                "committee.e03-change": "on",
                "committee.e03-reason": "补",
                "committee.e03-amount": "三万",
            },
            "金额「三万」",
        ),
        ({"op": "not-an-id"}, "没有保存"),
    ],
)
def test_a_wrong_form_is_shown_again_with_its_errors(client, decided, organiser, fields, words):
    signed_in(client, organiser)
    answer = client.post(url(decided), filled(decided, **fields))
    assert answer.template_name == "rewards/decision.html"
    assert words in answer.content.decode()


def test_a_future_date_is_refused_on_the_form(client, decided, organiser):
    signed_in(client, organiser)
    data = filled(decided, step="save", decided_on="2999-01-01")
    assert "决定日期还没有到" in client.post(url(decided), data).content.decode()
    assert not MeetingDecision.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script>", b"", b"GIF89a", b"%PDF-" + b"0" * (10 * 1024 * 1024)],
    ids=["html", "empty", "gif", "too-large"],
)
def test_a_hostile_scan_is_refused_and_nothing_is_lost(
    client, decided, organiser, attachments, content
):
    signed_in(client, organiser)
    data = filled(decided, *SWAP, step="save", scan=case.pdf("纪要.pdf", content))
    answer = client.post(url(decided), data)
    text = answer.content.decode()
    assert answer.template_name == "rewards/decision_confirm.html"
    assert "扫描件" in text and carried(text)["committee.e03-reason"] == "由其递补"
    assert not MeetingDecision.objects.exists()
    assert not [path for path in attachments.rglob("*") if path.is_file()]


def test_a_form_made_from_an_older_result_is_shown_beside_the_new_one(client, decided, organiser):
    signed_in(client, organiser)
    data = filled(decided, case.withdraw())
    Measurement.objects.filter(competition=decided, entry__key="e02").update(values={"value": "99"})
    case.tabulate(decided, organiser)
    answer = client.post(url(decided), data)
    text = answer.content.decode()
    assert "结果已在第 2 次统分时更新" in text
    assert 'name="tabulation" value="2"' in text and "有信访问题正在核查" in text


def test_a_second_organiser_does_not_lose_her_form_to_the_first(
    client, decided, organiser, colleague
):
    enter_decision(decided, organiser)
    signed_in(client, colleague)
    answer = client.post(url(decided), filled(decided, *SWAP, step="save"))
    text = answer.content.decode()
    assert "已有一项会议决定等待核对" in text and "由其递补" in text
    assert client.get(url(decided)).url == verify_url(MeetingDecision.objects.get())


def test_a_decision_is_verified_by_a_second_person_only(client, decided, organiser, colleague):
    made = enter_decision(decided, organiser, *SWAP)
    data = {"do": "verify", "verify-op": str(uuid.uuid4()), "verify-sure": "on"}
    signed_in(client, organiser)
    assert "请另一位工作人员核对" in client.get(verify_url(made)).content.decode()
    assert "必须是两个人" in client.post(verify_url(made), data).content.decode()
    signed_in(client, colleague)
    answer = client.get(verify_url(made))
    assert [row.changed for row in answer.context["sections"][0].rows] == ["", "withdrawn", "given"]
    answer = client.post(verify_url(made), {**data, "verify-sure": ""})
    assert "请勾选确认" in answer.content.decode()
    assert client.post(verify_url(made), data).url == address("work_awards", decided)
    made.refresh_from_db()
    assert (made.state, made.verified_by) == ("verified", colleague.person)


@pytest.mark.parametrize("who", ["clerk", "auditor"])
def test_a_reader_sees_the_decision_and_cannot_verify_it(client, decided, organiser, request, who):
    made = enter_decision(decided, organiser, *SWAP, scan=case.pdf())
    signed_in(client, request.getfixturevalue(who))
    text = client.get(verify_url(made)).content.decode()
    assert "由其递补" in text and "核对无误" not in text
    assert client.get(address("work_decision_scan", decided, 1)).status_code == 200
    assert client.post(verify_url(made), {"do": "verify"}).status_code == 403


def test_a_decision_is_returned_with_a_reason_and_entered_again(
    client, decided, organiser, colleague
):
    made = enter_decision(decided, organiser, *SWAP)
    data = {"do": "return", "return-op": str(uuid.uuid4()), "return-reason": ""}
    signed_in(client, colleague)
    assert "请写明退回原因" in client.post(verify_url(made), data).content.decode()
    data["return-reason"] = "文号不符"
    assert client.post(verify_url(made), data).url == address("work_awards", decided)
    made.refresh_from_db()
    assert (made.state, made.return_reason) == ("returned", "文号不符")
    signed_in(client, organiser)
    text = client.get(url(decided)).content.decode()
    assert "文号不符" in text and 'value="由其递补"' in text and "临常纪〔2022〕12 号" in text


def test_an_unknown_button_changes_nothing(client, decided, organiser, colleague):
    made = enter_decision(decided, organiser)
    signed_in(client, colleague)
    assert client.post(verify_url(made), {"do": "erase"}).status_code == 200
    made.refresh_from_db()
    assert made.state == "entered"


def test_a_correction_starts_from_the_decision_in_force(client, decided, organiser, colleague):
    verified_decision(decided, organiser, colleague, *SWAP)
    text = signed_in(client, organiser).get(url(decided)).content.decode()
    assert "更正现行的会议决定" in text and 'value="由其递补"' in text
    assert "临常纪" not in text


def test_a_decision_on_an_older_result_can_only_be_returned(client, decided, organiser, colleague):
    made = enter_decision(decided, organiser, *SWAP)
    Measurement.objects.filter(competition=decided, entry__key="e02").update(values={"value": "99"})
    case.tabulate(decided, organiser)
    text = signed_in(client, colleague).get(verify_url(made)).content.decode()
    assert "结果已经更新" in text and "核对无误" not in text and "退回更正" in text


def test_an_unknown_decision_is_not_there(client, decided, organiser):
    signed_in(client, organiser)
    assert client.get(address("work_decision_verify", decided, 7)).status_code == 404
    assert client.get(address("work_decision_scan", decided, 7)).status_code == 404


def test_a_scan_is_sent_to_be_saved_under_its_name(client, decided, organiser, attachments):
    made = enter_decision(decided, organiser, scan=case.pdf())
    signed_in(client, organiser)
    answer = client.get(address("work_decision_scan", decided, 1))
    assert b"".join(answer.streaming_content) == case.PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    (attachments / made.scan.name).write_bytes(b"%PDF-changed")
    assert client.get(address("work_decision_scan", decided, 1)).status_code == 404
    (attachments / made.scan.name).unlink()
    assert client.get(address("work_decision_scan", decided, 1)).status_code == 404


def test_a_decision_without_a_scan_has_none_to_send(client, decided, organiser):
    enter_decision(decided, organiser)
    signed_in(client, organiser)
    assert client.get(address("work_decision_scan", decided, 1)).status_code == 404


def test_queries_do_not_grow_with_the_entrants(client, competition, organiser, colleague):
    def count(item, points, also=""):
        case.build(item, organiser, colleague, points, also)
        item.tabulation = case.tabulate(item, organiser)
        found = []
        with CaptureQueriesContext(connection) as form:
            assert client.get(url(item)).status_code == 200
        with CaptureQueriesContext(connection) as preview:
            change = case.withdraw("e01")
            assert client.post(url(item), filled(item, change)).context["final"]
        made = enter_decision(item, organiser, case.withdraw("e01"))
        with CaptureQueriesContext(connection) as verify:
            assert client.get(verify_url(made)).status_code == 200
        found += [len(form), len(preview), len(verify)]
        return found

    signed_in(client, organiser)
    many = [str(number) for number in range(99, 88, -1)]
    few = count(competition, ["95"])
    assert few == count(factories.CompetitionFactory(), many, "乙")
    assert max(few) <= 40
