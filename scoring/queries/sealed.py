"""Whether a stored tabulation is still what the record says went in and came out."""

from functools import lru_cache

from django.db.models import TextField
from django.db.models.functions import Cast

from competitions.queries.sealed import (
    Changed,
    TextDigest,
    body_of,
    chain_of,
    check_rules,
    read_digest,
)
from record.chain.canonical import decode
from record.chain.digests import EVIDENCE_TAG, RESULT_TAG
from scoring import kinds
from scoring.models import Tabulation

PARTS = {"evidence": ("依据", EVIDENCE_TAG), "result": ("结果", RESULT_TAG)}


class TabulationMismatch(Changed):
    """A stored tabulation that differs from the record, or does not follow from its own evidence:
    somebody changed it. str() is the sentence for the reader."""


def check_tabulation(tabulation):
    """This function will raise TabulationMismatch when the stored evidence, result or rules of a
    tabulation differ from their digests, or these from the revision that recorded them.

    Two queries each time, whatever is cached elsewhere. The database makes a digest of each text;
    only a text not met before is read and brought into canonical form.
    """
    rows = Tabulation.objects.filter(id=tabulation.id)
    row = _with_record(rows, evidence_text=TextDigest("evidence")).get()
    if not _is_as_recorded(row):
        raise TabulationMismatch(
            f"第 {row['number']} 次统分的登记与存证不符，被改动过，请停止公布并核验存证。"
        )
    for part, (title, _) in PARTS.items():
        found = _part_digest(tabulation.id, part, row[f"{part}_text"])
        if found != row[f"{part}_digest"]:
            raise TabulationMismatch(
                f"第 {row['number']} 次统分存储的{title}与存证不符，被改动过，"
                "请停止公布并核验存证。"
            )
    try:
        check_rules(row["scheme_version_id"])
    except Changed as error:
        raise TabulationMismatch(str(error)) from error


def find_sealed_result(tabulations):
    """This function will return (id, digest of the stored text) of the first of some Tabulations
    when its result is what the record says; None when it is not, or when there is none.

    One query: for what only needs places, while `check_tabulation` looks at everything.
    """
    row = _with_record(tabulations).first()
    if row is None or not _is_as_recorded(row):
        return None
    if _part_digest(row["id"], "result", row["result_text"]) != row["result_digest"]:
        return None
    return row["id"], row["result_text"]


def _with_record(tabulations, **more):
    return tabulations.annotate(
        result_text=TextDigest("result"),
        body=body_of(kinds.TABULATION_STORED),
        chain_=chain_of(),
        **more,
    ).values(
        "id",
        "number",
        "complete",
        "evidence_digest",
        "result_digest",
        "result_text",
        "scheme_version_id",
        "scheme_version__digest",
        "competition__uuid",
        "body",
        "chain_",
        *more,
    )


def _is_as_recorded(row):
    """Whether the row has the digests that were recorded when it was stored."""
    said = decode(row["body"]) if row["body"] else {}
    said.pop("salt", None)
    stored = {
        "number": row["number"],
        "scheme": row["scheme_version__digest"],
        "evidence": row["evidence_digest"],
        "result": row["result_digest"],
        "complete": row["complete"],
    }
    return said == stored and row["chain_"] == row["competition__uuid"].hex


@lru_cache(maxsize=64)
def _part_digest(tabulation_id, part, text_digest):
    """The canonical digest of the stored text with this digest, of any other text nothing."""
    found = Tabulation.objects.annotate(text=Cast(part, TextField()))
    text = found.values_list("text", flat=True).get(id=tabulation_id)
    return read_digest(text, text_digest, PARTS[part][1])
