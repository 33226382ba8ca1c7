"""The two calculators on very many random schemes: totals, places, flags, awards.

    script/drill rules [COUNT] [--workers N] [--seed SEED] [--afresh]

COUNT is the seed to reach, 100,000 unless given. Seeds are whole numbers from 0, so that every run
goes through the same cases; where a run stopped is kept in var/drill-rules.json and the next one
goes on from there. A seed on which the calculators differ is printed and kept; `--seed` computes a
single one with its whole traceback. Ends with 1 when there is any difference.
"""

import argparse
import itertools
import json
import os
import signal
import sys
import time
from multiprocessing import Pool
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / "var" / "drill-rules.json"
COUNT = 100_000
CHUNK = 50


def compare_chunk(seeds):
    """This function will return (number compared, {seed: what differs}) of some seeds."""
    from tests.rules.test_second_calculator import compare

    found = {}
    for seed in seeds:
        try:
            compare(seed)
        except Exception as error:
            found[seed] = (
                f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            )
    return len(seeds), found


def read_state(afresh):
    """This function will return where the last run stopped."""
    if afresh or not STATE.is_file():
        return {"next": 0, "differing": []}
    return json.loads(STATE.read_text(encoding="utf-8"))


def write_state(state):
    """This function will keep where this run is, whole or not at all."""
    STATE.parent.mkdir(exist_ok=True)
    draft = STATE.with_suffix(".part")
    draft.write_text(json.dumps(state), encoding="utf-8")
    draft.replace(STATE)


def chunks(first, last):
    """This function will yield ranges of seeds from `first` up to `last`."""
    for start in range(first, last, CHUNK):
        yield range(start, min(start + CHUNK, last))


def progress(done, count, since, started, differing, end):
    """This function will write one line over the last one."""
    rate = (done - since) / max(time.monotonic() - started, 0.001)
    line = f"规则对算：{done:,} / {count:,}，每秒 {rate:.0f} 个，不一致 {differing} 个"
    print(f"\r{line}", end=end, file=sys.stderr, flush=True)


def drill(count, workers, state):
    """This function will go on from `state` to the seed `count` and return the state."""
    first, started = state["next"], time.monotonic()
    # An interruption is the parent's business; a worker finishes or is ended with the pool.
    with Pool(workers, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        results = pool.imap(compare_chunk, chunks(first, count))
        for number, found in results:
            state["next"] += number
            for seed, words in found.items():
                state["differing"].append(seed)
                print(f"\n× 种子 {seed}：{words}", file=sys.stderr)
            write_state(state)
            progress(state["next"], count, first, started, len(state["differing"]), "")
    progress(state["next"], count, first, started, len(state["differing"]), "\n")
    return state


def main():
    """This function will run the drill and return the exit code."""
    parser = argparse.ArgumentParser(prog="script/drill rules", description="两个计算器互相对算")
    parser.add_argument("count", nargs="?", type=int, default=COUNT, help="算到第几个种子")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="同时用几个处理器")
    parser.add_argument("--seed", type=int, help="只算一个种子，完整显示出错的地方")
    parser.add_argument("--afresh", action="store_true", help="从头开始，不接着上次")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if options.seed is not None:
        from tests.rules.test_second_calculator import compare

        compare(options.seed)
        print(f"种子 {options.seed}：一致。")
        return 0
    state = read_state(options.afresh)
    if state["next"] < options.count:
        try:
            state = drill(options.count, options.workers, state)
        except KeyboardInterrupt:
            print(f"\n停在种子 {state['next']:,}，再运行时接着算。", file=sys.stderr)
            return 130
    for seed in itertools.islice(state["differing"], 20):
        print(f"× 种子 {seed}：script/drill rules --seed {seed}")
    agreed = state["next"] - len(state["differing"])
    print(f"算过 {state['next']:,} 个随机办法，一致 {agreed:,} 个。")
    return 1 if state["differing"] else 0


if __name__ == "__main__":
    sys.exit(main())
