"""Sending an attached file to somebody whose right to read it a view has checked."""

import hashlib

from django.http import FileResponse, Http404

from scoring.actions.attachments import TYPES


def send_attachment(file, name, digest):
    """This function will answer with a stored file under its own name, to be saved, never shown.

    A file that is gone, or no longer has the digest that the record keeps, raises Http404.
    """
    try:
        with file.open("rb") as stored:
            sound = hashlib.file_digest(stored, "sha256").hexdigest() == digest
    except (FileNotFoundError, ValueError):
        raise Http404("没有这个文件。") from None
    if not sound:
        raise Http404("文件与存证中的摘要不符，已停止下载，请联系系统管理员从备份恢复。")
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=TYPES[name.rsplit(".", 1)[-1]],
    )
