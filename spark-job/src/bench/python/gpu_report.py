"""Puts together what on-gpu.sh measured: one JSON from the files of its folder, on standard output.

    python gpu_report.py FOLDER

A file parity-*.json has what the parity test printed, demo.json what demo printed, and MODEL-BATCH-RIVAL.json what
bench train printed. What is not there is named under "missing".
"""

import json
import sys
from pathlib import Path

GOALS = {"eager": 0.9, "compiled": 0.8}
GEMM_GOAL = 0.4  # of the card's own rate, for ViT-B


def main() -> None:
    folder = Path(sys.argv[1])
    report = {"card": text(folder / "card.txt"), "commit": text(folder / "commit.txt"), "steps": [], "missing": []}
    for path in sorted(folder.glob("bench-*.json")):
        measured = last_json(path)
        if measured is None:
            report["missing"].append(path.name)
            continue
        _, model, batch, rival = path.stem.split("+")
        line = {"model": model, "batch": int(batch), "beside": rival}
        for key in (
            "imagesPerSecond", "imagesPerSecondWithData", "waitingShare", "ratio", "shareOfGemm", "gemmGigaflopsPerSecond",
            "copiedBytesPerStep", "peakDeviceMegabytes", "loaderImagesPerSecond",
        ):  # fmt: skip
            if key in measured:
                line[key] = measured[key]
        if rival in GOALS and "ratio" in line:
            line["reachesRatio"] = line["ratio"] >= GOALS[rival]
        if model == "vit-base" and "shareOfGemm" in line:
            line["reachesShareOfGemm"] = line["shareOfGemm"] >= GEMM_GOAL
        report["steps"].append(line)
    demo = last_json(folder / "demo.json")
    report["demo"] = demo if demo is not None else None
    report["parity"] = {path.stem: last_json(path) for path in sorted(folder.glob("parity+*.json"))}
    print(json.dumps(report, indent=2))


def text(path: Path) -> str | None:
    return path.read_text().strip() if path.exists() else None


def last_json(path: Path) -> dict | None:
    """The JSON object in the last line of a file; none where there is no such line."""
    lines = path.read_text().strip().splitlines() if path.exists() else []
    try:
        return json.loads(lines[-1]) if lines else None
    except json.JSONDecodeError:
        return None


if __name__ == "__main__":
    main()
