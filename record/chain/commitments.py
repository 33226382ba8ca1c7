"""Commitments: a private value (a name, a telephone number) stands in a body only as a digest.

Who holds value and salt can show that they belong to the record; once both are erased nobody can
find the value, and the chain still verifies.
"""

import hashlib

from record.chain.canonical import encode
from record.chain.digests import DIGEST, SALT

COMMITMENT_TAG = b"leitai/1/commitment\n"


def commit(value: str, salt: str) -> str:
    """This function will return sha256(tag + canonical {salt, value}) as 64 hex digits.

    The salt is 32 hex digits, random and used once.
    """
    if not SALT.fullmatch(salt):
        raise ValueError("盐应为 32 位十六进制数。")
    return hashlib.sha256(COMMITMENT_TAG + encode({"salt": salt, "value": value})).hexdigest()


def commitments_in(value) -> list[str]:
    """This function will return the digests of all `{"commit": digest}` in a value, in order."""
    if isinstance(value, dict):
        digest = commitment_of(value)
        if digest is not None:
            return [digest]
        return [found for item in value.values() for found in commitments_in(item)]
    if isinstance(value, list):
        return [found for item in value for found in commitments_in(item)]
    return []


def commitment_of(value) -> str | None:
    """This function will return the digest when the value is exactly `{"commit": digest}`."""
    if isinstance(value, dict) and value.keys() == {"commit"}:
        digest = value["commit"]
        if isinstance(digest, str) and DIGEST.fullmatch(digest):
            return digest
    return None
