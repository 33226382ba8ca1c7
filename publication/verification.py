"""What readers verify published results with: a page, the bundle of exactly this version, and the
verifier, stored beside the version's pages so that their bytes never change.

They are made after the version has entered the record, because they carry its entry: of all that
is stored with a version only they stand outside its digest of pages.
"""

import functools
import gzip
import hashlib

from competitions.queries import scheme_of
from publication.bundle.redact import find_withheld, is_fully_open
from publication.bundles import export_public_bundle, find_entries_of
from publication.models import HTML, Circle, PublishedPage
from publication.render import base_address, render_verification
from publication.verifier import build_verifier

VERIFY = "verify/"
VERIFIER = "leitai-verify.pyz"
BINARY, ZIP = "application/octet-stream", "application/zip"


def build_verification(version, *, now):
    """This function will return the unsaved PublishedPages of 核验 for a version just released:
    the page, the bundle and the verifier; none for rules and for the units' own parts."""
    if not _is_offered(version):
        return []
    name = _bundle_name(version)
    bundle = export_public_bundle(version, now=now)
    return _make_pages(version, _download(VERIFY + name, ZIP, bundle))


def rebuild_verification(version):
    """This function will make the page and the program of an imported version anew: nothing in the
    record speaks for those that came. Its bundle stays, it is data which the program verifies."""
    stored = {
        page.path: page
        for page in PublishedPage.objects.filter(version=version, path__startswith=VERIFY)
    }
    bundle = stored.get(VERIFY + _bundle_name(version))
    if bundle is not None and bundle.content_type == ZIP and _is_offered(version):
        for page in _make_pages(version, bundle):
            known = stored.pop(page.path, None)
            page.pk = known.pk if known else None
            page.save()
    for page in stored.values():
        page.delete()


def _is_offered(version):
    return version.tabulation is not None and version.circle != Circle.UNIT


def _bundle_name(version):
    return f"{version.competition.slug}-{version.number}.zip"


def _make_pages(version, bundle):
    """The page, the bundle and the program, in this order."""
    competition, verifier = version.competition, _verifier()
    tabulated, released = find_entries_of(version)
    disclosure = scheme_of(version.tabulation.scheme_version).disclosure
    facts = {
        "bundle": _file(_bundle_name(version), bytes(bundle.body)),
        "verifier": _file(VERIFIER, verifier),
        "tabulation": version.tabulation.number,
        "tabulated": tabulated,
        "released": released,
        "contents_digest": version.contents_digest,
        "withheld": find_withheld(disclosure),
        "open": is_fully_open(disclosure),
    }
    base = base_address(competition.slug, Circle(version.circle))
    pages = [
        make_page(VERIFY, render_verification(version.contents, base, facts)),
        bundle,
        _download(VERIFY + VERIFIER, BINARY, verifier),
    ]
    for page in pages:
        page.version = version
    return pages


def make_page(path, html):
    """This function will return an unsaved PublishedPage of HTML, packed and with its digest."""
    body = html.encode()
    return PublishedPage(
        path=path,
        content_type=HTML,
        body=body,
        gzipped=gzip.compress(body, 6, mtime=0),
        etag=_digest(body)[:32],
    )


def _download(path, content_type, data):
    return PublishedPage(path=path, content_type=content_type, body=data, etag=_digest(data)[:32])


def _file(name, data):
    return {"name": name, "kilobytes": -(-len(data) // 1024), "digest": _digest(data)}


@functools.cache
def _verifier():
    """The program's sources do not change while it runs."""
    return build_verifier()


def _digest(data):
    return hashlib.sha256(data).hexdigest()
