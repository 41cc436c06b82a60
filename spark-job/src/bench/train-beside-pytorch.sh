#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Takes training steps in turn with the PyTorch reference's, on the same sizes and threads, and prints the ratios.
# PYTHON names an interpreter with torch and safetensors.
#   PYTHON=python3 spark-job/src/bench/train-beside-pytorch.sh --model vit-small --batch 16 --threads 2 [key=value...]
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
exec "$here/../../../splitmask" bench train "$@" --beside "exec '${PYTHON:-python3}' '$here/python/pytorch_step.py'"
