# Makes the line that starts a command through spark-submit. Part of splitmask.
# shellcheck shell=bash

# What spark-submit takes, and what it is passed as it is. --class and the application's jar are ours.
readonly SUBMIT_OPTIONS=' --archives --conf --deploy-mode --driver-class-path --driver-cores --driver-java-options
 --driver-library-path --driver-memory --exclude-packages --executor-cores --executor-memory --files --jars --keytab --name
 --num-executors --packages --principal --properties-file --proxy-user --queue --repositories --total-executor-cores '
readonly SUBMIT_FLAGS=' --supervise --verbose '

# Options of our commands that name a file to read. In cluster mode the driver is on another machine, and a file of
# this one has to travel.
readonly FILE_OPTIONS=' --config --labels --catalog '

is_submit_option() {
  [[ "$1" == --* && "$SUBMIT_OPTIONS" == *[[:space:]]"$1"[[:space:]]* ]]
}

is_submit_flag() {
  [[ "$1" == --* && "$SUBMIT_FLAGS" == *" $1 "* ]]
}

find_spark_submit() {
  if [ -n "$1" ]; then
    [ -x "$1" ] || fail $USAGE "--spark-submit $1 is no program"
    printf '%s\n' "$1"
  elif [ -n "${SPARK_HOME:-}" ]; then
    [ -x "$SPARK_HOME/bin/spark-submit" ] ||
      fail $USAGE "SPARK_HOME is $SPARK_HOME, which has no bin/spark-submit; set it to a Spark 3.5"
    printf '%s\n' "$SPARK_HOME/bin/spark-submit"
  else
    command -v spark-submit ||
      fail $USAGE "--master needs spark-submit: set SPARK_HOME to a Spark 3.5, put its bin on PATH, or name it with --spark-submit FILE"
  fi
}

# Refuses what spark-submit would only find out in the middle, or say with a trace.
check_submission() {
  local manager="$1" program="$2" core
  if [ "$manager" = yarn ]; then
    [ -n "${HADOOP_CONF_DIR:-}${YARN_CONF_DIR:-}" ] ||
      fail $USAGE "--master yarn needs HADOOP_CONF_DIR or YARN_CONF_DIR: the folder with the cluster's core-site.xml and yarn-site.xml"
    [ -d "${HADOOP_CONF_DIR:-$YARN_CONF_DIR}" ] ||
      fail $USAGE "HADOOP_CONF_DIR is ${HADOOP_CONF_DIR:-$YARN_CONF_DIR}, which is no folder; set it to the one with the cluster's core-site.xml"
  fi
  core="$(find -L "$(home_of "$program")/jars" -maxdepth 1 -name 'spark-core_*.jar' 2>/dev/null | head -n 1)" || true
  case "${core##*/}" in
    '' | spark-core_2.12-3.5.*) ;; # where it cannot be seen, Spark itself will say
    *) fail $USAGE "$program is of ${core##*/}; SplitMask needs Spark 3.5 for Scala 2.12" ;;
  esac
}

# Prints which file of conf/spark is meant for a master.
cluster_manager() {
  case "$1" in
    yarn) printf 'yarn\n' ;;
    k8s://*) printf 'kubernetes\n' ;;
    spark://*) printf 'standalone\n' ;;
    local | local\[*) printf 'local\n' ;;
    local-cluster\[*) printf 'standalone\n' ;;
    *) fail $USAGE "--master $1 is none of spark://host:7077, yarn, k8s://https://host:443, local[2]" ;;
  esac
}

# Prints the lines "key value" of a file without its comments; a file of Spark's may have = between them.
properties() {
  sed -n -e 's/^[[:space:]]*//' -e '/^[#!]/d' -e 's/[[:space:]]*[[:space:]=][[:space:]]*/ /;/ ./p' "$1"
}

# Does one of these files of properties set the key?
is_set_in() {
  local key="$1" file
  shift
  for file in "$@"; do
    if [ -r "$file" ] && properties "$file" | awk -v key="$key" '$1 == key { found = 1 } END { exit !found }'; then
      return 0
    fi
  done
  return 1
}

# The last value that the options, in pairs of words, give to one of them.
option_value() {
  local name="$1" value=''
  shift
  while [ $# -gt 1 ]; do
    [ "$1" != "$name" ] || value="$2"
    shift 2
  done
  printf '%s\n' "$value"
}

# submit_line MASTER PROGRAM CLASS JAR... sets LINE to the words that start a command. It reads the arrays options and
# flags (for spark-submit) and arguments (for the command), which main has filled.
submit_line() {
  local master="$1" program="$2" class="$3" manager mode properties_file key value i
  local files=() settings=() words=() driver_options=''
  shift 3
  local jars=("$@")
  manager="$(cluster_manager "$master")"
  check_submission "$manager" "$program"
  mode="$(option_value --deploy-mode ${options[@]+"${options[@]}"})"
  [[ "$mode" == '' || "$mode" == client || "$mode" == cluster ]] ||
    fail $USAGE "--deploy-mode must be client or cluster, was '$mode'"
  properties_file="$(option_value --properties-file ${options[@]+"${options[@]}"})"
  local defaults="${SPARK_CONF_DIR:-$(dirname "$(dirname "$program")")/conf}/spark-defaults.conf"
  [ -z "$properties_file" ] || defaults="$properties_file"

  # Ours first: of two --conf the later one counts, and what the cluster's own files say stays.
  while read -r key value; do
    if [ "$manager/$mode/$key" = standalone/cluster/spark.driver.defaultJavaOptions ]; then
      driver_options="$value" # Spark's client for this manager reads only the other key
    elif ! is_set_in "$key" "$defaults"; then
      settings+=(--conf "$key=$value")
    fi
  done < <(manager_settings "$manager" "${mode:-client}")
  if [ "$manager" = yarn ]; then
    files+=("$HOME_FOLDER/conf/spark/log4j2-cluster.properties")
  fi

  # --jars and --files would displace the caller's, so they become one each.
  i=0
  while [ $i -lt ${#options[@]} ]; do
    key="${options[$i]}" value="${options[$((i + 1))]}"
    case "$key=$value" in
      --jars=* | --conf=spark.jars=*) jars+=("${value#spark.jars=}") ;;
      --files=* | --conf=spark.files=*) files+=("${value#spark.files=}") ;;
      --driver-java-options=* | --conf=spark.driver.extraJavaOptions=*)
        words+=(--driver-java-options "${driver_options:+$driver_options }${value#spark.driver.extraJavaOptions=}")
        driver_options=''
        ;;
      *) words+=("$key" "$value") ;;
    esac
    i=$((i + 2))
  done

  [ -z "$driver_options" ] || words+=(--driver-java-options "$driver_options")
  if [ "$mode" = cluster ]; then
    take_files_along "$manager"
  fi
  LINE=("$program" --master "$master" --class "$class" ${settings[@]+"${settings[@]}"})
  [ "${#jars[@]}" -le 1 ] || LINE+=(--jars "$(joined , "${jars[@]:1}")")
  [ "${#files[@]}" -eq 0 ] || LINE+=(--files "$(joined , "${files[@]}")")
  LINE+=(${words[@]+"${words[@]}"} ${flags[@]+"${flags[@]}"} "${jars[0]}" ${arguments[@]+"${arguments[@]}"})
}

# Starts LINE. In client mode it is the command. In cluster mode spark-submit's own exit code says little: with a file
# of --result, the code is the command's.
submit() {
  local result name
  result="$(argument_value --result ${arguments[@]+"${arguments[@]}"})"
  if [ "$(option_value --deploy-mode ${options[@]+"${options[@]}"})" != cluster ]; then
    exec "${LINE[@]}"
  fi
  # Elsewhere, and with a Hadoop configuration, a relative path is one of the user's folder on HDFS. With a catalog,
  # tables have names.
  if [[ "${LINE[2]}" == spark://* && -z "${HADOOP_CONF_DIR:-}" && "${LINE[*]}" != *fs.defaultFS* && -z "$(argument_value --catalog ${arguments[@]+"${arguments[@]}"})" ]]; then
    for name in --output --table --run; do
      require_whole_path "$name" "$(argument_value "$name" ${arguments[@]+"${arguments[@]}"})"
    done
  fi
  if [ -z "$result" ]; then
    echo 'note: in cluster mode, neither the result nor the exit code arrives here without --result FILE' >&2
    exec "${LINE[@]}"
  fi
  require_whole_path --result "$result"
  # Else the result of an earlier run would be taken for this one's if no driver starts.
  result_command "$result" --begin >/dev/null
  # What spark-submit says of it does not count: on YARN it is 1 for any failure, elsewhere always 0.
  "${LINE[@]}" >&2 || printf 'spark-submit ended with %s\n' "$?" >&2
  result_command "$result"
}

# Fails where a path depends on the folder of the process that reads it.
require_whole_path() {
  [[ -z "$2" || "$2" == /* || "$2" == *:/* ]] ||
    fail $USAGE "$1 $2 is relative, and the driver in cluster mode has another folder; give a path that begins with / or a URI"
}

# Prints what follows an option among a command's words, the last time that it is there.
argument_value() {
  local name="$1"
  shift
  while [ $# -gt 0 ]; do
    case "$1" in
      "$name"=*) printf '%s\n' "${1#"$name"=}" ;;
      "$name") printf '%s\n' "${2:-}" ;;
    esac
    shift
  done | tail -n 1
}

# Runs the command result in a JVM of this machine, with the filesystems that spark-submit knows.
result_command() {
  local key value words=() i
  for ((i = 0; i < ${#options[@]}; i += 2)); do
    key="${options[$i]}" value="${options[$((i + 1))]}"
    [[ "$key=$value" != --@(jars|packages|repositories|exclude-packages|properties-file|driver-class-path)=* && "$key=$value" != --conf=spark.hadoop.* ]] ||
      words+=("$key" "$value")
  done
  "${LINE[0]}" --master 'local[1]' --class org.splitmask.prep.ResultApp --conf spark.executorEnv.LC_ALL=C.UTF-8 \
    --conf "spark.driver.defaultJavaOptions=-Dlog4j2.configurationFile=file:$HOME_FOLDER/conf/log4j2.properties" \
    ${words[@]+"${words[@]}"} "$(app_jar data-prep)" "$@"
}

# Prints the settings of conf/spark for a manager and mode, as lines "key value". A driver on this machine logs and
# unpacks as any program here does; those settings are for drivers elsewhere. But for JavaCPP's bound, four times the
# heap: with local[...] it trains, and a step holds most of its memory outside of the heap.
manager_settings() {
  local file="$HOME_FOLDER/conf/spark/$1.conf"
  [ -r "$file" ] || fail $DEFECT "there is no $file; is this SplitMask whole?"
  if [ "$2" = client ]; then
    properties "$file" | grep -v '^spark\.driver\.defaultJavaOptions ' || true
    printf 'spark.driver.defaultJavaOptions -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dlog4j2.configurationFile=file:%s\n' \
      "$HOME_FOLDER/conf/log4j2.properties"
  else
    properties "$file"
  fi
}

# Of the files that the command is to read, those of this machine go to the driver's working directory. Spark's own
# manager does not bring them there: the driver has to see them under their whole path.
take_files_along() {
  local manager="$1" i name file whole driver_name
  for ((i = 0; i < ${#arguments[@]}; i++)); do
    name="${arguments[$i]%%=*}"
    [[ "$name" == --* && "$FILE_OPTIONS" == *" $name "* ]] || continue
    if [[ "${arguments[$i]}" == *=* ]]; then
      file="${arguments[$i]#*=}"
    else
      file="${arguments[$((i + 1))]:-}"
    fi
    [ -f "$file" ] || continue
    whole="$(cd -P "$(dirname "$file")" && pwd)/$(basename "$file")"
    if [ "$manager" = standalone ]; then
      driver_name="$whole"
    else
      driver_name="$(basename "$file")"
      files+=("$whole")
    fi
    if [[ "${arguments[$i]}" == *=* ]]; then
      arguments[i]="$name=$driver_name"
    else
      arguments[i + 1]="$driver_name"
    fi
  done
}
