# SPDX-License-Identifier: Apache-2.0
"""Compares what ImageDecoder makes of a folder with what Pillow makes of it.

    java -cp ... org.splitmask.prep.image.DecodeFolder FOLDER OUTPUT 64
    python odd_images.py FOLDER OUTPUT [--sheets]

FOLDER has a MANIFEST.tsv with the columns path and pillow ("ok" or "error"). Prints a line for each class of
agreement or difference with its count, then the files of the classes that are differences. With --sheets it
writes contact sheets of the accepted pictures of each class, and of the rejected ones that Pillow can draw, to
OUTPUT. Needs Pillow and NumPy.
"""
import csv
import sys
import warnings
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageOps

CLOSE = 10  # mean absolute difference of 0 to 255, under which two pictures count as the same
SIDE = 64


def eight_bit_rgb(picture):
    """Upright 8-bit RGB on white, colours as stored."""
    if picture.mode.startswith("I;16") or picture.mode == "I":
        values = np.asarray(picture).astype(np.float64) / 257
        return Image.fromarray(values.clip(0, 255).round().astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        white.alpha_composite(picture)
        return white.convert("RGB")
    return picture.convert("RGB")


def shrunk(square):
    """Averages of areas. Pillow's own box filter takes whole pixels, which shows near a scale of 1."""
    side = len(square)
    edges = np.arange(SIDE + 1) * side / SIDE
    pixels = np.arange(side)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    weights = overlap.clip(0) * SIDE / side
    return np.einsum("iy,yxc,jx->ijc", weights, square.astype(np.float64), weights, optimize=True).round().astype(np.uint8)


def pillow_square(path):
    """uint8 [64, 64, 3] by Pillow, or the reason why not."""
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > 100_000_000:
                return f"{picture.format}: {picture.width}x{picture.height} pixels"
            picture.load()
            upright = eight_bit_rgb(ImageOps.exif_transpose(picture))
            side = min(upright.size)
            left, top = (upright.width - side) // 2, (upright.height - side) // 2
            square = upright.crop((left, top, left + side, top + side))
            if side >= SIDE:
                return shrunk(np.asarray(square))
            return np.asarray(square.resize((SIDE, SIDE), Image.Resampling.BICUBIC))
    except Exception as e:  # whatever Pillow raises is its opinion
        return f"{type(e).__name__}: {e}"[:90]


def outcomes(folder):
    """path -> (outcome, detail, format, pixels or None)."""
    pixels = np.fromfile(folder / "pixels.bin", np.uint8).reshape(-1, SIDE, SIDE, 3)
    found, next_ = {}, 0
    for row in csv.reader(open(folder / "outcome.tsv", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE):
        accepted = row[1] == "accepted"
        found[row[0]] = (row[1], row[2], row[3], pixels[next_] if accepted else None, row[6])
        next_ += accepted
    return found


def sheet(file, tiles):
    """Tiles of (name, pixels), 16 in a row."""
    rows = -(-len(tiles) // 16)
    page = Image.new("RGB", (16 * 76, max(1, rows) * 88), "lightblue")
    draw = ImageDraw.Draw(page)
    for i, (name, square) in enumerate(tiles):
        x, y = i % 16 * 76 + 6, i // 16 * 88 + 4
        page.paste(Image.fromarray(square), (x, y))
        draw.text((x - 4, y + 66), Path(name).name[:13], fill="black", font_size=9)
    page.save(file)


def main(folder, output, sheets):
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None
    manifest = {row["path"]: row for row in csv.DictReader(open(folder / "MANIFEST.tsv", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE)}
    classes = defaultdict(list)
    tiles = defaultdict(list)
    differences = []
    for path, (outcome, detail, format_, ours, profile) in outcomes(output).items():
        if path not in manifest:
            continue
        theirs = pillow_square(folder / path)
        drawn = isinstance(theirs, np.ndarray)
        verdict = manifest[path]["pillow"]
        if ours is not None and drawn:
            difference = float(np.abs(ours.astype(int) - theirs).mean())
            differences.append(difference)
            group = f"accepted, Pillow {verdict}, " + ("alike" if difference <= CLOSE else "different")
            line = f"{difference:6.1f} {path} {manifest[path]['fmt']} {manifest[path]['mode']}"
        else:
            group = f"{outcome}, Pillow {verdict}"
            line = f"{path} {manifest[path]['fmt']} {manifest[path]['mode']} | {detail} | {theirs if not drawn else 'drawn'} {manifest[path]['e']}"
        classes[group].append(line)
        if ours is not None:
            tiles[group].append((path, ours))
        elif drawn:
            tiles[group].append((path, theirs))
    for group in sorted(classes):
        print(f"{len(classes[group]):5d}  {group}")
    print(f"median difference {np.median(differences):.2f}, 95th percentile {np.percentile(differences, 95):.2f}")
    for group in sorted(classes):
        if not group.endswith("alike") and not group.startswith("unsupported"):
            print(f"\n{group}\n  " + "\n  ".join(classes[group]))
    if sheets:
        for group, named in tiles.items():
            for page in range(0, len(named), 160):
                sheet(output / f"{group.replace(', ', '_').replace(' ', '-')}-{page // 160}.png", named[page : page + 160])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "--sheets" in sys.argv)
