# SPDX-License-Identifier: Apache-2.0
"""Compares the steps of `bench train` of two or more checkouts in turn, on a machine whose load changes all the time.

    python3 spark-job/src/bench/python/train_in_turn.py OLD NEW [OLD...] [--sets 7] [--turns 8] [--steps 3]
        [--warmup 12] [--model vit-tiny] [--batch 16] [--threads 2]

OLD and NEW are folders of checkouts whose jars are built. For each set a process of each is started, and all warm up.
Then the first takes some steps, the second takes as many, and so on: what is compared is seconds apart. Steps are
taken on a mini-batch that is there, and then with mini-batches that the loader makes meanwhile. Prints a line of JSON
for each set: of each checkout the median of images/s, and the median of its turns' ratios to the first checkout. The
last line has the medians of the sets' ratios. The same checkout twice tells how exact the ratios are. Needs a JDK 17.
"""

import argparse
import glob
import json
import os
import statistics
import subprocess

KINDS = {"steps": "", "data": "WithData"}
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../java/org/splitmask/train/StepsOnRequest.java")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", nargs="+")
    parser.add_argument("--sets", type=int, default=7)
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--warmup", type=int, default=12)
    parser.add_argument("--model", default="vit-tiny")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def java() -> str:
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin", "java") if home else "java"


class Steps:
    """A process of one checkout."""

    def __init__(self, checkout: str, options: argparse.Namespace):
        jars = [glob.glob(os.path.join(checkout, module, "target", f"{module}-*-app.jar"))[0] for module in ("spark-job", "data-prep")]
        spark = os.path.join(checkout, "deploy", "target", "spark", "jars", "*")
        # The options of the launcher, `splitmask`, for a command on this machine.
        command = [java(), f"@{checkout}/conf/spark/jvm-options", "-Xmx3g", "-XX:+UseParallelGC"]
        command += [f"-Dlog4j2.configurationFile=file:{checkout}/conf/log4j2.properties", "-cp", ":".join(jars + [spark])]
        command += [SOURCE, options.model, str(options.batch), str(options.threads)]
        self.process = subprocess.Popen(
            command, cwd=checkout, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def rate(self, kind: str, steps: int) -> float:
        print(kind, steps, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args} ended with {self.process.wait()}")
        return float(line)


def run_set(options: argparse.Namespace, checkouts: list) -> dict:
    """One process for each checkout; by kind of steps and by turn, the images/s of each process."""
    processes = [Steps(checkout, options) for checkout in checkouts]
    try:
        for process in processes:
            process.rate("steps", options.warmup)
        rates = {}
        for kind in KINDS:
            for process in processes:
                process.rate(kind, options.steps)
            rates[kind] = [[process.rate(kind, options.steps) for process in processes] for _ in range(options.turns)]
        return rates
    finally:
        for process in processes:
            process.process.kill()
            process.process.wait()


def main() -> None:
    options = parse()
    checkouts = [os.path.abspath(checkout) for checkout in options.checkouts]
    ratios = {kind: [] for kind in KINDS}
    for number in range(options.sets):
        # Each set begins with another process.
        shift = number % len(checkouts)
        order = list(range(len(checkouts)))
        order = order[shift:] + order[:shift]
        rates = run_set(options, [checkouts[i] for i in order])
        line = {}
        for kind, name in KINDS.items():
            # By checkout, the rates of its turns.
            turns = [column for _, column in sorted(zip(order, zip(*rates[kind])))]
            ratios[kind].append([statistics.median(a / b for a, b in zip(column, turns[0])) for column in turns[1:]])
            line[f"imagesPerSecond{name}"] = [round(statistics.median(column), 2) for column in turns]
            line[f"ratios{name}"] = [round(ratio, 4) for ratio in ratios[kind][-1]]
        print(json.dumps(line), flush=True)
    line = {}
    for kind, name in KINDS.items():
        line[f"medianRatios{name}"] = [round(statistics.median(column), 4) for column in zip(*ratios[kind])]
    print(json.dumps(line))


if __name__ == "__main__":
    main()
