#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What averaging costs in quality: the same images, seen by one, two and four workers, with plain means and Nesterov's
# step, with more and less frequent averages, with rounded results. A line for each run: the losses of its last rounds,
# and what probes read from its encoder. About 40 minutes on two cores; a run that is done is not done again.
#   spark-job/src/bench/averaging-quality.sh FOLDER [key=value...]       the demo's pictures, conf/vit-micro.yaml
#   TABLE=TABLE spark-job/src/bench/averaging-quality.sh FOLDER crop-size=64 ...                     another table
#   ONLY="w4 w4-int8" spark-job/src/bench/averaging-quality.sh FOLDER                                some of the runs
set -euo pipefail

readonly FOLDER="${1:?usage: averaging-quality.sh FOLDER [key=value...]}"
shift
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
readonly HERE
readonly SETTINGS=(epochs=60 batch-size=16 steps-per-round=16 checkpoint-every=20 tensorboard=false "$@")

# Trains and evaluates a run, unless that was done, and prints its line: NAME key=value...
measure() {
  local name="$1" run="$FOLDER/$1" setting settings=()
  shift
  [ -z "${ONLY:-}" ] || [[ " $ONLY " == *" $name "* ]] || return 0
  for setting in "${SETTINGS[@]}"; do
    [[ " $*" == *" ${setting%%=*}="* ]] || settings+=("$setting") # a key is given once
  done
  if [ ! -f "$run.evaluation.json" ]; then
    "$HERE/splitmask" train --table "$TABLE" --output "$run" --config "$HERE/conf/vit-micro.yaml" "${settings[@]}" "$@" \
      >"$run.json" 2>"$run.log"
    "$HERE/splitmask" evaluate --run "$run" --table "$TABLE" --features trained \
      >"$run.evaluation.json.part" 2>>"$run.log"
    mv "$run.evaluation.json.part" "$run.evaluation.json"
  fi
  python3 "$HERE/spark-job/src/bench/python/quality_line.py" "$name" "$run" "$*"
}

mkdir -p "$FOLDER"
if [ -z "${TABLE:-}" ]; then
  TABLE="$FOLDER/demo/table"
  [ -d "$TABLE" ] || "$HERE/splitmask" demo --output "$FOLDER/demo" epochs=1 >/dev/null 2>"$FOLDER/demo.log"
fi

measure w1 workers=1
measure w2 workers=2
measure w4 workers=4
measure w2-nesterov workers=2 outer-rate=0.7 outer-momentum=0.9
measure w4-nesterov workers=4 outer-rate=0.7 outer-momentum=0.9
measure w4-nesterov-half workers=4 outer-rate=1 outer-momentum=0.5
measure w4-k1 workers=4 steps-per-round=1
measure w4-k4 workers=4 steps-per-round=4
measure w4-k64 workers=4 steps-per-round=64
measure w4-k64-nesterov workers=4 steps-per-round=64 outer-rate=0.7 outer-momentum=0.9
measure w4-k64-post-local workers=4 steps-per-round=64 post-local-share=0.2
measure w4-reset workers=4 moments=reset
measure w4-k64-reset workers=4 steps-per-round=64 moments=reset
measure w4-int16 workers=4 delta-precision=int16
measure w4-int8 workers=4 delta-precision=int8
measure w4-k1-int8 workers=4 steps-per-round=1 delta-precision=int8
