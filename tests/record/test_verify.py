"""Digests against values worked out here from their definition, and chains that were tampered."""

import copy
import hashlib
import random
from datetime import UTC, datetime

import pytest

from record.chain import digests
from record.chain.canonical import encode
from record.chain.commitments import commit, commitment_of, commitments_in
from record.chain.verify import PROBLEMS_SHOWN, verify

CHAIN = "c" * 32
FIELDS = ["chain", "seq", "op", "replaces", "kind", "at", "by", "body", "body_digest", "previous"]


def sha(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def make_rows(count=5, chain=CHAIN):
    rows, previous = [], digests.first_previous(chain)
    for seq in range(1, count + 1):
        body = {"salt": f"{seq:032x}", "mark": "92.50", "entry": "狼山镇", "n": seq}
        row = {
            "chain": chain,
            "seq": seq,
            "op": f"{seq + 100:032x}",
            "replaces": f"{seq + 99:032x}" if seq in {3, 5} else None,
            "kind": "mark.entered",
            "at": f"2022-08-20T01:02:03.00000{seq}Z",
            "by": "p-1",
            "body": encode(body).decode("utf-8"),
            "body_digest": digests.body_digest(body),
            "previous": previous,
        }
        previous = row["digest"] = digests.revision_digest(row)
        rows.append(row)
    return rows


def test_digests_by_their_definition():
    salt = "0123456789abcdef0123456789abcdef"
    body = sha('leitai/1/body\n{"mark":"92.50","salt":"0123456789abcdef0123456789abcdef"}')
    assert digests.body_digest({"salt": salt, "mark": "92.50"}) == body
    genesis = sha("leitai/1/chain\naudit")
    assert digests.first_previous("audit") == genesis
    header = {
        "chain": "audit",
        "seq": 1,
        "op": "0" * 32,
        "replaces": None,
        "kind": "a.b",
        "at": "2022-08-20T01:02:03.000004Z",
        "by": "",
        "body_digest": body,
        "previous": genesis,
        "digest": "left aside",
    }
    assert digests.revision_digest(header) == sha(
        'leitai/1/revision\n{"at":"2022-08-20T01:02:03.000004Z","body":"' + body + '","by":"",'
        '"chain":"audit","kind":"a.b","op":"' + "0" * 32 + '","previous":"' + genesis + '",'
        '"replaces":null,"seq":1}'
    )
    assert commit("张三", salt) == sha(
        'leitai/1/commitment\n{"salt":"0123456789abcdef0123456789abcdef","value":"张三"}'
    )


def test_digests_have_their_shape_for_good():
    """Every printed checkpoint depends on these values: they may never change.

    They were worked out with a few lines of hashlib from the definition, not by this code.
    """
    rows = make_rows(2)
    assert [row["digest"] for row in rows] == [
        "07ad235b737f104e2711e34c46f7e1d72ad37b49fda3baa06371a7859d21a813",
        "15a2b27de15889ff4720bbd717adc7e7c27b816d3fd3845b1aae072ba623e982",
    ]


def test_digest_of_a_body_without_salt_is_refused():
    for body in ({}, {"salt": "short"}, {"salt": None}, [], "text"):
        with pytest.raises(ValueError, match="盐"):
            digests.body_digest(body)
    with pytest.raises(ValueError, match="盐"):
        commit("张三", "salt")


def test_instant_text_of_a_naive_or_early_time():
    with pytest.raises(ValueError, match="时区"):
        digests.instant_text(datetime(2022, 8, 20))
    early = digests.instant_text(datetime(987, 1, 2, tzinfo=UTC))
    assert early == "0987-01-02T00:00:00.000000Z"


def test_commitments_in_a_body():
    one, two = "1" * 64, "2" * 64
    body = {
        "a": {"commit": one},
        "b": [{"c": {"commit": two}}, {"commit": "no digest"}],
        "commit": one,
    }
    assert commitments_in(body) == [one, two]
    assert commitment_of({"commit": one, "more": 1}) is None


def test_verify_whole_chain():
    rows = make_rows()
    report = verify(rows)
    assert (report.ok, report.chain, report.length, report.head) == (
        True,
        CHAIN,
        5,
        rows[4]["digest"],
    )
    assert (report.withheld, report.problems) == (0, [])
    as_dicts = [{**row, "body": eval(row["body"])} for row in rows]
    assert verify(as_dicts, chain=CHAIN).ok


def test_verify_empty_chain():
    report = verify([], chain="audit")
    assert (report.ok, report.length, report.head) == (True, 0, digests.first_previous("audit"))


def test_verify_withheld_bodies():
    rows = make_rows()
    rows[1]["body"] = None
    del rows[3]["body"]
    report = verify(rows, chain=CHAIN)
    assert (report.ok, report.withheld) == (True, 2)


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("name", [*FIELDS, "digest"])
def test_verify_any_changed_byte_says_where(place, name):
    rng = random.Random(f"{place}{name}")
    for _ in range(12):
        rows = make_rows()
        rows[place][name] = altered(rows[place][name], rng)
        report = verify(rows, chain=CHAIN)
        assert any(problem.startswith(f"第 {place + 1} 条：") for problem in report.problems)


def altered(value, rng):
    if value is None:
        return f"{rng.randrange(16**32):032x}"
    if isinstance(value, int):
        return rng.choice([value + 1, value - 1, str(value), None, value + 2**60, float(value)])
    place = rng.randrange(len(value))
    other = rng.choice(
        [letter for letter in "0123456789abcdefZ {\ud800镇" if letter != value[place]]
    )
    return rng.choice(
        [
            value[:place] + other + value[place + 1 :],
            value[:place] + value[place + 1 :],
            value + other,
        ]
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda rows: rows.pop(2), "第 3 条：序号是 4，不连续。"),
        (lambda rows: rows.insert(2, rows.pop(3)), "第 3 条：与前一条的摘要接不上。"),
        (lambda rows: rows.insert(2, copy.copy(rows[1])), "第 3 条：操作号与第 2 条重复。"),
        (lambda rows: rows[3].pop("digest"), "第 4 条：「摘要」缺失或写法不对。"),
        (lambda rows: rows.__setitem__(3, "row"), "第 4 条：不是一条记录。"),
        (
            lambda rows: rows[3].update(body={"salt": 1}),
            "第 4 条：正文不能核验：正文没有 32 位十六进制的盐。",
        ),
        (
            lambda rows: rows[3].update(body=7),
            "第 4 条：正文不能核验：正文没有 32 位十六进制的盐。",
        ),
    ],
)
def test_verify_changed_sequence_says_where(change, sentence):
    rows = make_rows()
    change(rows)
    assert sentence in verify(rows, chain=CHAIN).problems


def resealed(rows):
    """Rows whose digests are worked out anew, as by somebody who knows how."""
    previous = digests.first_previous(rows[0]["chain"])
    for row in rows:
        row["previous"] = previous
        previous = row["digest"] = digests.revision_digest(row)
    return rows


def test_verify_resealed_chain_is_caught_by_a_checkpoint_only():
    genuine = make_rows()
    forged = copy.deepcopy(genuine)
    forged[1]["at"] = "2022-08-20T01:02:03.999999Z"
    resealed(forged)
    assert verify(forged, chain=CHAIN).ok
    report = verify(forged, chain=CHAIN, checkpoints={4: genuine[3]["digest"]})
    assert report.problems == ["第 4 条：摘要与已公布的核对点不一致，这条链被改写过。"]
    assert verify(genuine, chain=CHAIN, checkpoints={4: genuine[3]["digest"]}).ok


def test_verify_cut_chain_is_caught_by_a_checkpoint():
    rows = make_rows()
    report = verify(rows[:3], chain=CHAIN, checkpoints={5: rows[4]["digest"]})
    assert report.problems == ["第 5 条：已公布过它的核对点，现在却没有这一条，链的末尾被截去。"]


def test_verify_line_of_corrections():
    rows = make_rows()
    rows[4]["replaces"] = rows[2]["replaces"]
    assert verify(resealed(rows)).problems == ["第 5 条：与第 3 条更正的是同一条。"]
    rows = make_rows()
    rows[2]["replaces"] = rows[4]["op"]
    assert verify(resealed(rows)).problems == ["第 3 条：所更正的操作不在它之前。"]


def test_verify_row_of_another_chain():
    rows = make_rows()
    rows[2]["chain"] = "audit"
    assert "第 3 条：属于另一条链「audit」。" in verify(rows).problems
    assert (
        "第 1 条：属于另一条链「audit」。" in verify(make_rows(chain="audit"), chain=CHAIN).problems
    )


def test_verify_counts_problems_beyond_a_hundred():
    report = verify(["nothing"] * 150, chain=CHAIN)
    assert (len(report.problems), report.problems_left_out) == (PROBLEMS_SHOWN, 50)
