"""What the pages of the record say of a revision, and the private words that belong to it."""

from competitions.queries.signers import find_signers
from record import kinds
from record.chain.commitments import commitment_of, commitments_in
from record.private import ERASED, find_texts

WORDS = {
    "reason": "事由",
    "matter": "同一事项",
    "matter_key": "同一事项编号",
    "decided_by": "决定人或会议",
    "meeting": "会议或决定人",
    "note": "说明",
    "speaker": "代表发言人",
    "source": "抽签办法",
}


def describe_revisions(revisions, *, bodies=False):
    """This function will return rows for the record's page: what, who, when, and the digest.

    With `bodies`, for who may read them, each has its `words`: pairs of a title and the text that
    stands in the body as a commitment only, as long as it has not been erased.
    """
    revisions = list(revisions)
    facts = [item.facts for item in revisions] if bodies else []
    texts = find_texts(commitments_in(facts)) if bodies else {}
    names = find_signers(revisions)
    return [
        {
            "revision": item,
            "title": kinds.title(item.kind),
            "who": names[item.op_id] if item.by else "系统",
            "words": [pair[:2] for pair in _words(facts[number], texts)] if bodies else [],
        }
        for number, item in enumerate(revisions)
    ]


def private_words(revision):
    """This function will return (title, text, digest) of each text of a body, in its order."""
    facts = revision.facts
    return list(_words(facts, find_texts(commitments_in(facts))))


def _words(item, texts, name=""):
    digest = commitment_of(item)
    if digest is not None:
        yield WORDS.get(name, name), texts.get(digest, ERASED), digest
    elif isinstance(item, dict):
        for key, value in item.items():
            yield from _words(value, texts, key)
    elif isinstance(item, list):
        for value in item:
            yield from _words(value, texts, name)
