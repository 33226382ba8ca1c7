"""The two commands on a bundle, the same in `manage.py` and in the one-file verifier.

    tabulate BUNDLE|SCHEME [--format table|csv|json] [--explain ENTRY]
    verify BUNDLE [--format table|json]     `verify` may be left out

Exit codes: 0 complete and consistent; 1 incomplete (tabulate) or different (verify); 2 the bundle
cannot be read or the command is misspelt.
"""

import argparse
import io
import os
import sys
import zipfile
from pathlib import Path

from competitions.scheme.shipped import read_sample, ships_schemes
from publication.bundle.problems import BundleError
from publication.bundle.read import read_bundle
from publication.bundle.show import (
    show_csv,
    show_explanation,
    show_json,
    show_report,
    show_table,
)
from publication.bundle.verify import verify_bundle
from rewards.rules.decide import decide
from scoring.rules.tabulate import tabulate

HELP = {
    "tabulate": "按卷宗里的办法和数据统分，不需要数据库。完整时以 0 退出，还有缺项时以 1 退出。",
    "verify": "重新计算卷宗并逐项比对。一致时以 0 退出，有不一致时以 1 退出。",
}
FORMS = {"tabulate": ("table", "csv", "json"), "verify": ("table", "json")}


def add_arguments(parser, command):
    """This function will declare the arguments of `tabulate` or `verify`."""
    words = "卷宗：一个文件夹或 zip 文件"
    if command == "tabulate" and ships_schemes():
        words += "；或随系统提供的办法的键（例如 linhe-2022），用它的演示数据"
    parser.add_argument("bundle", metavar="BUNDLE", help=words)
    parser.add_argument("--format", choices=FORMS[command], default="table", help="输出格式")
    if command == "tabulate":
        parser.add_argument("--explain", metavar="ENTRY", help="逐层说明一个参评对象（编号或名称）")


def run(command, options, out, err) -> int:
    """This function will run a command on parsed options, write to the streams and return the
    exit code."""
    try:
        with read_bundle(_source(command, options["bundle"])) as bundle:
            return COMMANDS[command](bundle, options, out, err)
    except BundleError as error:
        for sentence in error.problems:
            err.write(f"× {sentence}\n")
    except RecursionError:
        err.write("× 卷宗的内容嵌套过深，不予读取。\n")
    except MemoryError:
        err.write("× 卷宗的内容太大，内存不足，不能读取。\n")
    return 2


def _source(command, name):
    """A path, or the sample of a shipped scheme as a zip."""
    if command == "tabulate" and not Path(name).exists():
        try:
            parts = read_sample(name).files
        except KeyError:
            return name
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for part, data in parts.items():
                archive.writestr(part, data)
        return stream
    return name


def _tabulate(bundle, options, out, err):
    if bundle.evidence is None:
        raise BundleError("卷宗没有打分和数据（evidence.json 或 CSV 表格），不能统分。")
    tabulation = tabulate(bundle.scheme, bundle.evidence)
    form = options["format"]
    if options.get("explain"):
        text = show_explanation(bundle, tabulation, options["explain"], form)
        if text is None:
            raise BundleError(f"参评名单里没有「{options['explain']}」，请用编号或名称。")
        out.write(text)
    else:
        outcome = decide(tabulation, bundle.scheme, bundle.evidence)
        show = {"table": show_table, "csv": show_csv, "json": show_json}[form]
        out.write(show(bundle, tabulation, outcome))
    if not tabulation.complete and form != "table":
        err.write(f"结果不完整，还缺 {len(tabulation.missing)} 项。\n")
    return 0 if tabulation.complete else 1


def _verify(bundle, options, out, err):
    report = verify_bundle(bundle)
    out.write(show_report(report, options["format"]))
    return 0 if report.ok else 1


COMMANDS = {"tabulate": _tabulate, "verify": _verify}


def main(arguments=None) -> int:
    """This function will run the one-file verifier and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(
        prog=Path(sys.argv[0]).name,
        description="擂台卷宗的统分和核验，只需要 Python 3.11 或更新版本。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="tabulate|verify")
    for name, words in HELP.items():
        add_arguments(commands.add_parser(name, help=words, description=words), name)
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments and arguments[0] not in HELP and Path(arguments[0]).exists():
        arguments.insert(0, "verify")
    options = vars(parser.parse_args(arguments))
    try:
        code = run(options["command"], options, sys.stdout, sys.stderr)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
