# SPDX-License-Identifier: Apache-2.0
"""Reads a patch table with PyIceberg, DuckDB and pyarrow, and checks that the three see the same pictures.

    python read_table.py TABLE PARQUET_FILE...     # the files as `inspect TABLE --files` lists them

Prints one line a picture, sorted: image_id, split, label, SHA-256 of its [S, S, C] pixels. Needs the packages of
requirements.txt. The functions are the ones that README.md shows.
"""

import hashlib
import sys
from pathlib import Path

import duckdb
import numpy
import pyarrow
import pyarrow.parquet
from pyiceberg.table import StaticTable

COLUMNS = ["image_id", "split", "label", "image_size", "patch_size", "channels", "patches"]


def image(row: dict) -> numpy.ndarray:
    """The picture of a row, uint8 [S, S, C]: patch l of the [L, P, P, C] lies at row l // G, column l % G of the grid."""
    size, patch, channels = row["image_size"], row["patch_size"], row["channels"]
    grid = size // patch
    patches = numpy.frombuffer(row["patches"], numpy.uint8).reshape(grid, grid, patch, patch, channels)
    return patches.transpose(0, 2, 1, 3, 4).reshape(size, size, channels)


def with_pyiceberg(table: Path) -> pyarrow.Table:
    version = (table / "patches/metadata/version-hint.text").read_text().strip()
    metadata = table / f"patches/metadata/v{version}.metadata.json"
    return StaticTable.from_metadata(str(metadata)).scan(selected_fields=tuple(COLUMNS)).to_arrow()


def with_duckdb(files: list[str]) -> pyarrow.Table:
    relation = duckdb.read_parquet(files).select(*COLUMNS)
    return relation.to_arrow_table()


def with_pyarrow(files: list[str]) -> pyarrow.Table:
    # Each file by itself: a folder split=train would be taken for a partition column.
    return pyarrow.concat_tables(pyarrow.parquet.ParquetFile(file).read(COLUMNS) for file in files)


def lines(rows: pyarrow.Table) -> list[str]:
    described = []
    for row in rows.to_pylist():
        pixels = hashlib.sha256(numpy.ascontiguousarray(image(row))).hexdigest()
        described.append(" ".join([row["image_id"], row["split"], row["label"] or "-", pixels]))
    return sorted(described)


def main() -> None:
    table, files = Path(sys.argv[1]), sys.argv[2:]
    seen = {
        "PyIceberg": lines(with_pyiceberg(table)),
        "DuckDB": lines(with_duckdb(files)),
        "pyarrow": lines(with_pyarrow(files)),
    }
    for reader, found in seen.items():
        if found != seen["pyarrow"]:
            sys.exit(f"{reader} sees other pictures than pyarrow: {len(found)} and {len(seen['pyarrow'])} rows")
    print("\n".join(seen["pyarrow"]))


if __name__ == "__main__":
    main()
