"""Private words: free text that may name somebody. A body carries a commitment to it only.

An action writes `Private(text)` into a body; `append` puts `{"commit": digest}` in its place. Pages
read the text back with `reveal`. Once it is erased nobody can find it, and the record still
verifies. Apps whose rows hold the same text register how to blank it there.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError

from record.chain.commitments import commit, commitment_of, commitments_in
from record.models import PrivateValue

# What stands where a text was.
ERASED = "（已抹去）"
LOOKUP_CHUNK = 500

_blankers: list[Callable[[str, str], int]] = []
_followers: list[Callable] = []


@dataclass(frozen=True)
class Private:
    """A text in a body that the record is not to carry in the clear; an empty one hides nothing."""

    text: str


def hide(body) -> tuple[dict, list[PrivateValue]]:
    """This function will return a body with commitments for its Private texts, and the values that
    belong to them, not saved yet. A text with a null character raises ValidationError."""
    values = []
    return _hidden(body, values), values


def _hidden(item, values):
    if isinstance(item, Private):
        if not isinstance(item.text, str) or "\x00" in item.text:
            raise ValidationError("私密值应为文本，不能含空字符。", code="not_text")
        if not item.text:
            return ""
        salt = secrets.token_hex(16)
        values.append(PrivateValue(digest=commit(item.text, salt), salt=salt, value=item.text))
        return {"commit": values[-1].digest}
    if isinstance(item, dict):
        return {key: _hidden(value, values) for key, value in item.items()}
    if isinstance(item, list):
        return [_hidden(value, values) for value in item]
    return item


def reveal(facts):
    """This function will return facts of a body with the texts put back: ERASED where one is gone.

    One query, none where there is no commitment.
    """
    return reveal_all([facts])[0]


def reveal_all(bodies: Iterable) -> list:
    """This function will do for a list of facts what `reveal` does for one, with as few queries."""
    bodies = list(bodies)
    digests = commitments_in(bodies)
    texts = find_texts(digests)
    return [put_in_place(body, texts) for body in bodies] if digests else bodies


def find_texts(digests: Iterable[str]) -> dict[str, str]:
    """This function will return {digest: text} of the commitments that can still be read."""
    digests = sorted(set(digests))
    texts = {}
    for start in range(0, len(digests), LOOKUP_CHUNK):
        rows = PrivateValue.objects.filter(digest__in=digests[start : start + LOOKUP_CHUNK])
        texts.update(rows.values_list("digest", "value"))
    return texts


def put_in_place(item, texts, missing=lambda digest: ERASED):
    """This function will put texts for the commitments in a value, else `missing(digest)`."""
    digest = commitment_of(item)
    if digest is not None:
        return texts[digest] if digest in texts else missing(digest)
    if isinstance(item, dict):
        return {key: put_in_place(value, texts, missing) for key, value in item.items()}
    if isinstance(item, list):
        return [put_in_place(value, texts, missing) for value in item]
    return item


def erased_name(name: str) -> str:
    """This function will return what stands in place of the name of an uploaded file, which may
    name somebody too: only its kind stays (（已抹去）.pdf); an empty name stays empty."""
    return f"{ERASED}{PurePath(name).suffix}" if name else ""


def register_blanker(blank: Callable[[str, str], int]) -> None:
    """This function will have `blank(chain, text)` called when a text of a competition's chain
    is erased.

    It replaces the text by ERASED wherever the app's own rows of that competition hold it, and
    returns the number of rows. A second registration of the same function changes nothing.
    """
    if blank not in _blankers:
        _blankers.append(blank)


def blank_rows(chain: str, text: str) -> int:
    """This function will blank a text in every app's rows; the number of rows changed."""
    return sum(blank(chain, text) for blank in _blankers)


def when_erased(follow: Callable) -> None:
    """This function will have `follow(chain, text, now=…)` called last in the transaction in which
    a text of a competition's chain is erased: for pages that are open and show it."""
    if follow not in _followers:
        _followers.append(follow)


def tell_erased(chain: str, text: str, *, now) -> None:
    """This function will call everybody whose open pages may show an erased text."""
    for follow in _followers:
        follow(chain, text, now=now)
