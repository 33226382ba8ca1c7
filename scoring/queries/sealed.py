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
    row = (
        Tabulation.objects.filter(id=tabulation.id)
        .annotate(
            evidence_text=TextDigest("evidence"),
            result_text=TextDigest("result"),
            body=body_of(kinds.TABULATION_STORED),
            chain_=chain_of(),
        )
        .values(
            "number",
            "complete",
            "evidence_digest",
            "result_digest",
            "evidence_text",
            "result_text",
            "scheme_version_id",
            "scheme_version__digest",
            "competition__uuid",
            "body",
            "chain_",
        )
        .get()
    )
    said = decode(row["body"]) if row["body"] else {}
    said.pop("salt", None)
    stored = {
        "number": row["number"],
        "scheme": row["scheme_version__digest"],
        "evidence": row["evidence_digest"],
        "result": row["result_digest"],
        "complete": row["complete"],
    }
    if said != stored or row["chain_"] != row["competition__uuid"].hex:
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


@lru_cache(maxsize=64)
def _part_digest(tabulation_id, part, text_digest):
    """The canonical digest of the stored text with this digest, of any other text nothing."""
    found = Tabulation.objects.annotate(text=Cast(part, TextField()))
    text = found.values_list("text", flat=True).get(id=tabulation_id)
    return read_digest(text, text_digest, PARTS[part][1])
