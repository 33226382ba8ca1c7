"""The two commands, in manage.py and in the one-file verifier on a bare Python."""

import csv
import io
import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

from publication.bundle.write import write_bundle
from publication.verifier import build_verifier
from tests.bundle.small import changed, tables, write_folder

BARE = [sys.executable, "-I", "-S"]


def run(*command, **environment):
    """This function will run a command with an empty environment and return it, finished."""
    return subprocess.run(
        command, cwd="/", env=environment, capture_output=True, text=True, check=False
    )


def test_verifier_is_built_alike_every_time(verifier):
    assert build_verifier() == verifier.read_bytes()


def test_build_verifier_writes_a_file_that_runs(tmp_path):
    done = subprocess.run(
        ["script/build-verifier", str(tmp_path / "out" / "v.pyz")],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert (tmp_path / "out" / "v.pyz").read_bytes() == build_verifier()


def test_verifier_tabulates_by_hand_on_a_bare_python(verifier, by_hand):
    done = run(*BARE, str(verifier), "tabulate", str(by_hand))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "办法：三镇擂台办法\n"
        "\n"
        "榜单：乡镇榜（满分 100，平均 87.33）\n"
        "名次  编号    参评对象  总分   擂台比武  日常考核\n"
        "1     xin     新华镇    94.60  91.00     100\n"
        "2     lang    狼山镇    90.59  93.00     86.97\n"
        "3     shuang  双河镇    76.80  88.00     60\n"
        "\n"
        "旗：\n"
        "　　红旗　新华镇　乡镇榜第1名，总分 94.60。\n"
        "　　黄旗　双河镇　乡镇榜列倒数第1名，总分 76.80，低于 80。\n"
        "\n"
        "奖项：\n"
        "　　好党委　新华镇　500000 元　乡镇榜第1名，总分 94.60。\n"
        "　　好党委　狼山镇　300000 元　乡镇榜第2名，总分 90.59。\n"
        "　　合计 800000 元\n"
    )


def test_verifier_verifies_a_whole_bundle_and_fails_a_changed_one(verifier, whole, parts, tmp_path):
    done = run(*BARE, str(verifier), "verify", str(whole))
    assert (done.returncode, done.stderr) == (0, "")
    passed = "核验通过：能重新计算的都与卷宗一致，1 项没有条件核对（－）。"
    assert done.stdout.splitlines()[-1] == passed
    bad = tmp_path / "bad.zip"
    bad.write_bytes(changed(parts, "outcome.json", lambda d: d["final"].__setitem__("total", "1")))
    done = run(*BARE, str(verifier), "verify", str(bad), "--format", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"]) == (1, False)
    assert [c["problems"] for c in report["checks"] if c["state"] == "fails"] == [
        ["总分：卷宗写的是 1 ，重新计算是 800000 。"]
    ]


def test_verifier_prints_in_an_office_code_page(verifier, whole):
    done = subprocess.run(
        [sys.executable, "-S", str(verifier), "verify", str(whole)],
        env={"PYTHONIOENCODING": "gbk"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert "核验通过" in done.stdout.decode("gbk")


def test_manage_needs_no_settings_and_no_database(by_hand):
    manage = str(settings.BASE_DIR / "manage.py")
    done = run(sys.executable, manage, "tabulate", str(by_hand), "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert (done.returncode, done.stderr) == (0, "")
    assert rows[2][:6] == ["乡镇榜", "2", "", "lang", "狼山镇", "90.59"]


def test_commands_run_inside_django_too(by_hand, whole, capsys):
    call_command("tabulate", str(by_hand), format="json")
    found = json.loads(capsys.readouterr().out)
    assert found["result"]["tracks"]["town"]["order"] == ["xin", "lang", "shuang"]
    assert found["outcome"]["total"] == "800000"
    call_command("verify", str(whole))
    assert "核验通过" in capsys.readouterr().out


@pytest.mark.parametrize("entry", ["lang", "狼山镇"])
def test_entry_is_explained_by_key_or_name(verifier, by_hand, entry):
    done = run(*BARE, str(verifier), "tabulate", str(by_hand), "--explain", entry)
    assert done.returncode == 0
    for line in [
        "乡镇榜　狼山镇　第 2 名",
        "　　＝ 93.00×60÷100＋86.97×40÷100 = 90.588 → 90.59（四舍五入保留2位小数）",
        "　　　　评委5号：95（不计）",
        "　　　　　· 去掉最高分",
        "　　　　市级表彰：0.3",
    ]:
        assert line in done.stdout.splitlines()


def test_bundle_with_nothing_to_compare_is_not_called_verified(verifier, by_hand):
    done = run(*BARE, str(verifier), "verify", str(by_hand))
    assert done.returncode == 1
    assert done.stdout.endswith("卷宗里没有可比对的结果，只检查了办法能够读取。\n")
    with pytest.raises(SystemExit) as caught:
        call_command("verify", str(by_hand))
    assert caught.value.code == 1


def test_unknown_entry_and_unreadable_bundle_end_with_two(verifier, by_hand, tmp_path):
    done = run(*BARE, str(verifier), "tabulate", str(by_hand), "--explain", "临河镇")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "× 参评名单里没有「临河镇」，请用编号或名称。\n"
    done = run(*BARE, str(verifier), "verify", str(tmp_path / "nothing"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "找不到卷宗" in done.stderr


def test_missing_mark_is_listed_and_ends_with_one(verifier, tmp_path):
    files = tables()
    files["marks.csv"] = files["marks.csv"].replace("arena,lang,j3,speech,93\n", "")
    folder = write_folder(tmp_path, files)
    done = run(*BARE, str(verifier), "tabulate", str(folder))
    assert done.returncode == 1
    assert "结果不完整，还缺 1 项：" in done.stdout
    assert "　　狼山镇：擂台比武：评委3号「演讲」尚未打分。" in done.stdout
    done = run(*BARE, str(verifier), "tabulate", str(folder), "--format", "csv")
    assert (done.returncode, done.stderr) == (1, "结果不完整，还缺 1 项。\n")


def test_no_cell_of_the_csv_is_a_formula(verifier, parts, tmp_path):
    path = tmp_path / "b.zip"
    names = {"entries": {"lang": "=cmd|'/c calc'!A1", "xin": "<script>", "shuang": "双\x1b[2J河"}}
    documents = {**parts["documents"], "names.json": names}
    path.write_bytes(write_bundle(**{**parts, "documents": documents}))
    done = run(*BARE, str(verifier), "tabulate", str(path), "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert [row[4] for row in rows[1:]] == ["<script>", "'=cmd|'/c calc'!A1", "双\x1b[2J河"]
    done = run(*BARE, str(verifier), "tabulate", str(path))
    assert "\x1b" not in done.stdout
