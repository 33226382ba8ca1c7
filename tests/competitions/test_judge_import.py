"""A sheet of judges: who comes in, what changes of those on the list, and what is refused."""

import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from competitions import actions
from competitions.models import Judge, PartySecretary, Person
from competitions.queries.judge_import import plan_judges
from record.actions import append
from record.models import Revision
from tests import factories

JUDGES = "/work/linhe/judges/"
HEADER = "号码\t姓名\t职务\t评委组\t席位环节\t资历顺序\n"


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


def preview(client, text):
    """The problems, the preview's text and its confirmation as a browser would send it."""
    answer = client.post(f"{JUDGES}import/", {"text": text})
    page = answer.content.decode()
    found = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)
        for name in ("op", "rows", "revision")
    }
    confirm = {name: match[1] for name, match in found.items() if match}
    return answer.context["problems"], page, confirm if "rows" in confirm else None


def listed(competition):
    """{name: (number, group, seats, seniority)}"""
    rows = Judge.objects.filter(competition=competition).select_related("person")
    return {
        judge.person.name: (
            judge.number,
            judge.group_key,
            sorted(judge.seats.values_list("round_key", flat=True)),
            judge.seniority,
        )
        for judge in rows
    }


def row(line, **cells):
    blank = {"number": "", "post": "", "group": "", "seats": "", "seniority": ""}
    return {"row": line, "cells": {}, **blank, **cells}


def states(competition):
    return Revision.objects.of_chain(competition.chain).of_kind("judges.changed").count()


def test_new_judges_come_in_once_after_a_look(client, linhe):
    text = f"{HEADER}7\t甲评委\t县委办主任\t联评评委\t第二次联评\t2\n\t乙评委\t\t擂台评委\t\t\n"
    problems, page, confirm = preview(client, text)
    assert problems == [] and "新增 <strong>2</strong> 名" in page
    assert "新人员；8 号，擂台评委，参加" in page
    assert not Judge.objects.exists() and not Person.objects.filter(name="甲评委").exists()
    for _ in range(2):
        assert client.post(f"{JUDGES}import/", confirm).status_code == 302
    found = listed(linhe)
    assert found["甲评委"] == (7, "review", ["review2"], 2)
    assert found["乙评委"][:2] == (8, "arena") and "arena" in found["乙评委"][2]
    assert Person.objects.get(name="甲评委").post == "县委办主任"
    assert states(linhe) == 1


def test_list_given_out_comes_back_unchanged(client, ready):
    file = SimpleUploadedFile("judges.xlsx", client.get(f"{JUDGES}template.xlsx").content)
    answer = client.post(f"{JUDGES}import/", {"file": file, "text": ""})
    plan = answer.context["plan"]
    assert (answer.context["problems"], plan.notes, plan.changes) == ([], [], False)
    assert plan.unchanged == 6


def test_two_judges_change_their_numbers_and_one_his_seats(client, ready):
    first, second = Judge.objects.in_seniority_order().select_related("person")[:2]
    text = f"姓名\t号码\t席位环节\n{first}\t{second.number}\t无\n{second}\t{first.number}\t\n"
    text = text.replace(str(first), first.person.name).replace(str(second), second.person.name)
    before = listed(ready)
    _, page, confirm = preview(client, text)
    assert "修改 <strong>2</strong> 名" in page and listed(ready) == before
    client.post(f"{JUDGES}import/", confirm)
    after = listed(ready)
    assert after[first.person.name][0] == second.number and after[first.person.name][2] == []
    assert after[second.person.name][0] == first.number
    assert after[second.person.name][2] == before[second.person.name][2]
    assert set(after) == set(before)


@pytest.mark.parametrize(
    ("cells", "cell", "said"),
    [
        ("x\t甲\t\t联评评委\t\t", "A2", "号码"),
        ("0\t甲\t\t联评评委\t\t", "A2", "1 到 999 的整数"),
        ("1\t甲\t\t联评评委\t\t", "A2", "1 号已经是"),
        ("9\t甲\t\t\t\t", "D2", "请从「联评评委」、「擂台评委」中选择一个"),
        ("9\t甲\t\t群众评委\t\t", "D2", "没有评委组「群众评委」"),
        ("9\t甲\t\t联评评委\t擂台比武\t", "E2", "不是「联评评委」打分的环节"),
        ("9\t甲\t\t联评评委\t\t1.5", "F2", "1 到 999 的整数"),
        ("9\t甲\t\t联评评委\t\t\n9\t乙\t\t联评评委\t\t", "A3", "9 号已经是甲的评委号"),
        ("9\t甲\t\t联评评委\t\t\n8\t甲\t\t联评评委\t\t", "B3", "与第 2 行相同"),
    ],
)
def test_wrong_cell_is_named_and_nothing_is_offered(client, ready, cells, cell, said):
    problems, _, confirm = preview(client, f"{HEADER}{cells}\n")
    assert [problem["cell"] for problem in problems] == [cell]
    assert said in problems[0]["text"] and confirm is None


def test_namesakes_are_told_and_never_chosen(client, ready, organiser, now):
    holder = PartySecretary.objects.select_related("person").first().person
    _, page, confirm = preview(client, f"{HEADER}\t{holder.name}\t另一职务\t联评评委\t\t\n")
    assert f"{holder.name}：本县（区）登记过同名的人员，沿用那一位" in page
    assert "已登记人员的职务不随表修改" in page
    client.post(f"{JUDGES}import/", confirm)
    judge = Judge.objects.get(person=holder)
    assert judge.recusals.filter(kind="secretary").exists()
    twins = factories.PersonFactory.create_batch(2, name="双胞胎")
    for person in twins:
        actions.grant_role(
            person=person, kind="clerk", host_code=ready.host_code, by=organiser.person, now=now
        )
    problems, _, _ = preview(client, f"{HEADER}\t双胞胎\t\t联评评委\t\t\n")
    assert "已登记的“双胞胎”有 2 人" in problems[0]["text"]


def test_marks_hold_numbers_groups_and_seats_fast(ready, organiser, now):
    judge = Judge.objects.select_related("person").get(key="j01")
    sheets = [{"round": "review1", "entry": "e01", "site": ""}]
    body = {"judge": "j01", "sheets": sheets}
    append(chain=ready.chain, kind="sheets.submitted", body=body, by="1", now=now)
    name = judge.person.name
    common = {"competition": ready, "by": organiser.person, "now": now}
    for change, said in (
        ({"number": "99"}, "不能再改评委号和评委组"),
        ({"group": "擂台评委"}, "不能再改评委号和评委组"),
        ({"seats": "第二次联评"}, "已在第一次联评打过分，不能取消评委席"),
    ):
        with pytest.raises(ValidationError, match=said):
            actions.import_judges(rows=[row(2, name=name, **change)], **common)
    assert actions.import_judges(rows=[row(2, name=name, seniority="9")], **common) == (0, 1)


def test_list_that_changed_meanwhile_is_shown_again(client, ready, organiser, now):
    _, _, confirm = preview(client, f"{HEADER}\t甲评委\t\t联评评委\t\t\n")
    judge = Judge.objects.get(key="j02")
    actions.move_judge(competition=ready, judge=judge, to=1, by=organiser.person, now=now)
    page = client.post(f"{JUDGES}import/", confirm).content.decode()
    assert "评委名单已被别人改过" in page and "甲评委" not in listed(ready)


def test_number_of_queries_does_not_grow_with_the_rows(ready, organiser, now):
    def count(names):
        rows = [row(n, name=name, group="review") for n, name in enumerate(names, 2)]
        rows += [row(99, name=Judge.objects.get(key="j01").person.name, seniority="9")]
        with transaction.atomic(), CaptureQueriesContext(connection) as found:
            done = actions.import_judges(
                competition=ready, rows=rows, by=organiser.person, now=now, op_id=uuid.uuid4()
            )
            assert done == (len(names), 1)
            transaction.set_rollback(True)
        return len(found)

    assert count([f"新评委{n}" for n in range(20)]) == count(["新评委"])


def test_plan_of_nothing_changes_nothing(ready):
    assert not plan_judges(ready, []).changes
