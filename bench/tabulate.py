"""Seconds and memory of one tabulation, at four sizes of field.

`script/bench tabulate` computes, for each size, a scheme whose mix is fixed: of the values a third
are growth rates scored by the efficacy coefficient, a third are values scored by rank, a third are
the single marks of panels of nine (each mark counts as a value; highest and lowest dropped). Each
size runs in a process of its own, so that peak memory is that size's. A time is the median of five
whole computations from evidence in memory to every total and place, with what is needed to explain
them, in seconds of the process's own processor time; the wall clock, which also counts what else
the machine does, stands beside it. 41,352 × 30 takes one computation with `--quick`. It ends with
1 when a bound is missed.

    script/bench tabulate [--quick] [--exact] [--gc-off] [SIZE …]

`--exact` leaves out the rounding of each criterion, so that every fraction is carried to the total;
`--gc-off` switches the collector off while computing.
"""

import argparse
import gc
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from competitions.scheme.read import read_document
from scoring.rules.evidence import EntryFacts, Evidence, JudgeFacts, MarkFact
from scoring.rules.tabulate import tabulate

ROOT = Path(__file__).resolve().parent.parent
PANEL = 9
RUNS = 5
SLOWEST_GROWTH = 1.5


@dataclass(frozen=True)
class Size:
    """A field: entrants, and for each track (growth criteria, rank criteria, panels of nine)."""

    entrants: int
    tracks: tuple[tuple[int, int, int], ...]
    seconds: float | None = None
    megabytes: int | None = None

    @property
    def values(self):
        """This function will return how many values are tabulated."""
        each = sum(growth + rank + PANEL * panels for growth, rank, panels in self.tracks)
        return self.entrants * each


# Of 30 values: 10 growth, 11 rank, 9 marks. Of 5 × 20: 33 growth, 31 rank, 36 marks.
WHOLE = ((10, 11, 1),)
FIVE = ((6, 5, 1), (6, 5, 1), (6, 5, 1), (6, 5, 1), (9, 11, 0))
SIZES = {
    "11": Size(11, WHOLE),
    "135": Size(135, FIVE),
    "1890": Size(1890, FIVE, seconds=2.0, megabytes=400),
    "41352": Size(41352, WHOLE, seconds=14.0, megabytes=2048),
}


def main():
    """This function will measure the sizes asked for and return the exit code."""
    parser = argparse.ArgumentParser(prog="script/bench tabulate")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--exact", action="store_true")
    parser.add_argument("--gc-off", action="store_true")
    parser.add_argument("--one", choices=SIZES, help=argparse.SUPPRESS)
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help="、".join(SIZES))
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(SIZES[options.one], options)))
        return 0
    unknown = [name for name in options.sizes if name not in SIZES]
    if unknown:
        parser.error(f"没有「{unknown[0]}」这个规模，可选：{'、'.join(SIZES)}。")
    state = "off" if options.gc_off else f"on, thresholds {gc.get_threshold()}"
    rounding = "no rounding before the total" if options.exact else "criteria rounded to 2 places"
    print(f"Python {sys.version.split()[0]}, one process a size, collector {state}, {rounding}")
    found, failed = {}, False
    for name in options.sizes or SIZES:
        size = SIZES[name]
        done = subprocess.run(
            [sys.executable, "-m", "bench.tabulate", "--one", name, *passed_on(options)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        result = found[name] = json.loads(done.stdout)
        missed = missed_bounds(size, result)
        failed = failed or bool(missed)
        print(
            f"{size.entrants:6} entrants  {size.values:8} values  "
            f"median of {len(result['seconds'])}: {result['median']:7.3f} s "
            f"(min {min(result['seconds']):.3f}, max {max(result['seconds']):.3f}, "
            f"wall {result['wall']:.3f})  "
            f"{result['median'] / size.values * 1e6:5.2f} µs a value  "
            f"peak {result['megabytes']:5.0f} MB (evidence alone {result['before']:.0f} MB)  "
            f"explaining a hundred {result['explain']:.3f} s"
            + "".join(f"  {words}" for words in missed)
        )
    if {"1890", "41352"} <= found.keys():
        each = {name: found[name]["median"] / SIZES[name].values for name in ("1890", "41352")}
        ratio = each["41352"] / each["1890"]
        verdict = "ok" if ratio <= SLOWEST_GROWTH else "TOO SLOW"
        failed = failed or ratio > SLOWEST_GROWTH
        print(
            f"time a value, 41,352 against 1,890: {ratio:.2f} (at most {SLOWEST_GROWTH}) {verdict}"
        )
    return 1 if failed else 0


def passed_on(options):
    return [
        f"--{name.replace('_', '-')}"
        for name in ("quick", "exact", "gc_off")
        if getattr(options, name)
    ]


def missed_bounds(size, result):
    """This function will say which bounds of a size were missed."""
    words = []
    if size.seconds is not None and result["median"] > size.seconds:
        words.append(f"SLOWER than {size.seconds} s")
    if size.megabytes is not None and result["megabytes"] > size.megabytes:
        words.append(f"MORE than {size.megabytes} MB")
    return words


def measure(size, options):
    """This function will compute one size several times and return what it took."""
    scheme = build_scheme(size, options.exact)
    evidence = build_evidence(size, scheme)
    before = megabytes()
    if options.gc_off:
        gc.disable()
    seconds, wall = [], []
    for _run in range(1 if options.quick and size.entrants > 10_000 else RUNS):
        result = None
        gc.collect()
        start, own = time.perf_counter(), time.process_time()
        result = tabulate(scheme, evidence)
        seconds.append(time.process_time() - own)
        wall.append(time.perf_counter() - start)
        if not result.complete:
            raise SystemExit(f"not complete: {result.missing[0].message}")
    peak = megabytes()
    track = result.tracks["t1"]
    start = time.process_time()
    for key in track.order[:100]:
        track.entries[key].tree.to_document()
    explain = (time.process_time() - start) * 100 / min(100, len(track.order))
    return {
        "seconds": seconds,
        "median": statistics.median(seconds),
        "wall": statistics.median(wall),
        "megabytes": peak,
        "before": before,
        "explain": explain,
    }


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def build_scheme(size, exact):
    """This function will return the scheme of a size, read as any scheme is."""
    tracks = []
    for number, (growth, rank, panels) in enumerate(size.tracks, 1):
        ranks = {"kind": "rank", "mode": "linear", "first": 10, "last": 6}
        coefficient = {"kind": "efficacy", "all_equal": "base"}
        measured = [_measured(f"g{number}-{n}", "growth", coefficient) for n in range(growth)]
        measured += [_measured(f"r{number}-{n}", "value", ranks) for n in range(rank)]
        rounds = [
            {
                "key": f"routine{number}",
                "title": "日常考核",
                "kind": "routine",
                "weight": 70 if panels else 100,
                "scaled": True,
                "criteria": measured,
            }
        ]
        if panels:
            rounds.append(_panel_round(number, panels))
        for round_ in rounds:
            for criterion in round_["criteria"]:
                if not exact:
                    criterion["decimals"] = 2
        tracks.append({"key": f"t{number}", "title": f"第{number}榜", "rounds": rounds})
    return read_document(
        {
            "key": "bench",
            "title": "测速办法",
            "judge_groups": [{"key": "panel", "title": "评委", "size": PANEL}],
            "tracks": tracks,
        }
    )


def _measured(key, quantity, conversion):
    rule = {"kind": "measured", "quantity": quantity, "conversion": conversion}
    return {"key": key, "title": key, "full": 10, "rule": {**rule, "undefined": "zero"}}


def _panel_round(number, panels):
    part = {"group": "panel", "drop_high": 1, "drop_low": 1, "trim_from": 5}
    return {
        "key": f"arena{number}",
        "title": "擂台比武",
        "kind": "arena",
        "weight": 30,
        "scaled": True,
        "panel": {"parts": [part]},
        "criteria": [
            {
                "key": f"p{number}-{n}",
                "title": f"评分项{n}",
                "full": 100,
                "rule": {"kind": "marks", "low": 60, "high": 100, "step": "0.5"},
            }
            for n in range(panels)
        ],
    }


def build_evidence(size, scheme):
    """This function will return evidence for every value, the same in every run."""
    chance = random.Random(2022)
    evidence = Evidence(
        entries=[EntryFacts(f"e{n:05d}", n) for n in range(size.entrants)],
        judges=[JudgeFacts(f"j{n}", n, "panel") for n in range(1, PANEL + 1)],
    )
    for track in scheme.tracks:
        for round_ in track.rounds:
            for criterion in round_.criteria:
                _fill(evidence, chance, round_, criterion)
    return evidence


def _fill(evidence, chance, round_, criterion):
    for entry in evidence.entries:
        if criterion.rule.kind == "marks":
            for judge in evidence.judges:
                mark = 120 + chance.randrange(81)
                written = f"{mark // 2}.5" if mark % 2 else f"{mark // 2}"
                evidence.marks.append(
                    MarkFact(round_.key, entry.key, judge.key, criterion.key, written)
                )
            continue
        given = {"value": _decimal(chance)}
        if criterion.rule.quantity == "growth":
            given["baseline"] = _decimal(chance)
        evidence.measurements[entry.key, criterion.key] = given


def _decimal(chance):
    """A value such as an amount in ten thousand yuan with two decimals, never zero."""
    number = chance.randrange(10_000, 1_000_000)
    return f"{number // 100}.{number % 100:02d}"


if __name__ == "__main__":
    sys.exit(main())
