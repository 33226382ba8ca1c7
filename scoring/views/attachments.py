"""Sending an attached file to somebody whose right to read it a view has checked."""

import hashlib

from django.http import FileResponse, Http404

from scoring.actions.attachments import TYPES


def send_attachment(file, name, digest, *, show=False):
    """This function will answer with a stored file under its own name; with `show`, a picture is
    shown in the browser instead of saved. It can run nothing and stays in no shared cache.

    A file that is gone, or no longer has the digest that the record keeps, raises Http404.
    """
    try:
        with file.open("rb") as stored:
            sound = hashlib.file_digest(stored, "sha256").hexdigest() == digest
    except (FileNotFoundError, ValueError):
        raise Http404("文件不在了，请联系系统管理员从备份恢复。") from None
    if not sound:
        raise Http404("文件与存证中的摘要不符，不能下载，请联系系统管理员从备份恢复。")
    kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    response = FileResponse(
        file.open("rb"),
        as_attachment=not (show and kind.startswith("image/")),
        filename=name,
        content_type=kind,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
