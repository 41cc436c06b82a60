# SPDX-License-Identifier: Apache-2.0
"""Compares `bench prepare` of two or more checkouts, run by run, on a machine whose load changes all the time.

    python3 data-prep/src/bench/python/prepare_in_turn.py PICTURES OLD NEW [OLD...] [--sets 7] [--runs 8] [--warmup 3]
        [--settings image-size=224 patch-size=16]

OLD and NEW are folders of checkouts whose jars are built. For each set a process of each is started. They warm up
side by side. Then one run of the first, one of the second, and so on: two runs that are compared are seconds apart.
Prints a line of JSON for each set: of each process the median of images/s, and its ratio to the first process's. The
last line has the medians of the sets' ratios. The same checkout twice tells how exact the ratios are.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

PAUSE = 0.01


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures")
    parser.add_argument("checkouts", nargs="+")
    parser.add_argument("--sets", type=int, default=7)
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--warmup", type=int, default=3)
    parser.add_argument("--settings", nargs="+", default=["image-size=224", "patch-size=16"])
    return parser.parse_args()


def write(path: str, value: int) -> None:
    """Other processes read the old number or the new one."""
    part = f"{path}.{os.getpid()}"
    with open(part, "w", encoding="ascii") as file:
        file.write(str(value))
    os.replace(part, path)


def read(path: str, default: int) -> int:
    if not os.path.exists(path):
        return default
    with open(path, encoding="ascii") as file:
        return int(file.read())


def wait(until) -> None:
    while not until():
        time.sleep(PAUSE)


def hand_on(folder: str, place: int, processes: int, calls: int) -> None:
    """Called after each run of a process: lets the next one run, and comes back when it is this one's turn again."""
    turn = os.path.join(folder, "turn")
    counts = [os.path.join(folder, f"calls.{i}") for i in range(processes)]
    call = read(counts[place], 0) + 1
    write(counts[place], call)
    if call == 1:
        # The first runs are beside one another, and do not count.
        wait(lambda: all(read(count, 0) >= 1 for count in counts))
        if place == 0:
            write(turn, 0)
    else:
        write(turn, (place + 1) % processes)
    if call < calls:
        wait(lambda: read(turn, -1) == place)
    else:
        wait(lambda: all(read(count, 0) >= calls for count in counts))
    print(json.dumps({"imagesPerSecond": 1}))


def run_set(options: argparse.Namespace, checkouts: list) -> list:
    """One process for each checkout; the images/s of each process's runs."""
    calls = options.runs + 1
    with tempfile.TemporaryDirectory() as folder:
        processes = []
        for place, checkout in enumerate(checkouts):
            turn = f"'{sys.executable}' '{os.path.abspath(__file__)}' turn '{folder}' {place} {len(checkouts)} {calls}"
            command = ["./splitmask", "bench", "prepare", "--input", os.path.abspath(options.pictures)]
            command += ["--runs", str(calls), "--warmup", str(options.warmup), "--beside", turn, *options.settings]
            log = open(os.path.join(folder, f"{place}.log"), "w", encoding="utf-8")
            processes.append(subprocess.Popen(command, cwd=checkout, stdout=subprocess.PIPE, stderr=log, text=True))
        try:
            # Where one fails, the others would wait for their turn for ever.
            while any(process.poll() is None for process in processes):
                check(processes, folder)
                time.sleep(1)
            check(processes, folder)
            return [json.loads(process.stdout.read().splitlines()[-1])["runs"][1:] for process in processes]
        finally:
            for process in processes:
                process.kill()


def check(processes: list, folder: str) -> None:
    """Ends everything where a process failed, with what it said last."""
    for place, process in enumerate(processes):
        if process.poll() not in (None, 0):
            with open(os.path.join(folder, f"{place}.log"), encoding="utf-8") as log:
                told = log.readlines()[-5:]
            raise SystemExit(f"{process.args} ended with {process.returncode}:\n{''.join(told)}")


def main() -> None:
    if sys.argv[1:2] == ["turn"]:
        hand_on(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
        return
    options = parse()
    ratios = []
    for number in range(options.sets):
        # Each set begins with another process.
        shift = number % len(options.checkouts)
        order = list(range(len(options.checkouts)))
        order = order[shift:] + order[:shift]
        runs = run_set(options, [options.checkouts[i] for i in order])
        medians = [0.0] * len(order)
        for place, i in enumerate(order):
            medians[i] = statistics.median(runs[place])
        ratios.append([median / medians[0] for median in medians[1:]])
        line = {"imagesPerSecond": [round(median, 1) for median in medians]}
        line["ratios"] = [round(ratio, 4) for ratio in ratios[-1]]
        print(json.dumps(line), flush=True)
    print(json.dumps({"medianRatios": [round(statistics.median(column), 4) for column in zip(*ratios)]}))


if __name__ == "__main__":
    main()
