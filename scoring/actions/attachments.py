"""Files that staff attach (evidence, scans): the first bytes tell what they are, never the name."""

import hashlib
import re
import unicodedata
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 100
TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
}


@dataclass(frozen=True)
class Attachment:
    """A file that has been looked at: its extension by content, its tidy name and its digest."""

    extension: str
    name: str
    digest: str
    size: int
    content: bytes

    @property
    def body(self):
        """What the record keeps of it: no name, since names of files name people."""
        return {"sha256": self.digest, "size": self.size, "type": TYPES[self.extension]}


def read_attachment(file, what="佐证材料"):
    """This function will read an uploaded file (or None) and return an Attachment (or None).

    Anything but a JPEG, PNG, WebP or PDF of at most 10 MB raises ValidationError; `what` is what
    the sentences call the file.
    """
    if file is None:
        return None
    if file.size > MOST_BYTES:
        raise ValidationError(f"{what}超过 10 MB，请压缩图片或拆分后再上传。")
    content = file.read(MOST_BYTES + 1)
    if not content:
        raise ValidationError(f"{what}是空文件，请重新选择。")
    if len(content) > MOST_BYTES:
        raise ValidationError(f"{what}超过 10 MB，请压缩图片或拆分后再上传。")
    extension = find_extension(content)
    if extension is None:
        raise ValidationError(
            f"{what}只能是图片（jpg、png、webp）或 PDF。这个文件的内容不是，请转换格式后再上传。"
        )
    return Attachment(
        extension=extension,
        name=tidy_name(file.name, extension, what),
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
    )


def find_extension(content):
    """This function will return jpg, png, webp or pdf by a file's first bytes, or None."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content.startswith(b"%PDF-"):
        return "pdf"
    return None


def tidy_name(name, extension, what="佐证材料"):
    """This function will return a file's name without path, control characters or false ending."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    stem = re.sub(r'[<>:"|?*;]', "_", re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)).strip(" .")
    return f"{stem[:LONGEST_NAME] or what}.{extension}"


def store_attachment(attachment, folder="ledger"):
    """This function will keep the file under a random name in a folder and return that name.

    The caller deletes it again (`drop_attachment`) when its transaction fails.
    """
    name = f"{folder}/{uuid.uuid4().hex}.{attachment.extension}"
    return default_storage.save(name, ContentFile(attachment.content))


def drop_attachment(name):
    """This function will delete a stored file that no row points to."""
    default_storage.delete(name)
