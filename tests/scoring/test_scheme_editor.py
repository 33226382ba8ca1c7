"""Writing the rules in the browser: pages, saves, versions, stale tabs, double clicks."""

import re
import tomllib
import uuid
from html.parser import HTMLParser

import pytest

from competitions.models import SchemeDraft
from competitions.queries.drafts import working_draft
from competitions.scheme.places import find_spot
from competitions.scheme.read import read_toml
from competitions.scheme.write import to_document
from record import queries as record

EDIT = "/work/linhe/rules/edit/"
GROWTH = f"{EDIT}tracks.0.rounds.2.criteria.0/"


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


def fields_of(response):
    """What a browser would send of the page's form: {name: [values]}."""
    reader = _Fields()
    reader.feed(response.content.decode().partition("data-scheme-form")[2].partition("</form>")[0])
    return reader.found


class _Fields(HTMLParser):
    """The values of the fields of a form as it is rendered."""

    def __init__(self):
        super().__init__()
        self.found = {}
        self.name = self.text = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and (attrs["type"] != "checkbox" or "checked" in attrs):
            usual = "on" if attrs["type"] == "checkbox" else ""
            self.found.setdefault(attrs["name"], []).append(attrs.get("value", usual))
        elif tag in ("select", "textarea"):
            self.name, self.text = attrs["name"], ""
        elif tag == "option" and (self.name not in self.found or "selected" in attrs):
            self.found[self.name] = [attrs["value"]]

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.found[self.name] = [self.text.removeprefix("\n")]
        if tag in ("select", "textarea"):
            self.name = self.text = None


def send(client, address, page=None, **changes):
    """Fill in the page's form anew and save it (or press the button `do`)."""
    values = fields_of(page or client.get(address)) | {"do": "save"}
    for name, value in changes.items():
        name = name.replace("__", ".")
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return client.post(address, values)


def table(competition, at):
    return find_spot(working_draft(competition).document, at).table


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


def test_draft_may_be_wrong_and_then_cannot_be_handed_in(client, linhe):
    send(client, GROWTH, full="很多")
    page = client.get(GROWTH)
    assert page.context["form"].errors["full"] == ["「满分」应为数字，请改正。"]
    line, url = page.context["problems"][0]
    assert (line.where.split(" · ")[-1], url) == ("满分", f"{GROWTH}#id_full")
    assert 'value="很多"' in page.content.decode()
    page = client.get("/work/linhe/rules/submit/")
    assert ">定稿</button>" not in page.content.decode()
    values = {name: page.context["form"][name].value() for name in ("op", "revision")}
    answer = client.post("/work/linhe/rules/submit/", values)
    assert "还有 1 处要改" in answer.content.decode()
    assert linhe.scheme_versions.count() == 1


def test_draft_is_downloaded_as_text_also_while_it_is_wrong(client, linhe):
    address = "/work/linhe/rules/draft.toml"
    whole = client.get(address)
    assert whole["Content-Disposition"] == 'attachment; filename="linhe-draft-1.toml"'
    assert to_document(read_toml(whole.content.decode())) == working_draft(linhe).document
    send(client, GROWTH, full="很多")
    text = client.get(address).content.decode()
    first, *_ = text.splitlines()
    assert first == "# 第 2 稿，还有 1 处要改，改好以前不能定稿，也不能导入："
    assert "# tracks[0]" in text
    assert tomllib.loads(text) == working_draft(linhe).document
    page = client.get(EDIT)
    assert address in page.content.decode()


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


def test_rows_are_added_moved_copied_and_deleted_within_the_form(client, linhe):
    address = f"{EDIT}judge_groups/"
    page = send(client, address, do="add:judge_groups")
    page = send(client, address, page, judge_groups__2__title="群众评委", do="up:judge_groups:2")
    page = send(client, address, page, do="delete:judge_groups:0")
    page = send(client, address, page, do="copy:judge_groups:0")
    assert SchemeDraft.objects.count() == 1
    send(client, address, page)
    groups = table(linhe, "")["judge_groups"]
    assert [item["title"] for item in groups] == ["群众评委", "群众评委（副本）", "擂台评委"]
    assert len({item["key"] for item in groups}) == 3


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


@pytest.mark.parametrize(
    "button", ["add:nothing", "delete:overrides:7", "explode:rule", "up:rule.items:x", "drop:full"]
)
def test_button_that_is_not_there_is_refused(client, linhe, button):
    assert send(client, GROWTH, do=button).status_code == 404
    assert SchemeDraft.objects.count() == 1


def press(client, address, button, page=None):
    page = page or client.get(address)
    values = {name: page.context[name] for name in ("op", "revision")}
    return client.post(address, {**values, "do": button})


def test_items_of_a_list_are_added_moved_copied_and_deleted(client, linhe):
    address = f"{EDIT}tracks.0.rounds/"
    before = [item["key"] for item in table(linhe, "tracks.0")["rounds"]]
    assert press(client, address, "down:0").url == address
    assert press(client, address, "copy:0").url == address
    assert press(client, address, "add").url == f"{EDIT}tracks.0.rounds.5/"
    press(client, address, "delete:2")
    rounds = table(linhe, "tracks.0")["rounds"]
    assert rounds[0]["key"] == before[1]
    assert rounds[1]["title"] == "第二次联评（副本）"
    assert [item["key"] for item in rounds[2:4]] == before[2:]
    keys = [c["key"] for item in rounds for c in item["criteria"]]
    assert len(keys) == len(set(keys)), "A copy took the original's keys."
    assert working_draft(linhe).number == 5


def test_second_click_saves_once(client, linhe):
    page = client.get(GROWTH)
    for _ in range(2):
        assert send(client, GROWTH, page, full="9").status_code == 302
    address = f"{EDIT}tracks.0.rounds/"
    page = client.get(address)
    answers = [press(client, address, "add", page) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert working_draft(linhe).number == 3
    assert len(table(linhe, "tracks.0")["rounds"]) == 5


def test_second_of_two_tabs_is_told_with_both_versions_and_loses_nothing(
    client, linhe, colleague, organiser
):
    page = client.get(GROWTH)
    client.force_login(colleague)
    send(client, GROWTH, full="9")
    send(client, f"{EDIT}tracks.0.rounds.0/", title="首轮联评")
    client.force_login(organiser)
    answer = send(client, GROWTH, page, full="7")
    assert answer.status_code == 200
    assert answer.context["stale"] == [{"label": "满分", "left": "7", "right": "9"}]
    assert "您修改的内容已被别人先改过" in answer.content.decode()
    assert table(linhe, "tracks.0.rounds.2.criteria.0")["full"] == "9"
    assert send(client, GROWTH, answer).status_code == 302
    assert table(linhe, "tracks.0.rounds.2.criteria.0")["full"] == "7"
    assert table(linhe, "tracks.0.rounds.0")["title"] == "首轮联评"


def test_form_follows_its_criterion_when_somebody_moved_it(client, linhe):
    page = client.get(GROWTH)
    key = page.context["form"].values["was"]
    press(client, f"{EDIT}tracks.0.rounds.2.criteria/", "down:0")
    answer = send(client, GROWTH, page, full="7")
    answer = send(client, GROWTH, answer)
    assert answer.url == f"{EDIT}tracks.0.rounds.2.criteria.1/"
    moved = table(linhe, "tracks.0.rounds.2.criteria.1")
    assert (moved["key"], moved["full"]) == (key, "7")


def test_earlier_draft_is_shown_line_by_line_and_comes_back(client, linhe):
    send(client, GROWTH, full="9")
    send(client, f"{EDIT}tracks.0/", title="总榜")
    address = "/work/linhe/rules/drafts/2/"
    page = client.get(address)
    assert [(c.old, c.new) for c in page.context["changes"]] == [("8", "9")] or any(
        (c.old, c.new) == ("8", "9") for c in page.context["changes"]
    )
    assert any(c.new == "总榜" for c in page.context["since"])
    press(client, address, "")
    assert table(linhe, "tracks.0")["title"] != "总榜"
    assert table(linhe, "tracks.0.rounds.2.criteria.0")["full"] == "9"
    assert [d.number for d in SchemeDraft.objects.order_by("number")] == [1, 2, 3, 4]


def test_draft_is_begun_from_nothing_and_from_a_shipped_scheme(client, linhe):
    address = "/work/linhe/rules/start/"

    def begin(source):
        form = client.get(address).context["form"]
        values = {name: form[name].value() for name in ("op", "revision")}
        return client.post(address, {**values, "source": source})

    assert begin("nothing").status_code == 302
    page = client.get(EDIT)
    assert page.context["problems"]
    assert press(client, f"{EDIT}tracks/", "add").url == f"{EDIT}tracks.0/"
    assert begin("shipped:linhe-2022").status_code == 302
    assert client.get(EDIT).context["problems"] == []
    linhe.__class__.objects.filter(id=linhe.id).update(year=2024)
    assert begin("shipped:linhe-2022").status_code == 302
    assert linhe.scheme_drafts.latest("number").document["version"] == "2024.1"


def test_draft_is_handed_in_as_the_version_that_is_published_next(client, linhe):
    send(client, f"{EDIT}", version="2022.9")
    address = "/work/linhe/rules/submit/"
    page = client.get(address)
    assert [(c.old, c.new) for c in page.context["changes"]] == [("2022.1", "2022.9")]
    values = {name: page.context["form"][name].value() for name in ("op", "revision")}
    for _ in range(2):
        assert client.post(address, values).url == "/work/linhe/rules/"
    assert linhe.scheme_versions.get(state="draft").document["version"] == "2022.9"
    assert linhe.scheme_versions.count() == 2
    assert working_draft(linhe).document["version"] == "2022.9"


def test_rules_in_the_archive_are_not_edited(client, linhe):
    page = client.get(GROWTH)
    linhe.stage = "closed"
    linhe.save()
    assert client.get(GROWTH).url == "/work/linhe/rules/"
    assert send(client, GROWTH, page, full="9").status_code == 403
    assert SchemeDraft.objects.count() == 1


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


TRY = "/work/linhe/rules/try/"


def test_draft_is_tried_on_a_shipped_sample_with_both_rankings(client, linhe):
    sources = dict(client.get(TRY).context["sources"])
    assert "sample:linhe-2022" in sources
    before = client.get(f"{TRY}?source=sample:linhe-2022").context["tracks"]
    assert [track.movers for track in before] == [[] for _ in before]
    assert all(row.old_total == row.new_total for track in before for row in track.rows)
    # The first review alone decides.
    for number, weight in enumerate(["100", "0", "0", "0"]):
        send(client, f"{EDIT}tracks.0.rounds.{number}/", weight=weight)
    page = client.get(f"{TRY}?source=sample:linhe-2022")
    track = page.context["tracks"][0]
    assert not track.missing
    assert track.movers
    for row in track.movers:
        assert row.moved == row.old_place - row.new_place
        first = next(reason for reason in row.reasons if reason.title == "第一次联评")
        assert first.change > 0
        assert first.why == "权重 20→100"
        assert sum(reason.change > 0 for reason in row.reasons) == 1
    assert "第一次联评 · 每分的份量" in [effect.title for effect in track.effects]
    assert f"{track.movers[0].name} {track.movers[0].old_place}→" in page.content.decode()


def test_draft_with_problems_is_not_tried(client, linhe):
    send(client, GROWTH, full="x")
    page = client.get(f"{TRY}?source=sample:linhe-2022")
    assert page.context["tracks"] == []
    assert "改好以后才能试算" in page.content.decode()


def test_trial_on_evidence_that_does_not_fit_says_what_is_missing(client, linhe):
    page = client.get(f"{TRY}?source=sample:baise-townships")
    assert page.context["tracks"][0].missing
    assert not page.context["tracks"][0].known
    assert all(row.new_place is None for row in page.context["tracks"][0].rows)


@pytest.mark.parametrize("source", ["sample:nothing", "year:1", "x"])
def test_trial_on_data_that_are_not_offered_is_not_there(client, linhe, source):
    assert client.get(f"{TRY}?source={source}").status_code == 404
