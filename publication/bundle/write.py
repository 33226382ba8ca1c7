"""Writing a bundle: the same contents always give the same bytes."""

import hashlib
import io
import zipfile

from publication.bundle.read import ATTACHMENTS, FORMAT, RECORD
from record.chain.canonical import encode

MOMENT = (1980, 1, 1, 0, 0, 0)
README = "核验说明.txt"
HOW_TO = """这是一份卷宗，格式 {format}。

核验（任何一台装有 Python 3.11 或更新版本的电脑，不需要联网，不需要安装任何东西）：

    python3 -I -S leitai-verify.pyz verify 本文件

统分和查看得分过程：

    python3 -I -S leitai-verify.pyz tabulate 本文件
    python3 -I -S leitai-verify.pyz tabulate 本文件 --explain 参评对象编号
"""


def write_bundle(*, about, documents, record=None, lines=None, attachments=(), target=None):
    """This function will write a bundle as a zip and return its bytes, or write it to the binary
    stream `target`.

    about: what bundle.json says besides format and files; documents: {file name: document} such as
    scheme.json, None leaves one out; record: rows as plain dicts, or None; lines: {file name:
    iterable of its lines as bytes}; attachments: pairs of a name and bytes (or an iterable of
    pieces). ValueError for a value without a canonical form.
    """
    stream = io.BytesIO() if target is None else target
    listed = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:

        def put(name, data):
            with packed.open(_info(name), "w") as entry:
                digest, size = hashlib.sha256(), 0
                for chunk in data:
                    digest.update(chunk)
                    size += len(chunk)
                    entry.write(chunk)
            listed[name] = {"size": size, "sha256": digest.hexdigest()}

        for name in sorted(documents):
            if documents[name] is not None:
                put(name, [encode(documents[name]) + b"\n"])
        if record is not None:
            put(RECORD, (encode(row) + b"\n" for row in record))
        for name, data in (lines or {}).items():
            put(name, data)
        for name, data in attachments:
            put(ATTACHMENTS + name, [data] if isinstance(data, bytes) else data)
        put(README, [HOW_TO.format(format=FORMAT).encode()])
        cover = {**about, "format": FORMAT, "files": dict(listed)}
        put("bundle.json", [encode(cover) + b"\n"])
    return stream.getvalue() if target is None else None


def _info(name):
    info = zipfile.ZipInfo(name, MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100644 << 16
    info.create_system = 3
    return info
