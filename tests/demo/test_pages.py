"""Every page of the demonstration, as each of its accounts reaches it."""

import pytest
from django.urls import resolve

from competitions.models import User
from tests.demo.crawl import Visitor, crawl, text_of

pytestmark = [pytest.mark.usefixtures("demonstration"), pytest.mark.django_db]
RIBBON = "演示数据，非真实结果"
# What each account must be able to reach by links from its first page.
REACHES = {
    "zuzhi1": {
        "work_list",
        "work_overview",
        "work_rules",
        "work_entrants",
        "work_secretaries",
        "work_judges",
        "work_schedule",
        "work_round",
        "work_measurements",
        "work_ledger",
        "work_rulings",
        "work_tabulation",
        "work_tabulation_result",
        "work_explanation",
        "work_awards",
        "work_publish",
        "work_record",
    },
    "jipiao": {"work_overview", "work_round", "work_measurements", "work_ledger"},
    "jiandu": {"work_overview", "work_explanation", "work_record"},
    "lingdao": {"leading_page"},
    "guanli": {"accounts", "account", "account_new"},
    "pingwei01": {"judge_home", "judge_round"},
    "pingwei09": {"judge_home", "judge_round", "judge_entry"},
    "shuji02": {"mine_list", "mine_competition"},
}


def _check(answers):
    wrong = {
        address: answer.status_code
        for address, answer in answers.items()
        if answer.status_code not in (200, 302)
    }
    assert not wrong
    bare = [
        address
        for address, answer in answers.items()
        if answer.status_code == 200
        and ("html" in answer["Content-Type"] or "spreadsheetml" in answer["Content-Type"])
        and RIBBON not in text_of(answer)
    ]
    assert not bare


@pytest.mark.parametrize("username", REACHES)
def test_every_page_of_an_account_opens_and_is_marked(username, settings):
    settings.MODE = "demo"
    client = Visitor()
    client.force_login(User.objects.get(username=username))
    answers = crawl(client, "/")
    _check(answers)
    reached = {resolve(address.split("?")[0]).url_name for address in answers}
    assert REACHES[username] <= reached


def test_every_published_page_opens_without_signing_in():
    client = Visitor()
    for start in ("/c/linhe-2022/", "/g/linhe-2022/", "/c/linhe-2023/"):
        answers = crawl(client, start)
        _check({address: answer for address, answer in answers.items() if start in address})
        assert start in answers


def test_person_with_two_roles_reaches_both(client, settings):
    settings.MODE = "demo"
    client.force_login(User.objects.get(username="pingwei08"))
    assert client.get("/leading/linhe-2022/").status_code == 200
    roles = client.get("/account/password/").wsgi_request.roles
    judge = next(role for role in roles if role.kind == "judge")
    client.post("/role/", {"role": judge.key})
    assert client.get("/judge/").status_code == 200


def test_secretary_reads_the_time_of_publishing_as_in_shanghai(client):
    client.force_login(User.objects.get(username="shuji02"))
    page = client.get("/mine/linhe-2022/").content.decode()
    assert "按 2022年8月28日 10:00 公布的第 4 版" in page
