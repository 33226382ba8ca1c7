"""The digests of the record: two levels, so that a body can be withheld and the chain still holds.

    body digest     = sha256("leitai/1/body\\n" + canonical body, its random salt included)
    revision digest = sha256("leitai/1/revision\\n" + canonical header with the body's digest)
    first previous  = sha256("leitai/1/chain\\n" + name of the chain)
    document digest = sha256(tag + canonical document); what went into a tabulation and what came
                      out have tags, documents named by nothing but their digest have none

The salt in every body keeps a withheld body from being guessed. The number in the tags is the
version of this form; a digest never changes its meaning.
"""

import hashlib
import re
from datetime import UTC, datetime

from record.chain.canonical import encode

BODY_TAG = b"leitai/1/body\n"
REVISION_TAG = b"leitai/1/revision\n"
CHAIN_TAG = b"leitai/1/chain\n"
EVIDENCE_TAG = b"leitai/1/evidence\n"
RESULT_TAG = b"leitai/1/result\n"
HEADER = ("chain", "seq", "op", "replaces", "kind", "at", "by", "body_digest", "previous")
DIGEST = re.compile(r"[0-9a-f]{64}")
SALT = re.compile(r"[0-9a-f]{32}")
OPERATION = re.compile(r"[0-9a-f]{32}")
KIND = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
PERSON = re.compile(r"[A-Za-z0-9_.:-]{0,40}")
CHAIN = re.compile(r"audit|[0-9a-f]{32}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def body_digest(body: dict) -> str:
    """This function will return the digest of a body (a dict with its `salt`) as 64 hex digits."""
    require_salt(body)
    return canonical_body_digest(encode(body))


def canonical_body_digest(data: bytes) -> str:
    """This function will return the digest of a body that is in canonical form already."""
    return hashlib.sha256(BODY_TAG + data).hexdigest()


def document_digest(document, tag=b"") -> str:
    """This function will return the digest of a document kept beside the record as 64 hex digits;
    ValueError when the document has no canonical form."""
    return hashlib.sha256(tag + encode(document)).hexdigest()


def require_salt(body) -> None:
    """This function will raise ValueError unless a body is a dict with a salt of 32 hex digits."""
    salt = body.get("salt") if isinstance(body, dict) else None
    if not isinstance(salt, str) or not SALT.fullmatch(salt):
        raise ValueError("正文没有 32 位十六进制的盐。")


def revision_digest(header: dict) -> str:
    """This function will return the digest of a revision's header as 64 hex digits.

    The header holds chain, seq, op, replaces (or None), kind, at (`instant_text`), by,
    body_digest and previous; other keys are left aside.
    """
    names = {name: header[name] for name in HEADER if name != "body_digest"}
    names["body"] = header["body_digest"]
    return hashlib.sha256(REVISION_TAG + encode(names)).hexdigest()


def first_previous(chain: str) -> str:
    """This function will return what the first revision of a chain carries as previous digest."""
    return hashlib.sha256(CHAIN_TAG + chain.encode("utf-8")).hexdigest()


def instant_text(at: datetime) -> str:
    """This function will return an aware time as `2022-08-20T01:02:03.000004Z`, always in UTC.

    A naive time raises ValueError: both databases must give the same text for one moment.
    """
    if at.tzinfo is None:
        raise ValueError("时间没有时区。")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
