"""Whether what the database holds is still what the record says: stored documents and digests."""

import hashlib
import json
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db.models import Func, OuterRef, Subquery, TextField
from django.db.models.functions import Cast

from competitions import kinds
from competitions.models import SchemeVersion
from record.chain.canonical import decode
from record.chain.digests import document_digest
from record.models import Revision


class Changed(ValidationError):
    """Something stored differs from its digest or from the record; str() is the sentence."""

    def __str__(self):
        return self.messages[0]


class TextDigest(Func):
    """The SHA-256 of a JSON column's text, made where the text is: it may be many megabytes."""

    function = "SHA256"
    output_field = TextField()

    def __init__(self, column):
        super().__init__(Cast(column, TextField()))

    def as_postgresql(self, compiler, connection, **extra):
        template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
        return self.as_sql(compiler, connection, template=template, **extra)


def body_of(kind, revision="revision"):
    """This function will return a subquery: the body of the revision of a kind that a row names."""
    found = Revision.objects.filter(op_id=OuterRef(revision), kind=kind)
    return Subquery(found.order_by("id").values("body")[:1])


def chain_of(revision="revision"):
    """This function will return a subquery: the chain of the revision that a row names."""
    found = Revision.objects.filter(op_id=OuterRef(revision))
    return Subquery(found.order_by("id").values("chain")[:1])


def check_rules(version_id):
    """This function will raise Changed when a version of the rules is not what the record holds.

    One query each time; the document itself is read again only when its text has changed.
    """
    row = (
        SchemeVersion.objects.filter(id=version_id)
        .annotate(
            text=TextDigest("document"), body=body_of(kinds.SCHEME_DRAFTED), chain_=chain_of()
        )
        .values("number", "digest", "competition__uuid", "text", "body", "chain_")
        .get()
    )
    said = _said(row["body"] or "{}")
    intact = (
        row["chain_"] == row["competition__uuid"].hex
        and said == (row["number"], row["digest"])
        and _document_digest(version_id, row["text"]) == row["digest"]
    )
    if not intact:
        raise Changed(
            f"规则第 {row['number']} 版存储的内容与存证不符，被改动过，请停止统分和公布并核验存证。"
        )


@lru_cache(maxsize=64)
def _said(body):
    facts = decode(body)
    return facts.get("number"), facts.get("digest")


@lru_cache(maxsize=64)
def _document_digest(version_id, text_digest):
    """The canonical digest of the text with this digest, of any other text nothing."""
    found = SchemeVersion.objects.annotate(text=Cast("document", TextField()))
    text = found.values_list("text", flat=True).get(id=version_id)
    return read_digest(text, text_digest)


def read_digest(text, text_digest, tag=b""):
    """This function will return the canonical digest of a JSON text, empty when the text is not
    the one with `text_digest` or has no canonical form."""
    if hashlib.sha256(text.encode()).hexdigest() != text_digest:
        return ""
    try:
        return document_digest(json.loads(text), tag)
    except ValueError:
        return ""
