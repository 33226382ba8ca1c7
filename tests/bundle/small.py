"""Small bundles for tests: one by hand, one complete with result, record and publication."""

import json
import uuid
import zipfile

from competitions.scheme.read import read_toml
from competitions.scheme.write import to_document as scheme_document
from publication.bundle.write import write_bundle
from publication.contents import build_results
from record.chain import digests
from record.chain.canonical import encode
from record.chain.digests import EVIDENCE_TAG, RESULT_TAG, document_digest
from rewards.rules.decide import apply_decision, decide
from rewards.rules.outcome import Change
from scoring.rules.evidence import to_document as evidence_document
from scoring.rules.tabulate import tabulate

NAMES = {"lang": "狼山镇", "xin": "新华镇", "shuang": "双河镇"}
SCHEME = """
key = "mini"
title = "三镇擂台办法"
judge_groups = [{ key = "panel", title = "评委" }]

[[tracks]]
key = "town"
title = "乡镇榜"
ties = [{ by = "round", of = "arena" }]

[[tracks.rounds]]
key = "arena"
title = "擂台比武"
kind = "arena"
weight = 60
decimals = 2

[tracks.rounds.panel]
parts = [{ group = "panel", drop_high = 1, drop_low = 1, trim_from = 5 }]
decimals = 2

[[tracks.rounds.criteria]]
key = "speech"
title = "演讲"
full = 100
rule = { kind = "marks", high = 100, step = 0.5 }

[[tracks.rounds]]
key = "daily"
title = "日常考核"
kind = "routine"
weight = 40
above_full = true

[[tracks.rounds.criteria]]
key = "income"
title = "收入增速"
full = 100
decimals = 2

[tracks.rounds.criteria.rule]
kind = "measured"
quantity = "growth"
undefined = "zero"
conversion = { kind = "efficacy", all_equal = "full" }

[[tracks.rounds.criteria]]
key = "ledger"
title = "加减分"
full = 0
below_zero = true
above_full = true

[tracks.rounds.criteria.rule]
kind = "ledger"
items = [{ key = "honour", title = "市级表彰", sign = "bonus", points = 0.3 }]

[[tracks.flags]]
key = "red"
title = "红旗"
colour = "red"
places = 1
boundary = "extend"

[[tracks.flags]]
key = "yellow"
title = "黄旗"
colour = "yellow"
below = 80
boundary = "extend"

[[tracks.awards]]
key = "good"
title = "好党委"
to = "unit"
quota = 2
amounts = [500000, 300000]
boundary = "extend"
legal_basis = "办法第八条"
source_of_money = "区财政"
"""
# Marks of judges 1–5; one highest and one lowest are dropped, three remain:
#   lang 92 93 94 → 93; xin 90 91 92 → 91; shuang 87 88 89 → 88
MARKS = {"lang": 91, "xin": 89, "shuang": 86}
# Growth 0.2, 0.25, 0.1 → 60 + 40·(g − 0.1) ÷ 0.15: 86.67, 100, 60; lang + 0.3 for an honour
INCOME = {"lang": ("100", "120"), "xin": ("200", "250"), "shuang": ("90", "99")}
# 0.6 × arena + 0.4 × daily, half up to two places:
#   lang 55.8 + 34.788 = 90.588; xin 54.6 + 40 = 94.6; shuang 52.8 + 24 = 76.8
TOTALS = {"lang": "90.59", "xin": "94.60", "shuang": "76.80"}


def tables():
    """This function will return the bundle as a person would write it: {file name: text}."""
    marks = ["round,entry,judge,criterion,value"]
    income = ["参评对象,评分项,数据项,数值,备注"]
    for key, lowest in MARKS.items():
        marks += [f"arena,{key},j{n},speech,{lowest + n - 1}" for n in range(1, 6)]
        baseline, value = INCOME[key]
        income += [f"{key},income,baseline,{baseline},", f"{key},income,value,{value},核实"]
    judges = [f"j{n},{n},panel" for n in range(1, 6)]
    return {
        "scheme.toml": SCHEME,
        "entries.csv": "编号,名称\n" + "".join(f"{k},{name}\n" for k, name in NAMES.items()),
        "judges.csv": "\n".join(["key,number,group", *judges]),
        "marks.csv": "\n".join(marks) + "\n",
        "measurements.csv": "\n".join(income) + "\n",
        "ledger.csv": "key,entry,criterion,item,date\nl001,lang,ledger,honour,2022-07-01\n",
    }


def write_folder(folder, files):
    """This function will write files {name: text or bytes} into a folder and return it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def write_zip(path, files):
    """This function will pack files {name: text or bytes} into a zip and return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def chain_rows(chain, facts):
    """This function will return the rows of a chain from (kind, body) pairs."""
    rows, previous = [], digests.first_previous(chain)
    for seq, (kind, body) in enumerate(facts, 1):
        text = encode({**body, "salt": f"{seq:032x}"}).decode()
        row = {
            "chain": chain,
            "seq": seq,
            "op": uuid.UUID(int=seq).hex,
            "replaces": None,
            "kind": kind,
            "at": "2022-08-20T01:02:03.000004Z",
            "by": "7",
            "body": text,
            "body_digest": digests.canonical_body_digest(text.encode()),
            "previous": previous,
        }
        row["digest"] = previous = digests.revision_digest(row)
        rows.append(row)
    return rows


def complete_parts(evidence, circle="county"):
    """This function will return what `write_bundle` needs for a complete bundle, with a meeting's
    decision that gives the second award to the third place."""
    scheme = read_toml(SCHEME)
    result = tabulate(scheme, evidence)
    computed = decide(result, scheme, evidence)
    changes = [
        Change("good", "lang", False, "会议研究取消"),
        Change("good", "shuang", True, "会议研究给予", "300000"),
    ]
    final = apply_decision(computed, changes)
    documents = {
        "scheme.json": scheme_document(scheme),
        "evidence.json": evidence_document(evidence),
        "result.json": result.to_document(),
        "outcome.json": {"computed": computed.to_document(), "final": final.to_document()},
        "decision.json": {
            "number": 1,
            "meeting": "常委会",
            "changes": [
                {"award": c.award, "entry": c.entry, "give": c.give, "reason": c.reason}
                | ({"amount": c.amount} if c.amount else {})
                for c in changes
            ],
        },
        "names.json": {"entries": NAMES},
    }
    outcome = final.to_document()
    contents = build_results(
        circle=circle,
        competition={"title": "三镇擂台", "number": 1},
        scheme=scheme,
        result=result.to_document(),
        outcome={name: outcome[name] for name in ("flags", "awards", "total")},
        names={key: {"name": name} for key, name in NAMES.items()},
        plan=[],
        decision=None,
        notice=None,
    )
    documents["publications.json"] = [
        {
            "number": 1,
            "kind": "results",
            "circle": circle,
            "circle_title": "全县（区）",
            "tabulation": 1,
            "contents_digest": document_digest(contents),
            "contents": contents,
        }
    ]
    chain = "ab" * 16
    scheme_digest = document_digest(documents["scheme.json"])
    stored = {
        "number": 1,
        "scheme": scheme_digest,
        "evidence": document_digest(documents["evidence.json"], EVIDENCE_TAG),
        "result": document_digest(documents["result.json"], RESULT_TAG),
        "complete": True,
    }
    released = {"number": 1, "circle": circle, "contents": document_digest(contents)}
    rows = chain_rows(
        chain,
        [
            ("competition.created", {"slug": "mini"}),
            ("tabulation.stored", stored),
            ("publication.released", released),
        ],
    )
    about = {
        "title": "三镇擂台",
        "chain": chain,
        "head": rows[-1]["digest"],
        "tabulation": 1,
        "scheme_digest": scheme_digest,
    }
    return {
        "about": about,
        "documents": documents,
        "record": rows,
        "attachments": [("l001.pdf", b"%PDF-1.4 demo")],
    }


def changed(parts, name, change):
    """This function will write the bundle with one document changed by `change(document)` as if
    nothing had been noticed: the list of files is made anew."""
    document = json.loads(encode(parts["documents"][name]))
    change(document)
    return write_bundle(**{**parts, "documents": {**parts["documents"], name: document}})
