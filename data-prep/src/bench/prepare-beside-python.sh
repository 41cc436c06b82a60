#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prepares a folder of JPEGs again and again, each time followed by Pillow's and by OpenCV's loop over the same files,
# and prints the ratios per core. PYTHON names an interpreter with pillow and opencv-python-headless.
#   PYTHON=python3 data-prep/src/bench/prepare-beside-python.sh FOLDER [--runs N] [key=value...]
set -euo pipefail

folder="$(cd "${1:?a folder of JPEGs}" && pwd)"
shift
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
python="${PYTHON:-python3}"

exec "$here/../../../splitmask" bench prepare --input "$folder" "$@" \
  --beside "'$python' '$here/python/pillow_loop.py' '$folder'" \
  --beside "'$python' '$here/python/opencv_loop.py' '$folder'"
