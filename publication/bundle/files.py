"""The files of a bundle, from a folder or a zip, opened as if a stranger had made them.

Names are plain relative paths; nothing is ever unpacked to the disk; what a zip says of its own
sizes is not believed but checked while reading.
"""

import hashlib
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path

from publication.bundle import limits
from publication.bundle.problems import BundleError, Problems, shown

NAME = re.compile(r"[^\\/:*?\"<>|\x00-\x1f\x7f]{1,120}")
RESERVED = {"con", "prn", "aux", "nul"}
CHUNK = 64 * 1024
END = b"PK\x05\x06"
END64 = b"PK\x06\x07"
ENCRYPTED = 0x1


def open_files(source):
    """This function will return the Files of a folder or zip given by its path, or of a zip's
    bytes as a binary stream. BundleError when there is no such thing or it is not safe to read."""
    if hasattr(source, "read"):
        return ZipFiles(source)
    path = Path(source)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        raise BundleError(f"找不到卷宗「{shown(source, 200)}」，请核对路径。") from None
    if stat.S_ISDIR(mode):
        return FolderFiles(path)
    if not stat.S_ISREG(mode):
        raise BundleError(f"「{shown(source, 200)}」不是文件夹或 zip 文件。")
    if path.stat().st_size > limits.ARCHIVE:
        raise BundleError(f"卷宗文件超过 {limits.ARCHIVE // limits.MEGABYTE} MB，不予读取。")
    try:
        stream = path.open("rb")
    except PermissionError:
        raise BundleError(f"没有权限读取「{shown(source, 200)}」。") from None
    try:
        return ZipFiles(stream)
    except BaseException:
        stream.close()
        raise


class Files:
    """The files of a bundle by name. `read` and `chunks` raise BundleError beyond a limit."""

    sizes: dict[str, int]

    def names(self):
        """This function will return the names of all files, sorted."""
        return sorted(self.sizes)

    def __contains__(self, name):
        return name in self.sizes

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """This function will let go of what is open."""

    def chunks(self, name, limit):
        """This function will yield a file's bytes piece by piece, at most `limit` in all."""
        read = 0
        for chunk in self._pieces(name):
            read += len(chunk)
            if read > limit:
                raise too_large(name, limit)
            yield chunk

    def read(self, name, limit):
        """This function will return a file's bytes."""
        if self.sizes[name] > limit:
            raise too_large(name, limit)
        return b"".join(self.chunks(name, limit))

    def lines(self, name, limit, longest):
        """This function will yield the lines of a text file as bytes without their ends."""
        rest = b""
        for chunk in self.chunks(name, limit):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > longest:
                raise BundleError(f"「{name}」有一行超过 {longest // limits.MEGABYTE} MB。")
        if rest:
            yield rest

    def digest(self, name):
        """This function will return a file's size and SHA-256 as hex."""
        found, size = hashlib.sha256(), 0
        for chunk in self.chunks(name, limits.UNPACKED):
            found.update(chunk)
            size += len(chunk)
        return size, found.hexdigest()


class FolderFiles(Files):
    """A folder: plain files only, no links, nothing outside it."""

    def __init__(self, folder):
        self.folder = folder
        self.sizes = {}
        problems = Problems()
        self._walk(folder, "", problems, 0)
        check_names(list(self.sizes), problems)
        problems.refuse()

    def _walk(self, folder, prefix, problems, depth):
        with os.scandir(folder) as items:
            for item in items:
                name = unicodedata.normalize("NFC", prefix + item.name)
                if item.name.startswith("."):
                    continue
                if item.is_symlink():
                    problems.add(f"「{shown(name)}」是链接，卷宗里不能有链接，请换成文件本身。")
                elif item.is_dir() and depth < 2:
                    self._walk(item.path, f"{name}/", problems, depth + 1)
                elif item.is_file():
                    self.sizes[name] = item.stat().st_size
                else:
                    problems.add(f"「{shown(name)}」不是普通文件，或文件夹套得太深。")
                if len(self.sizes) > limits.FILES:
                    raise BundleError(f"卷宗里的文件超过 {limits.FILES} 个，不予读取。")

    def _pieces(self, name):
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            handle = os.open(self.folder / name, flags | getattr(os, "O_BINARY", 0))
        except OSError:
            raise BundleError(f"「{shown(name)}」不能读取，请检查权限。") from None
        with os.fdopen(handle, "rb") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk


class ZipFiles(Files):
    """A zip: stored or deflated entries, no encryption, no links, no second meaning of a name."""

    def __init__(self, stream):
        self.stream = stream
        check_zip_end(stream)
        try:
            self.zip = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
            raise BundleError("不是完好的 zip 文件，请重新取得卷宗。") from None
        self.sizes, self.items = {}, {}
        problems, names, total = Problems(), [], 0
        infos = self.zip.infolist()
        if len(infos) > limits.FILES:
            raise BundleError(f"卷宗里的文件超过 {limits.FILES} 个，不予读取。")
        for info in infos:
            if info.is_dir():
                continue
            name = unicodedata.normalize("NFC", info.orig_filename)
            names.append(name)
            total += info.file_size
            kind = info.external_attr >> 16
            if info.flag_bits & ENCRYPTED:
                problems.add(f"「{shown(name)}」加了密码，请提供不加密的卷宗。")
            elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                problems.add(f"「{shown(name)}」的压缩方式不认识，请用普通 zip 重新打包。")
            elif stat.S_IFMT(kind) not in (0, stat.S_IFREG):
                problems.add(f"「{shown(name)}」是链接，卷宗里不能有链接，请换成文件本身。")
            elif info.file_size > limits.RATIO * info.compress_size + limits.MEGABYTE:
                times = f"{limits.RATIO} 倍以上"
                problems.add(f"「{shown(name)}」解开后是压缩时的 {times}，像是压缩炸弹，不予读取。")
            self.sizes[name], self.items[name] = info.file_size, info
        check_names(names, problems)
        if total > limits.UNPACKED:
            limit = limits.UNPACKED // limits.MEGABYTE
            problems.add(f"卷宗解开后超过 {limit} MB，不予读取。")
        problems.refuse()

    def close(self):
        self.zip.close()
        self.stream.close()

    def _pieces(self, name):
        try:
            with self.zip.open(self.items[name]) as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            ValueError,
            NotImplementedError,
            RuntimeError,
            struct.error,
        ) as error:
            if isinstance(error, BundleError):
                raise
            raise BundleError(f"「{shown(name)}」已损坏，不能解开，请重新取得卷宗。") from None


def check_zip_end(stream):
    """This function will refuse a zip whose table of contents alone would fill the memory."""
    stream.seek(0, os.SEEK_END)
    size = stream.tell()
    if size > limits.ARCHIVE:
        raise BundleError(f"卷宗文件超过 {limits.ARCHIVE // limits.MEGABYTE} MB，不予读取。")
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(END)
    # zipfile looks first for an end without a comment, then for the last one.
    if tail[-22:-18] == END and tail[-2:] == b"\0\0":
        at = len(tail) - 22
    if at < 0 or len(tail) - at < 22:
        raise BundleError("不是 zip 文件，也不是文件夹，请核对。")
    count, length = struct.unpack("<HL", tail[at + 10 : at + 16])
    if (
        tail[max(0, at - 20) :].startswith(END64)
        or count > limits.FILES
        or length > limits.DIRECTORY
    ):
        raise BundleError(f"卷宗里的文件超过 {limits.FILES} 个，不予读取。")
    stream.seek(0)


def check_names(names, problems):
    """This function will note names that lead outside, mean two things or exist twice."""
    seen = {}
    for name in names:
        parts = name.split("/")
        if len(parts) > 3 or any(
            not NAME.fullmatch(part)
            or part != part.strip(" ")
            or part.endswith(".")
            or part.split(".")[0].casefold() in RESERVED
            for part in parts
        ):
            problems.add(f"文件名「{shown(name)}」不安全或不规范，请改名后重新打包。")
        same = name.casefold()
        if same in seen:
            problems.add(f"文件「{shown(name)}」出现了两次，无法确定以哪一个为准。")
        seen[same] = name


def too_large(name, limit):
    """This function will return the refusal of a file beyond its limit."""
    return BundleError(f"「{shown(name)}」超过 {limit // limits.MEGABYTE} MB，不予读取。")
