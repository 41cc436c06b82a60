# SPDX-License-Identifier: Apache-2.0
"""Decodes and resizes every JPEG below a folder with OpenCV, on one thread, and writes nothing.

    python opencv_loop.py FOLDER [SIDE]

The shorter side becomes SIDE (224) pixels by averaging areas. The last line is JSON.
"""

import json
import sys
import time
from pathlib import Path

import cv2


def prepare(path, side):
    """The picture with its shorter side resized, [height, width, 3], blue first."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    height, width = picture.shape[:2]
    scale = side / min(width, height)
    size = (max(side, round(width * scale)), max(side, round(height * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def main():
    cv2.setNumThreads(1)
    side = int(sys.argv[2]) if len(sys.argv) > 2 else 224
    paths = sorted(Path(sys.argv[1]).rglob("*.jpg"))
    start, cpu_start = time.perf_counter(), time.process_time()
    for path in paths:
        prepare(path, side)
    seconds = time.perf_counter() - start
    cpu_millis = 1e3 * (time.process_time() - cpu_start) / len(paths)
    rate = round(len(paths) / seconds, 3)
    print(json.dumps({"images": len(paths), "imagesPerSecond": rate, "cpuMillisPerImage": round(cpu_millis, 3)}))


if __name__ == "__main__":
    main()
