"""The pure packages run from a zip on a bare Python, with nothing installed."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

from scoring.rules.evidence import to_document
from tests.rules.linhe import read_data, worked_evidence

ROOT = Path(__file__).resolve().parents[2]
PURE = ["competitions/scheme", "competitions/schemes", "scoring/rules", "rewards/rules"]
MAIN = """
import json, sys
from competitions.scheme.describe import describe_track
from competitions.scheme.shipped import read_shipped
from rewards.rules.decide import decide
from scoring.rules.evidence import from_document
from scoring.rules.tabulate import tabulate

scheme = read_shipped("linhe-2022")
evidence = from_document(json.load(sys.stdin))
result = tabulate(scheme, evidence)
outcome = decide(result, scheme, evidence)
assert describe_track(scheme.tracks[0], scheme)
third_party = [name for name in sys.modules if name.split(".")[0] in ("django", "crispy_forms")]
print(json.dumps({
    "totals": {k: e.total for k, e in result.tracks["township"].entries.items()},
    "money": outcome.total,
    "third_party": third_party,
    "tree": result.tracks["township"].entries["langshan"].tree.points,
}))
"""


def test_pure_packages_tabulate_from_a_zip_on_bare_python(tmp_path):
    archive = tmp_path / "leitai.pyz"
    with zipfile.ZipFile(archive, "w") as target:
        for package in ("competitions", "scoring", "rewards"):
            target.write(ROOT / package / "__init__.py", f"{package}/__init__.py")
        for folder in PURE:
            for path in sorted((ROOT / folder).glob("*")):
                if path.suffix in (".py", ".toml"):
                    target.write(path, f"{folder}/{path.name}")
        target.writestr("__main__.py", MAIN)
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(archive)],
        input=json.dumps(to_document(worked_evidence())),
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    expected = read_data("expected.toml")["township"]
    assert answer["totals"] == {key: row[0] for key, row in expected.items()}
    assert answer["money"] == "1720000"
    assert answer["third_party"] == []
    assert answer["tree"] == "90.69"


def test_package_files_of_the_apps_are_empty():
    for package in ("record", "competitions", "scoring", "rewards", "arena", "publication"):
        assert (ROOT / package / "__init__.py").read_bytes() == b""
    for folder in ("competitions/scheme", "scoring/rules", "rewards/rules"):
        assert (ROOT / folder / "__init__.py").read_bytes() == b""
