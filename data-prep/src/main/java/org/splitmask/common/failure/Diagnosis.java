/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a failure comes to: whose it is, and what people are told.
 *
 * @param message whole sentences for people, without names of exceptions
 */
public record Diagnosis(Blame blame, String message) {
  /** How users add jars to the class path, for the ends of sentences. */
  public static final String WHERE_TO_ADD_JARS = MissingClass.WHERE_TO_ADD;

  /**
   * What Spark says of a call that comes after it ended the application itself, most often since
   * its cluster manager did not answer or gave it up.
   */
  private static final Pattern ENDED =
      Pattern.compile(
          "Cannot call methods on a stopped SparkContext|LiveListenerBus is stopped"
              + "|on a running MetricsSystem|context stopped while waiting for backend");

  /** What Hadoop says of hdfs:///path where nothing names the cluster's file system. */
  private static final String NO_HOST = "Incomplete HDFS URI, no host";

  private static final String NO_FILE_SYSTEM =
      "org.apache.hadoop.fs.UnsupportedFileSystemException";

  /**
   * The diagnosis of any failure. Our own exceptions say it themselves, also from inside a Spark
   * job's failure; what a class path lacks, what an object store refuses, storage and cluster are
   * recognised by type; the rest is our defect.
   */
  public static Diagnosis of(Throwable failure) {
    Optional<SplitMaskException> ours = SplitMaskException.root(failure);
    Optional<Diagnosis> lacking =
        lacking(chain(failure)).filter(known -> ours.isEmpty() || knowsMore(known, ours.get()));
    if (lacking.isPresent()) {
      return lacking.get();
    }
    Diagnosis plain =
        ours.map(known -> new Diagnosis(known.blame(), PlainMessage.clean(known.getMessage())))
            .orElseGet(() -> byType(failure));
    return plain.blame() == Blame.CLUSTER || plain.blame() == Blame.BUG
        ? StoreRefusal.of(chain(failure)).map(refusal -> refusal.of(plain, failure)).orElse(plain)
        : plain;
  }

  /** Whoever blames the cluster or us may have caught anything; others know why they refuse. */
  private static boolean knowsMore(Diagnosis lacking, SplitMaskException ours) {
    return ours.blame() == Blame.CLUSTER
        || ours.blame() == Blame.BUG
        || ours.blame() == lacking.blame();
  }

  /** A class or a file system that no jar on the class path has. */
  private static Optional<Diagnosis> lacking(List<Throwable> chain) {
    for (Throwable at : chain) {
      Optional<Diagnosis> missing = MissingClass.diagnose(at);
      if (missing.isPresent()) {
        return missing;
      }
      if (at.getClass().getName().equals(NO_FILE_SYSTEM)) {
        return Optional.of(
            new Diagnosis(
                Blame.USER,
                PlainMessage.of(at)
                    + "; correct the path, or add the jar of that file system's connector: "
                    + MissingClass.WHERE_TO_ADD));
      }
    }
    return Optional.empty();
  }

  private static Diagnosis byType(Throwable failure) {
    List<Throwable> chain = chain(failure);
    Throwable deepest = chain.get(chain.size() - 1);
    if (chain.stream().anyMatch(Diagnosis::isOfEndedApplication)) {
      return new Diagnosis(
          Blame.CLUSTER,
          "Spark ended the application: its cluster manager did not answer or gave it up, or it was"
              + " told to end; the log above says why");
    }
    Optional<Diagnosis> unknown = unknownHost(chain);
    if (unknown.isPresent()) {
      return unknown.get();
    }
    Blame blame = blameByType(chain);
    if (deepest instanceof OutOfMemoryError || hasHeapTooSmall(deepest)) {
      return new Diagnosis(
          blame,
          "out of memory ("
              + PlainMessage.of(deepest)
              + "); give more: SPLITMASK_HEAP on this machine, spark.driver.memory,"
              + " spark.executor.memory and spark.executor.memoryOverhead on a cluster; or a"
              + " smaller batch-size");
    }
    return new Diagnosis(
        blame,
        blame == Blame.BUG
            ? "a defect of SplitMask ("
                + PlainMessage.ofDefect(failure)
                + "); please report it with its trace"
            : PlainMessage.of(failure));
  }

  /** A path whose host is missing, or has no address: often for want of Hadoop's configuration. */
  private static Optional<Diagnosis> unknownHost(List<Throwable> chain) {
    for (Throwable at : chain) {
      if (String.valueOf(at.getMessage()).startsWith(NO_HOST)) {
        return Optional.of(
            new Diagnosis(
                Blame.USER,
                PlainMessage.of(at)
                    + "; write the path as hdfs://HOST:PORT/..., or set HADOOP_CONF_DIR to the"
                    + " folder with the cluster's core-site.xml and give --master"));
      }
      if (at instanceof UnknownHostException) {
        return Optional.of(
            new Diagnosis(
                Blame.CLUSTER,
                PlainMessage.of(at)
                    + "; is the name right? If it names a service of HDFS and no machine, set"
                    + " HADOOP_CONF_DIR to the folder with the cluster's hdfs-site.xml and give"
                    + " --master"));
      }
    }
    return Optional.empty();
  }

  private static boolean isOfEndedApplication(Throwable failure) {
    return (failure instanceof IllegalStateException || failure instanceof IllegalArgumentException)
        && ENDED.matcher(String.valueOf(failure.getMessage())).find();
  }

  /** Spark's executors end with this code when a task finds no memory. */
  private static boolean hasHeapTooSmall(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("exited with code 52");
  }

  private static Blame blameByType(List<Throwable> chain) {
    boolean cluster = false;
    for (Throwable at : chain) {
      if (at instanceof IOException
          || at instanceof UncheckedIOException
          || at instanceof OutOfMemoryError) {
        return Blame.CLUSTER;
      }
      // By name, because this package sees neither Spark nor Hadoop nor Iceberg.
      String name = at.getClass().getName();
      cluster |=
          name.startsWith("org.apache.spark.")
              || name.startsWith("org.apache.hadoop.")
              || name.startsWith("org.apache.iceberg.exceptions.Commit")
              || name.equals("org.apache.iceberg.exceptions.ValidationException")
              || name.startsWith("java.sql.");
    }
    // Spark wraps whatever a task threw; a null pointer in a task is as much a defect as elsewhere.
    Throwable deepest = chain.get(chain.size() - 1);
    boolean defect =
        deepest instanceof RuntimeException && deepest.getClass().getName().startsWith("java.");
    return cluster && !defect ? Blame.CLUSTER : Blame.BUG;
  }

  /** The failure and its causes, outermost first. */
  static List<Throwable> chain(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> chain = new ArrayList<>();
    for (Throwable at = failure; at != null && seen.add(at); at = at.getCause()) {
      chain.add(at);
    }
    return chain;
  }
}
