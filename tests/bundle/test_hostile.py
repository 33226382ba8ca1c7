"""Hostile bundles: each is refused in a clear sentence, within 512 MB of memory; none crashes."""

import io
import os
import resource
import stat
import subprocess
import sys
import zipfile

import pytest

from publication.bundle import limits
from publication.bundle.cli import run
from publication.bundle.problems import BundleError
from publication.bundle.read import read_bundle
from tests.bundle.small import SCHEME, tables, write_folder, write_zip

# No database is touched: once is enough.
pytestmark = pytest.mark.sqlite

MEMORY = 512 * 1024 * 1024


def verify_within(verifier, path):
    """This function will verify a bundle in a process that may use 512 MB and return it."""

    def hold():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    return subprocess.run(
        [sys.executable, "-I", "-S", str(verifier), "verify", str(path)],
        preexec_fn=hold,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def verify_here(path):
    """This function will verify a small bundle in this process, where a crash is an exception, and
    return (exit code, output, errors)."""
    out, err = io.StringIO(), io.StringIO()
    code = run("verify", {"bundle": str(path), "format": "table"}, out, err)
    return code, out.getvalue(), err.getvalue()


def assert_refused(done, sentence):
    """This function will check the refusal: its first sentence, no traceback, exit code 2."""
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr.splitlines()[0]


def refusal(source):
    """This function will return the first sentence with which a bundle is refused."""
    with pytest.raises(BundleError) as caught:
        read_bundle(source).files.close()
    return caught.value.problems[0]


def evidence_json(text):
    return {"scheme.toml": SCHEME, "evidence.json": text}


# --- text that explodes --------------------------------------------------------------------------

HUGE = {
    "nested-json": (evidence_json("[" * 100_000 + "]" * 100_000), "「evidence.json」嵌套过深"),
    "deep-json": (
        evidence_json('{"entries":' + "[" * 200 + "]" * 200 + "}"),
        "「evidence.json」嵌套超过 48 层",
    ),
    "many-objects": (
        evidence_json('{"entries":[' + ",".join(['{"":0}'] * 700_000) + "]}"),
        "「evidence.json」的 entries[0]：不认识的字段「」",
    ),
    "wide-text": (
        evidence_json('{"entries":[' + "[]," * 600_000 + '[]],"x":"😀' + "a" * 30_000_000 + '"}'),
        "「evidence.json」的 entries[0]：应为一个表",
    ),
    "many-values": (
        evidence_json('{"entries":[' + "0," * 1_600_000 + "0]}"),
        "卷宗的数据超过 150 万个",
    ),
    "long-file": (evidence_json(" " * (limits.DOCUMENT + 1)), "「evidence.json」超过 48 MB"),
    "long-number": (
        evidence_json('{"entries":[' + "9" * 5_000_000 + "]}"),
        "「evidence.json」：整数「99999999999999999999…」太大",
    ),
    "commas": (
        {"scheme.toml": SCHEME, "entries.csv": "key,name\n" + "," * 20_000_000},
        "卷宗的数据超过 150 万个",
    ),
    "one-cell": (
        {"scheme.toml": SCHEME, "entries.csv": 'key\n"' + "a" * 20_000_000},
        "「entries.csv」第 2 行的引号或长度不正确",
    ),
    "much-work": (
        {
            "scheme.toml": SCHEME,
            "entries.csv": "key\n" + "".join(f"e{n}\n" for n in range(250_000)),
            "judges.csv": "key,number,group\nj1,1,panel\n",
        },
        "要计算的分数超过 50 万个（参评对象 250000 个）",
    ),
    "nested-tables": ({"scheme.toml": f"[{'.'.join(['a'] * 10_000)}]"}, "不认识的字段"),
    "nested-arrays": ({"scheme.toml": f"a = {'[' * 10_000}{']' * 10_000}"}, "嵌套过深"),
    "nested-inline": ({"scheme.toml": "a = " + "{a=" * 10_000 + "1" + "}" * 10_000}, "嵌套过深"),
    "ten-thousand-tables": (
        {
            "scheme.toml": "key = 'a'\ntitle = 'a'\n"
            + "".join(f"[[tracks]]\nkey = 'a{n}'\n" for n in range(10_000))
        },
        "「scheme.toml」tracks：「榜单」超过 2000 项，请精简。",
    ),
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_text_is_refused_within_the_memory(verifier, tmp_path, name):
    files, sentence = HUGE[name]
    assert_refused(verify_within(verifier, write_folder(tmp_path, files)), sentence)


def test_all_marks_missing_in_a_large_field_stays_within_the_memory(verifier, tmp_path):
    files = {
        "scheme.toml": SCHEME,
        "entries.csv": "key\n" + "".join(f"e{n}\n" for n in range(2_000)),
        "judges.csv": "key,number,group\n" + "".join(f"j{n},{n},panel\n" for n in range(100)),
    }
    done = verify_within(verifier, write_folder(tmp_path, files))
    assert (done.returncode, done.stderr) == (1, "")
    assert "还缺 204000 项" in done.stdout


def test_endless_line_of_the_record_is_refused(verifier, tmp_path):
    folder = write_folder(tmp_path, tables() | {"record.jsonl": "[" * 9_000_000})
    assert_refused(verify_within(verifier, folder), "「record.jsonl」有一行超过 4 MB")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"entries":[NaN]}', "「evidence.json」：「NaN」不是整数"),
        ('{"entries":[-Infinity]}', "「evidence.json」：「-Infinity」不是整数"),
        ('{"entries":[1e999]}', "「evidence.json」：「1e999」不是整数"),
        ('{"entries":[0.5]}', "「evidence.json」：「0.5」不是整数；小数要写成带引号的文本"),
        ('{"entries":[],"entries":[]}', "「evidence.json」：键「entries」重复"),
        ('{"entries":[{"key":"\\ud800"}]}', "「evidence.json」里有半个字符"),
        ('{"entries":[', "「evidence.json」不是正确的 JSON（第 1 行第 13 个字符处）"),
        ("[]", "「evidence.json」最外层应为一个表"),
        ("", "「evidence.json」不是正确的 JSON"),
        (b"\xff\xfe\x00", "「evidence.json」不是 UTF-8 文本"),
        (
            '{"entries":[{"key":"<script>alert(1)</script> "}]}',
            "「evidence.json」的 entries[0]：「<script>alert(1)</script> 」不能作编号",
        ),
        ('{"entries":[{"key":"a\\u001b[2J"}]}', "「a�[2J」不能作编号"),
    ],
)
def test_hostile_json_is_refused(tmp_path, text, sentence):
    assert sentence in refusal(write_folder(tmp_path, evidence_json(text)))


@pytest.mark.parametrize("name", ["result", "outcome", "decision", "names", "bundle"])
@pytest.mark.parametrize("text", ["[]", "5", '"x"', "null", '{"tracks":[1],"final":3,"files":7}'])
def test_document_of_a_wrong_kind_never_crashes(tmp_path, name, text):
    code, _, _ = verify_here(write_folder(tmp_path, tables() | {f"{name}.json": text}))
    assert code in (1, 2)


@pytest.mark.parametrize(
    "text",
    [
        '[{"number":[1],"contents":{"kind":"results"}}]',
        '[{"number":1,"contents":{"kind":"results","circle":"public","tracks":[{}]}}]',
        '[{"number":1,"contents":[]}]',
        "[{}]",
    ],
)
def test_publication_of_a_wrong_shape_fails_and_never_crashes(tmp_path, text):
    folder = write_folder(tmp_path, tables() | {"publications.json": text})
    code, out, err = verify_here(folder)
    assert (code, err) == (1, "")
    assert "核验没有通过" in out


@pytest.mark.parametrize("text", ["5\n", "[]\n", '{"seq":1}\n', '{"kind":"tabulation.stored"}\n'])
def test_record_of_a_wrong_shape_fails_and_never_crashes(tmp_path, text):
    code, out, err = verify_here(write_folder(tmp_path, tables() | {"record.jsonl": text}))
    assert (code, err) == (1, "")
    assert "× 存证链" in out


# --- zips ----------------------------------------------------------------------------------------


def test_zip_bomb_of_a_gigabyte_is_refused(verifier, tmp_path):
    """A gigabyte of blanks in a few megabytes of zip."""
    chunk, path = b" " * limits.MEGABYTE, tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("scheme.toml", SCHEME)
        with packed.open("evidence.json", "w") as entry:
            for _ in range(1025):
                entry.write(chunk)
    assert path.stat().st_size < 8 * limits.MEGABYTE
    assert_refused(
        verify_within(verifier, path), "「evidence.json」解开后是压缩时的 200 倍以上，像是压缩炸弹"
    )


def test_zip_that_lies_about_its_sizes_is_refused(verifier, tmp_path):
    files = evidence_json(" " * (60 * limits.MEGABYTE))
    path = write_zip(tmp_path / "lie.zip", files)
    data = path.read_bytes()
    true = (60 * limits.MEGABYTE).to_bytes(4, "little")
    assert data.count(true) == 2
    path.write_bytes(data.replace(true, (1000).to_bytes(4, "little")))
    assert_refused(verify_within(verifier, path), "「evidence.json」已损坏")


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "/etc/passwd",
        "attachments/../../evil",
        "C:\\evil.json",
        "attachments\\evil",
        "a/b/c/d",
        "attachments/nul.pdf",
        "attachments/tab\there",
        "attachments/.. /x",
        "attachments//x",
    ],
)
def test_name_that_leads_outside_is_refused(tmp_path, name):
    path = write_zip(tmp_path / "b.zip", tables() | {name: "x"})
    assert "不安全或不规范" in refusal(path)


def test_doubled_names_are_refused(tmp_path):
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("scheme.toml", SCHEME)
        packed.writestr("Scheme.toml", SCHEME)
    assert "文件「Scheme.toml」出现了两次" in refusal(path)


def packed_with(change, data=b"x"):
    """This function will return a zip stream with one entry whose ZipInfo was changed."""
    stream = io.BytesIO()
    info = zipfile.ZipInfo("scheme.toml")
    change(info)
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr(info, data)
    return stream


def test_link_in_a_zip_is_refused():
    stream = packed_with(
        lambda info: setattr(info, "external_attr", (stat.S_IFLNK | 0o777) << 16), b"/etc/passwd"
    )
    assert "是链接" in refusal(stream)


def test_other_compression_and_passwords_are_refused():
    stream = packed_with(lambda info: setattr(info, "compress_type", zipfile.ZIP_LZMA))
    assert "压缩方式不认识" in refusal(stream)
    data = bytearray(packed_with(lambda info: None).getvalue())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "加了密码" in refusal(io.BytesIO(bytes(data)))


def test_crowd_of_files_and_giant_directory_are_refused(tmp_path):
    path = write_zip(tmp_path / "b.zip", {f"attachments/{n}": "" for n in range(10_001)})
    assert "文件超过 10000 个" in refusal(path)
    data = bytearray(write_zip(tmp_path / "c.zip", tables()).read_bytes())
    data[-10:-6] = (300 * limits.MEGABYTE).to_bytes(4, "little")
    assert "文件超过 10000 个" in refusal(io.BytesIO(bytes(data)))


def test_broken_zips_are_refused(tmp_path):
    data = write_zip(tmp_path / "b.zip", tables()).read_bytes()
    assert "不是 zip 文件" in refusal(io.BytesIO(b""))
    assert "不是 zip 文件" in refusal(io.BytesIO(data[:-30]))
    assert "已损坏，不能解开" in refusal(io.BytesIO(data[200:]))
    for at in range(0, len(data), 41):
        spoilt = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        try:
            read_bundle(io.BytesIO(spoilt)).files.close()
        except BundleError as error:
            assert error.problems


def test_spoilt_deflate_stream_is_refused(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("scheme.toml", os.urandom(3_000))
    data = bytearray(stream.getvalue())
    data[60:80] = bytes(20)
    assert "「scheme.toml」" in refusal(io.BytesIO(bytes(data)))


# --- folders -------------------------------------------------------------------------------------


def test_link_in_a_folder_is_refused(tmp_path):
    folder = write_folder(tmp_path, tables())
    (folder / "entries.csv").unlink()
    (folder / "entries.csv").symlink_to("/etc/passwd")
    assert refusal(folder) == "「entries.csv」是链接，卷宗里不能有链接，请换成文件本身。"


def test_pipe_in_a_folder_is_refused_and_not_waited_for(tmp_path):
    folder = write_folder(tmp_path, tables())
    os.mkfifo(folder / "result.json")
    assert "「result.json」不是普通文件" in refusal(folder)


def test_device_is_not_a_bundle():
    assert refusal("/dev/zero") == "「/dev/zero」不是文件夹或 zip 文件。"
    assert "找不到卷宗" in refusal("a\0b")
