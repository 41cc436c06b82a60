#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What engine=torch does on a GPU: whether it computes what it should in float32 and bf16, the demo on local[1], and
# ViT-S/16 and ViT-B/16 at batch 64, 128 and 256, with and without data, beside PyTorch eager and compiled. It builds
# nothing: jars of -Dtorch.natives=linux-x86_64-gpu have to be there. Prints one JSON; FOLDER keeps what it is made of,
# and a measure that is there is not made again. It was never run on a GPU;
# some ten minutes are expected on an H100.
#   PYTHON=python3 spark-job/src/bench/on-gpu.sh FOLDER          PYTHON has torch for CUDA, and safetensors
#   DEVICE=cpu MODELS=vit-micro BATCHES=16 spark-job/src/bench/on-gpu.sh FOLDER          tries the script on processors
#   ONLY="parity demo bench" chooses parts; RIVALS="eager compiled alone" what stands beside a step
set -euo pipefail

readonly FOLDER="${1:?usage: on-gpu.sh FOLDER}"
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
readonly HERE PYTHON="${PYTHON:-python3}" DEVICE="${DEVICE:-cuda}"
readonly MODELS="${MODELS:-vit-small vit-base}" BATCHES="${BATCHES:-64 128 256}" RIVALS="${RIVALS:-eager compiled}"
readonly ONLY="${ONLY:-parity demo bench}" THREADS="${THREADS:-4}" RUNS="${RUNS:-15}"
readonly ENGINE=(engine=torch "device=$DEVICE")
mkdir -p "$FOLDER"

fail() {
  echo "error: $1" >&2
  exit 2
}

# The jars must be there, and of the same build: the launcher would build some of them in the middle of a measure.
check_jars() {
  local torch="$HERE/jars/spark-job-torch.jar" job="$HERE/jars/spark-job.jar" commit
  if [ ! -d "$HERE/jars" ]; then
    torch="$(echo "$HERE"/spark-job-torch/target/spark-job-torch-*-app.jar)"
    job="$(echo "$HERE"/spark-job/target/spark-job-*-app.jar)"
    [ -z "$(find "$HERE"/{data-prep,spark-job,spark-job-torch}/src/main -newer "$torch" -type f 2>/dev/null | head -n 1)" ] ||
      fail "sources are newer than $torch: remove it, then build all jars as docs/gpu.md says"
  fi
  [ -f "$torch" ] && [ -f "$job" ] || fail "there is no $torch or no $job; docs/gpu.md says how they are made"
  commit="$(git -C "$HERE" rev-parse --short HEAD 2>/dev/null || cat "$HERE/VERSION")"
  [ ! -f "$FOLDER/commit.txt" ] || [ "$(cat "$FOLDER/commit.txt")" = "$commit" ] ||
    fail "$FOLDER has measures of $(cat "$FOLDER/commit.txt"), and this is $commit: take another folder"
  echo "$commit" >"$FOLDER/commit.txt"
}

# Runs a command of ours once; its JSON is its last line. A failure is kept beside it, and does not end the script.
measure() {
  local name="$1"
  shift
  [ ! -s "$FOLDER/$name.json" ] || return 0
  echo "$name" >&2
  if "$HERE/splitmask" "$@" >"$FOLDER/$name.part" 2>"$FOLDER/$name.log"; then
    mv "$FOLDER/$name.part" "$FOLDER/$name.json"
  else
    echo "$name failed: $(tail -n 1 "$FOLDER/$name.log")" >&2
  fi
}

# A step beside PyTorch's, or alone.
bench() {
  local model="$1" batch="$2" rival="$3" beside=()
  local program="exec '$PYTHON' '$HERE/spark-job/src/bench/python/pytorch_step.py' --device $DEVICE --precision bf16"
  case "$rival" in
    alone) ;;
    eager) beside=(--beside "$program") ;;
    compiled) beside=(--beside "$program --compile") ;;
    *) fail "RIVALS may have eager, compiled and alone, and has $rival" ;;
  esac
  measure "bench+$model+$batch+$rival" bench train --model "$model" --batch "$batch" --threads "$THREADS" \
    --runs "$RUNS" --warmup 5 ${beside[@]+"${beside[@]}"} "${ENGINE[@]}" precision=bf16 loader-threads="${LOADERS:-8}"
}

check_jars
nvidia-smi --query-gpu=name,compute_cap,driver_version,memory.total --format=csv,noheader >"$FOLDER/card.txt" \
  2>/dev/null || rm -f "$FOLDER/card.txt"
if [[ " $ONLY " == *' parity '* ]]; then
  for precision in float32 tf32 bf16; do
    measure "parity+$precision" bench parity --model vit-tiny --batch 16 --steps 10 "${ENGINE[@]}" \
      "precision=$precision" threads="$THREADS"
  done
fi
if [[ " $ONLY " == *' demo '* ]]; then
  # One executor, one worker, one card.
  SPLITMASK_JAVA_OPTIONS="${SPLITMASK_JAVA_OPTIONS:-} -Dspark.master=local[1]" \
    measure demo demo --output "$FOLDER/demo" "${ENGINE[@]}" precision=bf16 workers=1 ${EPOCHS:+epochs=$EPOCHS}
fi
if [[ " $ONLY " == *' bench '* ]]; then
  for model in $MODELS; do
    for batch in $BATCHES; do
      for rival in $RIVALS; do
        bench "$model" "$batch" "$rival"
      done
    done
  done
fi
exec "$PYTHON" "$HERE/spark-job/src/bench/python/gpu_report.py" "$FOLDER"
