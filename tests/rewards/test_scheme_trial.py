"""What new rules would change in flags, awards and money, before and after."""

from decimal import Decimal

from competitions.scheme.read import read_document
from rewards.queries.scheme_trial import Held, compare_outcomes
from scoring.queries.scheme_trial import tabulate_both
from scoring.rules.evidence import Evidence
from tests.rules.small import criterion, entries, measured

NAMES = {"e1": "狼山镇", "e2": "新华镇", "e3": "双河镇"}
MONEY = {
    "to": "unit",
    "quota": 2,
    "boundary": "ruling",
    "legal_basis": "办法",
    "source_of_money": "专项",
}


def document_of():
    """Tracks a and b of one criterion each; flags and an award in a, an honour over both, and a
    shared sum for the two awards."""
    direct = measured("value", {"kind": "direct"})
    tracks = [
        {"key": key, "title": title, "rounds": [
            {"key": f"{key}r", "title": "考核", "kind": "routine", "full": "100", "weight": "100",
             "criteria": [criterion(direct, key=f"{key}x")]}
        ], "flags": [{"key": f"{key}red", "title": "红旗", "colour": "red", "places": 1,
                       "boundary": "extend"}]}
        for key, title in (("a", "产业榜"), ("b", "生态榜"))
    ]  # fmt: skip
    tracks[0]["flags"].append(
        {"key": "yellow", "title": "黄旗", "colour": "yellow", "places": 1, "boundary": "exclude"}
    )
    tracks[0]["awards"] = [{"key": "best", "title": "好党委", "amounts": ["500", "300"], **MONEY}]
    honour = {"key": "both", "title": "双红旗", "colour": "red", "legal_basis": "办法"}
    honour |= {"source_of_money": "专项", "steps": [{"held": 2, "amount": "100"}]}
    return {"key": "s", "title": "办法", "tracks": tracks, "honours": [honour]}


def compare(new, *rows, old=None):
    """Rows: the values of each entry in tracks a and b."""
    evidence = Evidence(entries=entries(len(rows)))
    for n, row in enumerate(rows, 1):
        for key, value in zip(("ax", "bx"), row, strict=True):
            evidence.measurements[f"e{n}", key] = {"value": str(value)}
    schemes = [read_document(document) for document in (old or document_of(), new)]
    return compare_outcomes(*tabulate_both(*schemes, evidence), NAMES)


def test_changed_amounts_and_flags_are_told_entry_by_entry_and_add_up():
    new = document_of()
    award, flags = new["tracks"][0]["awards"][0], new["tracks"][0]["flags"]
    award |= {"amounts": ["400", "400", "50"], "quota": 3}
    flags[1]["places"] = 2
    trial = compare(new, (90, 60), (80, 50), (70, 40))
    assert [(row.name, row.won, row.lost, row.old, row.new) for row in trial.rows] == [
        ("狼山镇", [], [], 600, 500),
        ("新华镇", [("yellow", "产业榜")], [], 300, 400),
        ("双河镇", [], [], 0, 50),
    ]
    assert trial.rows[0].awards == [Held("好党委", Decimal(500), Decimal(400))]
    assert trial.rows[2].awards == [Held("好党委", None, Decimal(50))]
    assert (trial.red, trial.yellow, trial.awards) == ((2, 2), (1, 2), (3, 4))
    assert (trial.amount, trial.change, trial.same) == ((900, 950), 50, 0)
    assert sum(row.change for row in trial.rows) == trial.change


def test_flag_that_is_lost_takes_the_honour_for_several_with_it():
    new = document_of()
    new["tracks"][1]["flags"][0] |= {"key": "other", "at_least": "70"}
    trial = compare(new, (90, 60), (80, 50), (70, 40))
    (row,) = trial.rows
    assert (row.name, row.lost, row.change) == ("狼山镇", [("red", "生态榜")], -100)
    assert row.awards == [Held("双红旗", Decimal(100), None)]
    assert trial.same == 2


def test_flag_rule_under_another_key_changes_nothing():
    new = document_of()
    new["tracks"][1]["flags"][0]["key"] = "renamed"
    trial = compare(new, (90, 60), (80, 50), (70, 40))
    assert (trial.rows, trial.same) == ([], 3)


def test_tie_across_a_quota_is_told_and_not_counted():
    new = document_of()
    new["tracks"][0]["awards"][0]["boundary"] = "extend"
    trial = compare(new, (90, 60), (80, 50), (80, 40))
    before, after = trial.undecided
    assert "并列" in before[0] and not after
    assert [(row.name, row.old, row.new) for row in trial.rows] == [
        ("新华镇", 0, 300),
        ("双河镇", 0, 300),
    ]


def test_track_that_cannot_be_computed_is_left_out_with_what_hangs_on_it():
    new = document_of()
    new["tracks"][1]["rounds"][0]["criteria"][0]["key"] = "unheard-of"
    new["pools"] = [{"key": "sum", "title": "奖金总额", "amount": "100", "how": "share",
                     "awards": [{"award": "best"}, {"award": "both"}]}]  # fmt: skip
    trial = compare(new, (90, 60), (80, 50), (70, 40))
    assert trial.left_out == ["生态榜", "双红旗", "奖金总额"]
    assert (trial.rows, trial.amount, trial.red) == ([], (0, 0), (1, 1))


def test_rules_without_flags_and_awards_are_not_compared():
    bare = document_of() | {"honours": []}
    for track in bare["tracks"]:
        track["flags"] = track["awards"] = []
    assert compare(bare, (90, 60), (80, 50), old=bare) is None
