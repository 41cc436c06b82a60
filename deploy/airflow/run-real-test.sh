#!/usr/bin/env bash
# Airflow for real: `airflow dags test` runs the whole chain on the demo's pictures, in local mode, again, and
# against failures of each exit code. Makes a virtual environment in deploy/airflow/target; takes some minutes.
#   deploy/airflow/run-real-test.sh            Airflow as in requirements-test.txt
#   PYTHON=/path/to/python deploy/airflow/run-real-test.sh       a Python that has Airflow and the Spark provider
#   deploy/airflow/run-real-test.sh again "code 4"               only scenarios with these words, after the first
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
SOURCES="$(cd "$HERE/../.." && pwd)"
TARGET="$HERE/target"
readonly HERE SOURCES TARGET

fail() {
  printf 'error: %s\n' "$@" >&2
  exit 2
}

# The newest jar of a module.
app_jar() {
  local jars=("$SOURCES/$1/target/$1"-*-app.jar)
  [ -f "${jars[0]}" ] || fail "$1 is not built; run ./mvnw -B -DskipTests -pl data-prep,spark-job package"
  printf '%s\n' "${jars[0]}"
}

main() {
  local work="$TARGET/real" python="${PYTHON:-}" java
  java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
  command -v "$java" >/dev/null || fail "no java: set JAVA_HOME to a JDK 17"
  JAVA_HOME="${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}"
  export JAVA_HOME

  rm -rf "$work"
  mkdir -p "$work/jars" "$work/spark/bin" "$work/dags"
  ln -s "$(app_jar data-prep)" "$work/jars/data-prep.jar"
  ln -s "$(app_jar spark-job)" "$work/jars/spark-job.jar"
  ln -s "$SOURCES/spark-job/target/spark" "$work/spark/jars"
  cp "$SOURCES/spark-job/src/test/resources/spark-submit" "$work/spark/bin/spark-submit"
  chmod +x "$work/spark/bin/spark-submit"
  cp "$HERE/splitmask_dag.py" "$work/dags/"

  if [ -z "$python" ]; then
    python="$TARGET/venv/bin/python"
    if [ ! -f "$TARGET/venv/complete" ]; then
      python3 -m venv --clear "$TARGET/venv"
      "$python" -m pip install -q -r "$HERE/requirements-test.txt"
      touch "$TARGET/venv/complete"
    fi
  fi
  exec "$python" "$HERE/tests/real.py" "$work" "$SOURCES" "$@"
}

main "$@"
