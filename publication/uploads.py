"""Bundles that somebody has uploaded and not confirmed yet: kept for a day, outside the database.

A token signed for one person names the file, so that the preview and the confirmation are about the
same bytes. Nothing of it is served to anybody.
"""

import contextlib
import uuid
from datetime import timedelta

from django.core import signing
from django.core.files.storage import default_storage

FOLDER = "imports"
SALT = "publication.uploads"
KEPT = timedelta(days=1)


def keep_upload(file, person, now):
    """This function will keep an uploaded file and return its token; what was kept longer than a
    day is deleted."""
    with contextlib.suppress(FileNotFoundError):
        for name in default_storage.listdir(FOLDER)[1]:
            path = f"{FOLDER}/{name}"
            if default_storage.get_modified_time(path) < now - KEPT:
                default_storage.delete(path)
    name = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}.zip", file)
    return signing.dumps({"name": name, "person": person.id}, salt=SALT)


def open_upload(token, person):
    """This function will open the file of a token as a binary stream; None when the token is not
    this person's, or the file is no longer kept."""
    found = _read(token, person)
    if found is None or not default_storage.exists(found):
        return None
    return default_storage.open(found, "rb")


def drop_upload(token, person):
    """This function will delete the file of a token."""
    found = _read(token, person)
    if found is not None:
        default_storage.delete(found)


def _read(token, person):
    try:
        said = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    return said["name"] if said["person"] == person.id else None
