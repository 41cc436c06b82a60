#!/usr/bin/env bash
# Lays out what SplitMask adds to an image of Spark, below a target folder. The Dockerfiles run it; it needs bash, tar,
# sha256sum and, for --s3-jars with a URL of the web, wget or curl.
set -euo pipefail

readonly USAGE=2

# Files of Hadoop's S3 connector for Spark 3.5.5, which is built with Hadoop 3.3.4: path in a Maven repository, SHA-256.
readonly S3_FILES='org/apache/hadoop/hadoop-aws/3.3.4/hadoop-aws-3.3.4.jar 53f9ae03c681a30a50aa17524bd9790ab596b28481858e54efd989a826ed3a4a
com/amazonaws/aws-java-sdk-bundle/1.12.262/aws-java-sdk-bundle-1.12.262.jar 873fe7cf495126619997bec21c44de5d992544aea7e632fdc77adb1a0915bae5'

# What an image cannot do without.
readonly NEEDED=(splitmask jars/data-prep.jar jars/spark-job.jar conf/spark/log4j2-cluster.properties conf/spark/kubernetes.conf LICENSE NOTICE)

help_text() {
  cat <<TEXT
Usage: install.sh [options] TARBALL TARGET

  TARBALL              splitmask-VERSION-bin.tar.gz
  TARGET               the folder that stands for the root of the image; it must not exist, or be empty
  --extra-jars FOLDER  its *.jar go to /opt/spark/jars; spark-job-torch*.jar to /opt/splitmask/jars/spark-job-torch.jar
  --s3-jars URL        a Maven repository (https://, http:// or file://) that has hadoop-aws and its SDK

It makes /opt/splitmask, /opt/spark/jars (what is to be added there) and /var/cache/splitmask below TARGET.
TEXT
}

fail() {
  printf 'error: %s\n' "$@" >&2
  exit "$USAGE"
}

# fetch URL FILE
fetch() {
  case "$1" in
    file://*) cp -- "${1#file://}" "$2" ;;
    https://* | http://*)
      if command -v wget >/dev/null; then
        wget -nv -O "$2" -- "$1"
      elif command -v curl >/dev/null; then
        curl -fsSL -o "$2" -- "$1"
      else
        fail "neither wget nor curl is here to fetch $1"
      fi
      ;;
    *) fail "--s3-jars $1: give a URL that begins with https://, http:// or file://" ;;
  esac
}

add_s3_jars() {
  local repository="${1%/}" folder="$2" path sum file
  while read -r path sum; do
    file="$folder/${path##*/}"
    fetch "$repository/$path" "$file" || fail "cannot fetch $repository/$path"
    printf '%s  %s\n' "$sum" "$file" | sha256sum --check --quiet --status ||
      fail "$repository/$path is not the file that was published: its SHA-256 is not $sum"
  done <<<"$S3_FILES"
}

main() {
  local extra='' s3='' words=() tarball target home name
  while [ $# -gt 0 ]; do
    case "$1" in
      -h | --help)
        help_text
        return 0
        ;;
      --extra-jars | --s3-jars)
        [ $# -gt 1 ] || fail "$1 needs a value"
        # Empty is as good as none: the Dockerfiles pass their arguments on as they are.
        if [ "$1" = --extra-jars ]; then extra="$2"; else s3="$2"; fi
        shift 2
        ;;
      -*) fail "unknown option $1; --help lists them" ;;
      *)
        words+=("$1")
        shift
        ;;
    esac
  done
  [ "${#words[@]}" -eq 2 ] || fail "give TARBALL and TARGET; --help says more"
  tarball="${words[0]}" target="${words[1]}"
  [ -f "$tarball" ] || fail "there is no file $tarball; in a Dockerfile: --build-arg DISTRIBUTION=splitmask-VERSION-bin.tar.gz"
  [ -z "$extra" ] || [ -d "$extra" ] || fail "--extra-jars $extra is no folder"
  if [ -e "$target" ] && [ -n "$(ls -A "$target")" ]; then
    fail "$target is there already and not empty"
  fi

  home="$target/opt/splitmask"
  mkdir -p "$home" "$target/opt/spark/jars" "$target/var/cache/splitmask"
  tar -xf "$tarball" -C "$home" --strip-components=1 --no-same-owner --no-same-permissions
  for name in "${NEEDED[@]}"; do
    [ -f "$home/$name" ] || fail "$tarball has no $name; is it a distribution of SplitMask (splitmask-VERSION-bin.tar.gz)?"
  done
  # Of no use in a container; the launcher has its parts in deploy/launcher.
  rm -rf "${home:?}/docs"
  if [ -d "$home/deploy" ]; then
    find "$home/deploy" -mindepth 1 -maxdepth 1 ! -name launcher -exec rm -rf {} +
  fi

  if [ -n "$extra" ]; then
    find "$extra" -maxdepth 1 -type f -name '*.jar' ! -name 'spark-job-torch*' -exec cp -- {} "$target/opt/spark/jars/" \;
    # Not among Spark's own: it needs spark-job.jar, which Spark loads after those.
    find "$extra" -maxdepth 1 -type f -name 'spark-job-torch*.jar' -exec cp -- {} "$home/jars/spark-job-torch.jar" \;
  fi
  if [ -n "$s3" ]; then
    add_s3_jars "$s3" "$target/opt/spark/jars"
  fi

  # Readable by every user and writable by none but root: what runs must not be able to change its own programs.
  chmod -R u=rwX,go=rX "$target"
  chmod 755 "$home/splitmask"
  chmod 1777 "$target/var/cache/splitmask"
}

main "$@"
