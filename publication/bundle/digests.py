"""The digests by which a bundle's documents are known in the record."""

import hashlib

from record.chain.canonical import encode

# As `tabulation.stored` in the record names what went in and what came out.
EVIDENCE_TAG = b"leitai/1/evidence\n"
RESULT_TAG = b"leitai/1/result\n"


def document_digest(document, tag=b"") -> str:
    """This function will return the SHA-256 of a document's canonical form, as hex; ValueError
    when it has none."""
    return hashlib.sha256(tag + encode(document)).hexdigest()
