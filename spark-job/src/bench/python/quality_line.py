# SPDX-License-Identifier: Apache-2.0
"""A line of averaging-quality.sh: quality_line.py NAME RUN SETTINGS."""

import json
import sys

name, run, settings = sys.argv[1:4]
with open(f"{run}/metrics.jsonl", encoding="utf-8") as file:
    rounds = [json.loads(line) for line in file]
with open(f"{run}.evaluation.json", encoding="utf-8") as file:
    evaluation = json.load(file)


def last_tenth(figure):
    """The mean over the images of the run's last tenth."""
    left = sum(line["images"] for line in rounds) / 10
    total = images = 0
    for line in reversed(rounds):
        total += line["images"] * line[figure]
        images += line["images"]
        if images >= left:
            break
    return total / images


seconds = sum(line["seconds"] for line in rounds)
print(
    f"{name:20} rounds {len(rounds):5} loss {last_tenth('loss'):6.3f} inpaint {last_tenth('inpaint'):6.3f}"
    f" match accuracy {last_tenth('matchAccuracy'):.3f} cosine {rounds[-1].get('deltaCosine', float('nan')):6.3f}"
    f" linear {evaluation['linear']['trained']:.3f} knn {evaluation['knn']['trained']:.3f} seconds {seconds:5.0f}"
    f"  {settings}",
    flush=True,
)
