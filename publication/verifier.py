"""The one-file verifier: the pure packages in one zip that a bare `python3` runs.

    python3 -I -S leitai-verify.pyz verify BUNDLE

The same sources always give the same bytes, so that its digest can be printed and compared.
"""

import io
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PURE = (
    "publication/bundle",
    "rewards/rules",
    "scoring/rules",
    "competitions/scheme",
    "record/chain",
)
MOMENT = (1980, 1, 1, 0, 0, 0)
SHEBANG = b"#!/usr/bin/env python3\n"
START = """import sys

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is required. 需要 Python 3.11 或更新版本。")

from publication.bundle.cli import main

sys.exit(main())
""".encode()


def build_verifier(root=ROOT) -> bytes:
    """This function will return leitai-verify.pyz: a zip of `__main__.py` and the pure packages."""
    files = {"__main__.py": START}
    for package in PURE:
        app = package.split("/")[0]
        files[f"{app}/__init__.py"] = b""
        for path in sorted((root / package).rglob("*.py")):
            files[path.relative_to(root).as_posix()] = path.read_bytes()
    stream = io.BytesIO()
    stream.write(SHEBANG)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            info.create_system = 3
            packed.writestr(info, files[name])
    return stream.getvalue()
