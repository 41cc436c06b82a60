"""Puts together what on-gpu.sh measured: one JSON from the files of its folder, on standard output.

    python gpu_report.py FOLDER

A file parity+PRECISION.json has what bench parity printed, demo.json what demo printed, and
bench+MODEL+BATCH+RIVAL.json what bench train printed. What failed has left a .part, and is named under "failed".
"""

import json
import sys
from pathlib import Path

GOALS = {"eager": 0.9, "compiled": 0.8}
GEMM_GOAL = 0.4  # of the card's own rate, for ViT-B


def main() -> None:
    folder = Path(sys.argv[1])
    report = {"card": text(folder / "card.txt"), "commit": text(folder / "commit.txt"), "steps": [], "failed": []}
    for path in sorted(folder.glob("bench+*.json")):
        measured = last_json(path)
        if measured is None:
            report["failed"].append(path.stem)
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
    report["failed"] += sorted(path.stem for path in folder.glob("*.part"))
    report["demo"] = last_json(folder / "demo.json")
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
