"""The published samples, when they lie beside the project; else the script says 未验证."""

import subprocess

import pytest
from django.conf import settings

# No database is touched: once is enough.
pytestmark = pytest.mark.sqlite

SAMPLES = settings.BASE_DIR.parent / "shared" / "samples"


def run(*arguments):
    """This function will run script/samples and return it, finished."""
    return subprocess.run(
        ["script/samples", *arguments],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_published_value_of_the_samples_comes_out_exactly():
    done = run()
    print(done.stdout)
    if not SAMPLES.is_dir():
        assert (done.returncode, "未验证" in done.stdout) == (0, True)
        return
    assert done.stdout.splitlines() == [
        "skating：评委分 120/120，总分 24/24，名次 24/24",
        "dancing：总分 1734/1734",
        "song-contest：总分 104/104，名次 104/104",
        "全部一致。",
    ]
    assert done.returncode == 0


def test_samples_without_a_folder_are_said_to_be_unverified(tmp_path):
    done = run(str(tmp_path / "nothing"))
    assert (done.returncode, done.stdout.startswith("未验证")) == (0, True)


def test_a_wrong_published_value_is_named_and_fails(tmp_path):
    week = tmp_path / "dancing"
    week.mkdir()
    (week / "judges.csv").write_text("judge\ncraig\nlen\n")
    head = "series,week,running_order,contestant"
    (week / "scores.csv").write_text(
        f"{head},dance,judge,value\n1,1,1,7,Waltz,craig,5\n1,1,1,7,Waltz,len,8\n"
    )
    (week / "expected.csv").write_text(f"{head},total\n1,1,1,7,14\n")
    for name, files in {
        "skating": ("contestants", "judges", "scores", "adjustments", "expected", "criteria"),
        "song-contest": ("contestants", "judges", "scores", "expected"),
    }.items():
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / f"{file}.csv").write_text("event,year\n")
    done = run(str(tmp_path))
    assert done.returncode == 1
    assert "dancing：总分 0/1\n　× 第 1 季第 1 周 1-7  总分：13，公布 14\n" in done.stdout
