# SPDX-License-Identifier: Apache-2.0
"""Decodes, resizes and crops every JPEG below a folder with Pillow, in one process, and writes nothing.

    python pillow_loop.py FOLDER [SIDE]

The shorter side becomes SIDE (224) pixels by Pillow's bicubic filter, the centre is cropped. The last line is JSON.
"""

import json
import sys
import time
from pathlib import Path

from PIL import Image


def prepare(path, side):
    """The picture as a square of RGB pixels, [side, side]."""
    with Image.open(path) as file:
        picture = file.convert("RGB")
    scale = side / min(picture.size)
    width, height = (max(side, round(length * scale)) for length in picture.size)
    picture = picture.resize((width, height), Image.Resampling.BICUBIC)
    left, top = (width - side) // 2, (height - side) // 2
    return picture.crop((left, top, left + side, top + side))


def main():
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
