"""Making, arranging and moving a ceremony: one step each, and only on what was decided."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from arena.actions.ceremony import arrange_ceremony, make_ceremony, move_ceremony
from arena.models import Ceremony, FeedItem
from arena.queries.ceremony import find_fault, load_show
from arena.queries.replay import find_unlike_ceremonies
from record.actions import OperationReused
from record.models import Revision
from record.queries import verify_chain
from scoring.actions.measurements import enter_measurements, verify_measurements
from scoring.models import Measurement, Tabulation
from tests.arena.ceremony_case import build_case
from tests.people import identities
from tests.rewards import case

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(competition, organiser, colleague):
    return build_case(competition, organiser, colleague)


def titles(ceremony):
    return [group.title for group in load_show(ceremony).stage.groups]


def entries(ceremony, title):
    groups = {group.title: group for group in load_show(ceremony).stage.groups}
    return [item.entry for item in groups[title].items]


def order(hall, groups, **more):
    ceremony = hall.fresh()
    said = {"step": ceremony.step, **hall.act(), **more}
    return arrange_ceremony(ceremony=ceremony, groups=groups, **said)


def test_script_goes_from_last_to_first_and_holds_what_is_public(hall):
    ceremony = hall.make()
    # The yellow flag stays inside the county, and of the standing those only who were named.
    assert titles(ceremony) == [
        "红旗",
        "干事创业好党委",
        "担当作为好书记",
        "乡镇榜排名",
        "书记榜排名",
    ]
    assert entries(ceremony, "干事创业好党委") == ["e02", "e01"]
    assert entries(ceremony, "乡镇榜排名") == ["e01", "e02"]
    item = load_show(ceremony).stage.groups[1].items[0]
    assert (item.place, item.points, item.amount) == (2, "90.00", "300000")


def test_script_follows_the_meeting(hall):
    hall.decide([case.withdraw("e02"), case.give("e03", amount="100000")])
    assert entries(hall.make(), "干事创业好党委") == ["e03", "e01"]


def test_without_a_verified_decision_no_ceremony_is_made(competition, organiser, colleague):
    hall = build_case(competition, organiser, colleague, decided=False)
    with pytest.raises(ValidationError, match="还没有经核对的会议决定"):
        hall.make()
    Tabulation.objects.update(complete=False)
    with pytest.raises(ValidationError, match="没有完整的统分"):
        hall.make()
    assert not Ceremony.objects.exists()


def test_evidence_that_changed_since_forbids_to_make_and_to_begin(hall):
    hall.make()
    Measurement.objects.filter(entry__key="e01").update(values={"value": "60"})
    with pytest.raises(ValidationError, match="数据又有改动"):
        hall.move("start")
    with pytest.raises(ValidationError, match="数据又有改动"):
        hall.make()


def test_evidence_that_changed_under_way_forbids_to_reveal_but_not_to_hide(hall):
    hall.make()
    hall.move("start", "advance", "advance")
    changed = Measurement.objects.filter(entry__key="e01", round_key="routine")
    values = changed.get().values
    changed.update(values={"value": "60"})
    with pytest.raises(ValidationError, match="请重新统分后再重新制作颁奖仪式"):
        hall.move("advance")
    hall.move("end", "back", "emblem")
    with pytest.raises(ValidationError, match="数据又有改动"):
        hall.move("resume")
    # What counts is again what was tabulated: the same results go on.
    changed.update(values=values)
    assert hall.move("resume").cover == ""


def test_each_step_is_recorded_once_and_by_keys_only(hall):
    ceremony = hall.make()
    said = {"ceremony": ceremony, "move": "start", "step": 0, **hall.act()}
    assert move_ceremony(**said).state == move_ceremony(**said).state == "running"
    with pytest.raises(OperationReused):
        move_ceremony(**{**said, "move": "end"})
    hall.move("advance", "advance")
    moved = Revision.objects.of_chain(hall.competition.chain).of_kind("arena.ceremony_moved")
    assert [(one.facts["move"], one.facts["position"]) for one in moved] == [
        ("start", 0),
        ("advance", 1),
        ("advance", 2),
    ]
    bodies = "".join(
        str(one.facts) for one in Revision.objects.of_chain(ceremony.competition.chain)
    )
    assert "狼山镇" not in bodies
    assert verify_chain(hall.competition.chain).ok


def test_second_operator_is_refused(hall):
    ceremony = hall.make()
    hall.move("start")
    with pytest.raises(ValidationError, match="已由别人推进"):
        move_ceremony(ceremony=ceremony, move="start", step=0, **hall.act(hall.colleague))
    with pytest.raises(ValidationError, match="没有这一步"):
        move_ceremony(ceremony=ceremony, move="explode", step=1, **hall.act())


def told(hall):
    return find_unlike_ceremonies(hall.competition, identities(hall.competition))


def test_ceremony_is_replayed_from_the_record(hall):
    hall.make()
    hall.make()
    order(hall, ["g3", "g2"])
    assert told(hall) == []
    hall.move("start", "let_ahead", "advance", "emblem")
    assert told(hall) == []
    Ceremony.objects.filter(state="running").update(position=3)
    assert told(hall) == ["颁奖仪式"]
    Ceremony.objects.filter(state="running").delete()
    assert told(hall) == ["颁奖仪式"]


def test_made_twice_by_one_operation_is_made_once(hall):
    act = hall.act()
    first = make_ceremony(competition=hall.competition, **act)
    assert make_ceremony(competition=hall.competition, **act) == first
    second = hall.make()
    assert (second.number, Ceremony.objects.filter(state="replaced").get()) == (2, first)
    with pytest.raises(ValidationError, match="已由新的替代"):
        move_ceremony(ceremony=first, move="start", step=0, **hall.act())


def test_ceremony_under_way_is_not_made_anew_until_it_has_ended(hall):
    hall.make()
    hall.move("start", "advance")
    with pytest.raises(ValidationError, match="仪式正在进行"):
        hall.make()
    hall.move("end")
    assert hall.make().state == "prepared"


def test_groups_are_put_in_order_and_left_out_before_the_beginning(hall):
    hall.make()
    assert titles(order(hall, ["g3", "g2", "g4"])) == [
        "担当作为好书记",
        "干事创业好党委",
        "乡镇榜排名",
    ]
    # A standing whose groups are all left out names nobody, so it falls away.
    assert titles(order(hall, ["g3", "g4"])) == ["担当作为好书记"]
    for groups, words in [
        (["g4", "g3"], "排名要排在"),
        (["g4"], "至少保留一组"),
        ([], "至少保留一组"),
        (["g1", "g1"], "重复或不认识"),
        (["g9"], "重复或不认识"),
    ]:
        with pytest.raises(ValidationError, match=words):
            order(hall, groups)
    with pytest.raises(ValidationError, match="已由别人推进"):
        order(hall, ["g1"], step=0)
    hall.move("start")
    with pytest.raises(ValidationError, match="不能再改颁发顺序"):
        order(hall, ["g1"])


def test_results_that_changed_must_be_made_into_a_new_ceremony(hall):
    hall.make()
    hall.move("start", "advance", "advance")
    Measurement.objects.filter(entry__key="e03", round_key="routine").update(values={"value": "96"})
    case.tabulate(hall.competition, hall.organiser)
    with pytest.raises(ValidationError, match="重新统过分，结果有变，颁奖仪式要重新制作"):
        hall.move("advance")
    # What hides or covers is always possible.
    assert hall.move("emblem", "back").position == 1
    with pytest.raises(ValidationError, match="颁奖仪式要重新制作"):
        hall.move("resume")
    hall.decide()
    assert entries(hall.make(), "干事创业好党委") == ["e01", "e03"]


def test_operators_are_told_at_once_of_what_outdates_the_script_and_the_hall_is_not(hall):
    hall.make()
    hall.move("start", "advance", "advance")
    last = FeedItem.objects.latest("id").id
    row = Measurement.objects.get(entry__key="e03", criterion_key="score")
    place, here = ("e03", "score"), {"competition": hall.competition, "round_key": "routine"}
    written = {"values": {place: {"value": "96"}}, "revisions": {place: row.revision.hex}}
    enter_measurements(**written, **here, **hall.act())
    row.refresh_from_db()
    verify_measurements(revisions={place: row.revision.hex}, **here, **hall.act(hall.colleague))
    told = FeedItem.objects.filter(id__gt=last)
    assert told.count() == 1 and "数据又有改动" in find_fault(load_show(hall.fresh()))
    case.tabulate(hall.competition, hall.organiser)
    hall.decide()
    assert [item.kind for item in told] == ["changed"] * 4
    assert {item.channel.split("/")[-1] for item in told} == {"ceremony-console"}
    hall.move("end")
    last = FeedItem.objects.latest("id").id
    hall.decide()
    assert not FeedItem.objects.filter(id__gt=last).exists()


def test_tabulation_repeated_without_a_change_changes_nothing(hall):
    hall.make()
    hall.move("start")
    case.tabulate(hall.competition, hall.organiser)
    assert hall.move("advance").position == 1


def test_decision_that_changed_must_be_made_into_a_new_ceremony(hall):
    hall.make()
    hall.move("start")
    hall.decide([case.withdraw("e02")])
    with pytest.raises(ValidationError, match="会议决定有变"):
        hall.move("advance")


def test_changed_row_stops_the_ceremony_and_shows_nobody(hall):
    ceremony = hall.make()
    hall.move("start", "advance", "advance")
    ceremony.decision.changes = [case.withdraw("e01")]
    ceremony.decision.save(update_fields=["changes"])
    show = load_show(hall.fresh())
    assert "脚本与制作时的存证不符" in find_fault(show) and show.stage.groups == ()
    with pytest.raises(ValidationError, match="存证不符"):
        hall.move("advance")
    assert hall.move("end").state == "ended"


def test_archive_stops_the_ceremony(hall):
    hall.make()
    hall.competition.stage = "closed"
    hall.competition.save(update_fields=["stage"])
    with pytest.raises(ValidationError, match="已经归档"):
        hall.move("start")


def test_operation_of_somebody_else_is_refused(hall):
    op = uuid.uuid4()
    ceremony = hall.make()
    move_ceremony(ceremony=ceremony, move="start", step=0, **{**hall.act(), "op": op})
    with pytest.raises(OperationReused):
        move_ceremony(
            ceremony=ceremony, move="start", step=0, **{**hall.act(hall.colleague), "op": op}
        )
