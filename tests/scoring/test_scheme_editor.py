"""Writing the rules in the browser: the page of each part, its fields and its worked example."""

import re
import uuid

import pytest

from competitions.models import SchemeDraft
from competitions.queries.drafts import working_draft
from record import queries as record
from tests.scoring.editor_case import EDIT, GROWTH, press, send, table


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


@pytest.mark.parametrize(
    "at",
    [
        *("", "assumptions", "dimensions", "judge_groups", "tracks", "tracks.0", "tracks.0.rounds"),
        *("honours", "pools"),
        *("tracks.0.ties", "tracks.0.gates", "tracks.0.flags", "tracks.0.awards.0"),
        *("tracks.0.rounds.0", "tracks.0.rounds.0.criteria", "tracks.0.rounds.2.criteria.14"),
        *("tracks.1.rounds.0.criteria.0", "tracks.1.rounds.1.criteria.0"),
    ],
)
def test_page_of_every_section_opens_and_saving_it_unchanged_changes_nothing(client, linhe, at):
    address = f"{EDIT}{at}/" if at else EDIT
    page = client.get(address)
    assert page.status_code == 200
    assert page.context["problems"] == []
    if page.context["form"] is not None:
        send(client, address, page)
    assert SchemeDraft.objects.get().number == 1


@pytest.mark.parametrize(
    "at", ["tracks.9", "nothing", "tracks.0.rounds.x", "0.1", "tracks.0.ties.0"]
)
def test_page_of_a_part_that_is_not_there_leads_to_the_first_page(client, linhe, at):
    assert client.get(f"{EDIT}{at}/").url == EDIT


def test_saving_makes_a_new_draft_and_says_so_in_the_record(client, linhe, organiser):
    answer = send(client, GROWTH, full="１０")
    assert answer.url == GROWTH
    assert table(linhe, "tracks.0.rounds.2.criteria.0")["full"] == "10"
    draft = working_draft(linhe)
    assert (draft.number, draft.written_by) == (2, organiser.person)
    assert "满分 8→10" in draft.what
    last = record.head(linhe.chain)
    assert (last.kind, last.op_id) == ("scheme.edited", draft.revision)
    assert last.facts["digest"] == draft.digest
    assert record.verify_chain(linhe.chain).ok
    # The rules themselves are what they were until the draft is handed in.
    assert linhe.scheme_versions.get().number == 1


def test_sum_of_weights_stands_on_every_page_of_its_track(client, linhe):
    send(client, f"{EDIT}tracks.0.rounds.0/", weight="25")
    for at in ("tracks.0/", "tracks.0.rounds/", "tracks.0.rounds.2.criteria.0/", "tracks.0.flags/"):
        item = client.get(f"{EDIT}{at}").context["sums"][0][0]
        assert (item.total, item.wanted, item.fine) == ("105", "100", False)
    # Elsewhere only what does not come out is said.
    assert len(client.get(EDIT).context["sums"]) == 1


def test_choice_of_another_rule_shows_what_it_needs_and_saves_nothing(client, linhe):
    answer = send(client, GROWTH, do="redraw", rule__kind="ledger")
    names = answer.context["form"].fields
    assert "rule.items.0.points" in names
    assert "rule.conversion.kind" not in names
    assert SchemeDraft.objects.count() == 1


def test_choice_decides_which_fields_are_shown(client, linhe):
    page = send(client, GROWTH, do="redraw", rule__conversion__kind="rank")
    assert "rule.conversion.step" in page.context["form"].fields
    page = send(client, GROWTH, page, do="redraw", rule__conversion__mode="linear")
    names = page.context["form"].fields
    assert {"rule.conversion.first", "rule.conversion.last"} <= set(names)
    assert "rule.conversion.step" not in names


def test_honour_and_shared_sum_are_written_on_pages_of_their_own(client, linhe):
    answer = press(client, f"{EDIT}honours/", "add")
    address = answer.url
    page = client.get(address)
    assert "rules" in page.context["form"].fields
    answer = send(
        client, address, page, title="红旗乡镇", steps__0__held="1", steps__0__amount="1000"
    )
    assert answer.status_code == 302, answer.context["problems"]
    key = table(linhe, "honours.0")["key"]
    pools = f"{EDIT}pools/"
    page = send(client, pools, do="add:pools")
    page = send(client, pools, page, do="add:pools.0.awards")
    offered = dict(page.context["form"].fields["pools.0.awards.0.award"].widget.choices)
    assert offered[key] == "红旗乡镇"
    send(client, pools, page, pools__0__title="奖金", pools__0__amount="500",
         pools__0__awards__0__award="good-committee", pools__0__awards__1__award=key)  # fmt: skip
    page = client.get(address)
    assert page.context["problems"] == []
    # A flag that is given has no money, so the fields of money are not asked for.
    page = send(client, address, do="redraw", gives="flag")
    names = page.context["form"].fields
    assert "steps.0.held" in names and not {"steps.0.amount", "months", "legal_basis"} & set(names)


def test_titles_that_look_like_templates_or_markup_are_shown_as_they_are(client, linhe):
    title = "{% load nothing %}{{ x }}<script>alert(1)</script>"
    send(client, f"{EDIT}tracks.0.rounds.2.criteria.0/", title=title, key="r1-projects")
    page = client.get(GROWTH).content.decode()
    assert "{% load nothing %}" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("who", ["clerk", "auditor", "outsider", "leader"])
def test_editor_is_for_the_organiser_only(client, linhe, request, who):
    client.force_login(request.getfixturevalue(who))
    expected = 404 if who == "outsider" else 403
    for address in (EDIT, GROWTH, "/work/linhe/rules/drafts/", "/work/linhe/rules/start/"):
        assert client.get(address).status_code == expected
    assert client.post(GROWTH, {"op": uuid.uuid4()}).status_code == expected


def test_editor_asks_for_signing_in(client, linhe):
    client.logout()
    assert client.get(EDIT).url.startswith("/signin/")


def test_example_follows_the_form_and_its_own_values(client, linhe):
    page = client.get(f"{EDIT}tracks.0.rounds.2.criteria.12/")
    assert page.context["example"].sentence == "若某乡镇本期 150、目标 140，则得 6.00 分。"
    answer = send(
        client, f"{EDIT}tracks.0.rounds.2.criteria.12/", page, do="redraw", sample__value="70"
    )
    assert answer.context["example"].sentence == "若某乡镇本期 70、目标 140，则得 0.00 分。"
    answer = send(client, f"{EDIT}tracks.0.rounds.2.criteria.12/", answer, do="redraw", full="x")
    assert answer.context["example"].missing == ["「满分」应为数字，请改正。"]
    assert not re.search("None", answer.context["example"].sentence)


def test_deduction_for_overtime_is_written_with_its_example_under_the_form(client, linhe):
    address = f"{EDIT}tracks.0.rounds.3/"
    page = send(client, address, do="add:event")
    page = send(client, address, page, do="add:event.segments")
    part = {"event__segments__0__title": "汇报", "event__segments__0__seconds": "360"}
    page = send(client, address, page, do="add:event.overtime", **part)
    offered = page.context["form"].fields["event.overtime.segments"].choices
    assert list(offered) == [("汇报", "汇报")]
    assert "须写明最多扣几分，请补充；不设上限的填环节满分。" in page.context["example"].missing
    rule = {"segments": "汇报", "allowance": "0", "every": "30", "points": "0.5", "cap": "2"}
    said = {f"event__overtime__{name}": value for name, value in {**rule, "below": "stop"}.items()}
    page = send(client, address, page, do="redraw", **said)
    assert page.context["example"].sentence.startswith("若某乡镇扣分前得 90.00 分、合计超时 75 秒")
    assert page.context["example"].sentence.endswith("则扣 1.50 分，得 88.50 分。")
    assert send(client, address, page).status_code == 302
    kept = table(linhe, "tracks.0.rounds.3")["event"]["overtime"]
    assert kept["segments"] == ["汇报"] and kept["every"] == 30
    assert client.get(address).context["problems"] == []
    page = send(client, address, do="redraw", event__overtime__how="once")
    assert not {"event.overtime.every", "event.overtime.cap"} & set(page.context["form"].fields)
    assert page.context["example"].sentence.endswith("则扣 0.50 分，得 89.50 分。")
