# Builds what is missing or older than its sources. Part of splitmask, in a source tree; a distribution builds nothing.
# shellcheck shell=bash

# Is the jar of a module there and newer than everything that it is made of?
is_fresh() {
  local module="$1" jar newer
  shift
  jar="$(app_jar "$module")"
  [ -f "$jar" ] || return 1
  newer="$(cd "$HOME_FOLDER" && find pom.xml "$@" -newer "$jar" -print 2>/dev/null | head -n 1)"
  [ -z "$newer" ]
}

is_built() {
  is_fresh data-prep data-prep/pom.xml data-prep/src/main &&
    is_fresh spark-job data-prep/pom.xml data-prep/src/main spark-job/pom.xml spark-job/src/main conf/vit-base.yaml conf/vit-micro.yaml conf/vit-small.yaml conf/vit-tiny.yaml &&
    [ -n "$(find "$HOME_FOLDER/spark-job/target/spark" -name 'spark-core_*.jar' 2>/dev/null)" ]
}

# The engine on libtorch is not built here, since its natives are the user's choice; but it has to fit the other jars.
check_torch_jar() {
  local jar
  jar="$(app_jar spark-job-torch)"
  [ ! -f "$jar" ] || is_fresh spark-job-torch {data-prep,spark-job,spark-job-torch}/{pom.xml,src/main} ||
    fail $USAGE "$jar is older than its sources. Remove it and build again: rm '$jar' && ./mvnw -B -DskipTests package; for GPUs add -Dtorch.natives=linux-x86_64-gpu (docs/gpu.md)"
}

# Lets one build at a time through, by a lock on descriptor 9; the kernel frees it even if this script is killed.
lock_build() {
  local lock="$HOME_FOLDER/.build.lock"
  { exec 9>"$lock"; } 2>/dev/null || fail $DEFECT "cannot write to $HOME_FOLDER, and SplitMask is not built yet"
  command -v flock >/dev/null || return 0
  flock -n 9 || {
    printf 'another splitmask is building here; waiting for it...\n' >&2
    flock 9
  }
}

build() {
  local java_home="$1" status=0 started jar
  [ -x "$java_home/bin/javac" ] || fail $USAGE "building needs a JDK 17 and $java_home has no bin/javac; set JAVA_HOME to one"
  lock_build
  if ! is_built; then
    printf 'building SplitMask %s, once (some minutes the first time)...\n' "$VERSION" >&2
    # An older version's jars would stay beside the new ones.
    rm -rf "$HOME_FOLDER/spark-job/target/spark"
    started="$(mktemp)"
    (cd "$HOME_FOLDER" && JAVA_HOME="$java_home" ./mvnw -q -B -DskipTests -pl data-prep,spark-job package) >&2 || status=$?
    [ "$status" -eq 0 ] ||
      fail $DEFECT "the build failed; its messages are above, and this shows all of them: cd '$HOME_FOLDER' && ./mvnw -B -DskipTests -pl data-prep,spark-job package"
    # Maven keeps the time of a jar that did not change; this build has checked it all the same.
    for jar in "$(app_jar data-prep)" "$(app_jar spark-job)"; do
      [ "$jar" -nt "$started" ] || touch -c -r "$started" "$jar"
    done
    rm -f "$started"
    is_built || fail $DEFECT "the build left jars older than their sources; is a file's time in the future?"
  fi
  exec 9>&-
}
