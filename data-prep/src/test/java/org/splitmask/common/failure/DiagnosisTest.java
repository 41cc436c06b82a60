/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final String LOST =
      "Job aborted due to stage failure: Task 0 in stage 12.0 failed 4 times, most recent failure:"
          + " Lost task 0.3 in stage 12.0 (TID 5) (10.0.0.1 executor 2): ";

  @Test
  void aClassOfOurOwnJarsThatIsMissingIsADefect() {
    for (String name :
        new String[] {
          "org.splitmask.prep.PrepareApp",
          "org.bytedeco.opencv.global.opencv_core",
          "org.nd4j.linalg.cpu.nativecpu.CpuBackend",
          "org.deeplearning4j.nn.graph.ComputationGraph",
          "org.apache.iceberg.Table"
        }) {
      assertIsOurs(new ClassNotFoundException(name), name);
      assertIsOurs(new NoClassDefFoundError(name.replace('.', '/')), name);
      assertIsOurs(new NoClassDefFoundError("Could not initialize class " + name), name);
      assertIsOurs(new SparkException("Job aborted.", new ClassNotFoundException(name)), name);
      assertIsOurs(new SparkException(LOST + new ClassNotFoundException(name), null), name);
    }
  }

  @Test
  void aClassOfTheClustersThatIsMissingIsItsUsersToAdd() {
    for (String name :
        new String[] {
          "org.apache.spark.ml.feature.PCA", "scala.collection.Seq", "org.apache.hadoop.fs.Path"
        }) {
      assertIsTheClusters(new ClassNotFoundException(name), name);
      assertIsTheClusters(new NoClassDefFoundError(name.replace('.', '/')), name);
      assertIsTheClusters(new IOException(new ClassNotFoundException(name)), name);
      assertIsTheClusters(new SparkException(LOST + new ClassNotFoundException(name), null), name);
    }
    assertIsTheClusters(new ClassNotFoundException("com.acme.Codec"), "com.acme.Codec");
  }

  @Test
  void aPathOfHdfsWithoutAHostNeedsHadoopsConfiguration() {
    Throwable failure = null;
    try {
      new Path("hdfs:///pictures").getFileSystem(new Configuration());
    } catch (IOException e) {
      failure = e;
    }

    Diagnosis diagnosis = Diagnosis.of(new UncheckedIOException((IOException) failure));

    assertThat(diagnosis.blame()).isEqualTo(Blame.USER);
    assertThat(diagnosis.message()).contains("no host", "hdfs://HOST:PORT", "HADOOP_CONF_DIR");
  }

  @Test
  void aNameWithoutAnAddressMayBeAServiceOfHdfs() {
    Throwable failure = null;
    try {
      new Path("hdfs://no-such-name.invalid/pictures").getFileSystem(new Configuration());
    } catch (IOException | IllegalArgumentException e) {
      failure = e;
    }

    Diagnosis diagnosis = Diagnosis.of(new RuntimeException(failure));

    assertThat(diagnosis.blame()).isEqualTo(Blame.CLUSTER);
    assertThat(diagnosis.message()).contains("no-such-name.invalid", "HADOOP_CONF_DIR");
  }

  @Test
  void hadoopsSentenceAboutS3IsUnderstood() {
    Configuration hadoop = new Configuration();
    Throwable failure = null;
    try {
      new Path("s3a://bucket/pictures").getFileSystem(hadoop);
    } catch (IOException | RuntimeException e) {
      failure = e;
    }

    assertThat(failure).hasMessageContaining("S3AFileSystem not found");
    assertIsTheClusters(failure, "org.apache.hadoop.fs.s3a.S3AFileSystem");
    assertThat(Diagnosis.of(failure).message())
        .contains("hadoop-aws of the version of the cluster's Hadoop", "AWS SDK bundle")
        .contains("spark.jars.packages", "SPLITMASK_CLASSPATH");
  }

  @Test
  void aSchemeWithoutAFileSystemIsTheUsers() {
    Throwable failure = null;
    try {
      new Path("nofs://bucket/pictures").getFileSystem(new Configuration());
    } catch (IOException e) {
      failure = e;
    }

    Diagnosis bare = Diagnosis.of(failure);
    assertThat(bare.blame()).isEqualTo(Blame.USER);
    assertThat(bare.message()).contains("\"nofs\"", "correct the path", "spark.jars");
    Throwable caught = new SplitMaskException(Blame.CLUSTER, "cannot reach nofs://b", failure);
    assertThat(Diagnosis.of(caught).blame()).isEqualTo(Blame.USER);
  }

  @Test
  void whoeverBlamesTheClusterForAMissingClassIsCorrected() {
    Throwable missing = new ClassNotFoundException("org.bytedeco.opencv.global.opencv_core");

    assertIsOurs(
        new SplitMaskException(Blame.CLUSTER, "the Spark job failed: " + missing, missing),
        "org.bytedeco.opencv.global.opencv_core");
    assertIsOurs(
        new SplitMaskException(Blame.BUG, "the Spark job failed: " + missing, missing),
        "org.bytedeco.opencv.global.opencv_core");
    Throwable s3 = new ClassNotFoundException("Class org.apache.hadoop.fs.s3a.S3A not found");
    assertIsTheClusters(
        new SplitMaskException(Blame.USER, "the Spark job failed: " + s3, s3),
        "org.apache.hadoop.fs.s3a.S3A");
    assertThat(Diagnosis.of(new SplitMaskException(Blame.DATA, "row 3", missing)))
        .isEqualTo(new Diagnosis(Blame.DATA, "row 3"));
  }

  @Test
  void aNativeLibraryThatDoesNotLoadIsOfAnotherMachine() {
    Throwable ours = new UnsatisfiedLinkError("no jniopencv_core in java.library.path");
    ours.setStackTrace(
        new StackTraceElement[] {
          frame("java.lang.Runtime"), frame("org.bytedeco.javacpp.Loader"), frame("scala.Option")
        });
    Throwable hadoops = new UnsatisfiedLinkError("no hadoop in java.library.path");
    hadoops.setStackTrace(
        new StackTraceElement[] {frame("java.lang.System"), frame("org.apache.hadoop.io.Zstd")});

    assertIsOfAnotherMachine(ours, "no jniopencv_core in java.library.path");
    assertIsTheClusters(hadoops, "org.apache.hadoop.io.Zstd");
    assertIsOfAnotherMachine(
        new SparkException(
            LOST
                + "java.lang.UnsatisfiedLinkError: no jnijavacpp\n"
                + "\tat java.base/java.lang.System.loadLibrary(System.java:1)\n"
                + "\tat org.bytedeco.javacpp.Loader.load(Loader.java:2)\n",
            null),
        "no jnijavacpp");
  }

  private static void assertIsOfAnotherMachine(Throwable failure, String message) {
    Diagnosis diagnosis = Diagnosis.of(failure);
    assertThat(diagnosis.blame()).isEqualTo(Blame.USER);
    assertThat(diagnosis.message()).contains(message, "x86-64 with glibc", "javacpp.cachedir");
  }

  @Test
  void anotherVersionOfSparkAndAnOlderJavaAreTheUsers() {
    assertIsTheClusters(
        new NoSuchMethodError("'scala.Array scala.runtime.ScalaRunTime$.wrap(java.lang.Object[])'"),
        "scala.runtime.ScalaRunTime$");
    Diagnosis old =
        Diagnosis.of(
            new SparkException(
                LOST
                    + "java.lang.UnsupportedClassVersionError: org/splitmask/prep/Task has been"
                    + " compiled by a more recent version of the Java Runtime (class file version"
                    + " 61.0), this version of the Java Runtime only recognizes class file versions"
                    + " up to 55.0",
                null));
    assertThat(old.blame()).isEqualTo(Blame.USER);
    assertThat(old.message())
        .contains("Java 17, which org.splitmask.prep.Task needs", "spark.executorEnv.JAVA_HOME");
  }

  /** Where an executor that failed gets no second try, Spark gives a text and no cause. */
  @Test
  void aTaskThatMayRunNowhereAnyMoreKeepsItsBlameAndMessage() {
    for (Blame blame : Blame.values()) {
      SplitMaskException ours = new SplitMaskException(blame, "row 3 has no patches; repair it");
      Diagnosis told = Diagnosis.of(new SparkException(nowhere(ours.toString()), null));
      assertThat(told).isEqualTo(new Diagnosis(blame, "row 3 has no patches; repair it"));
    }
    Diagnosis others =
        Diagnosis.of(new SparkException(nowhere("java.io.IOException: no disk"), null));
    assertThat(others).isEqualTo(new Diagnosis(Blame.CLUSTER, "a Spark job failed: no disk"));
  }

  @Test
  void anExecutorWithoutMemoryIsTheClusters() {
    String lost = "ExecutorLostFailure (executor 2 exited caused by one of the running tasks)";
    Diagnosis memory =
        Diagnosis.of(
            new SparkException(nowhere(lost + " Reason: Command exited with code 52"), null));
    assertThat(memory.blame()).isEqualTo(Blame.CLUSTER);
    assertThat(memory.message()).contains("out of memory", "code 52", "spark.executor.memory");
  }

  /** In whatever phase of its start the application was when no master answered. */
  @Test
  void anApplicationThatSparkEndedIsTheClusters() {
    for (RuntimeException failure :
        List.of(
            new IllegalStateException("Cannot call methods on a stopped SparkContext.\nThis ..."),
            new IllegalStateException("LiveListenerBus is stopped."),
            new IllegalStateException("Spark context stopped while waiting for backend"),
            new IllegalArgumentException(
                "requirement failed: Can only call getServletHandlers on a running MetricsSystem"))) {
      Diagnosis ended = Diagnosis.of(failure);
      assertThat(ended.blame()).isEqualTo(Blame.CLUSTER);
      assertThat(ended.message()).startsWith("Spark ended the application: its cluster manager");
    }
    assertThat(Diagnosis.of(new NullPointerException("LiveListenerBus is stopped")).blame())
        .isEqualTo(Blame.BUG);
  }

  private static String nowhere(String failure) {
    return "Job aborted due to stage failure: \n"
        + "Aborting TaskSet 0.0 because task 0 (partition 0)\n"
        + "cannot run anywhere due to node and executor excludeOnFailure.\n"
        + "Most recent failure:\n"
        + "Lost task 0.1 in stage 0.0 (TID 1) (127.0.0.1 executor 1): "
        + failure
        + "\n\tat java.base/java.lang.Thread.run(Unknown Source)\n\n"
        + "ExcludeOnFailure behavior can be configured via spark.excludeOnFailure.*.\n";
  }

  @Test
  void aFailedJobIsOneLineWithItsCause() {
    String trace = "java.io.IOException: No space left on device\n\tat a.B.c(B.java:1)\n\nDriver";

    assertThat(message(new SparkException(LOST + trace, null)))
        .isEqualTo("a Spark job failed: No space left on device");
    assertThat(message(new SparkException(LOST + trace, new IOException("disk is full"))))
        .isEqualTo("a Spark job failed: disk is full");
    assertThat(
            message(new SplitMaskException(Blame.CLUSTER, "the Spark job failed: " + trace, null)))
        .isEqualTo("the Spark job failed: No space left on device");
  }

  @Test
  void namesOfExceptionsAndIdentitiesOfObjectsStayInTheLog() {
    assertThat(message(new IOException(new IOException("gone")))).isEqualTo("gone");
    assertThat(message(new ClosedChannelException())).isEqualTo("closed channel");
    assertThat(message(new IOException("from org.acme.RawSource@1a2b3c")))
        .isEqualTo("from a raw source");
    assertThat(message(new IOException("cannot read " + new byte[0])))
        .isEqualTo("cannot read an array");
    assertThat(message(new IOException("no /in/a.b.Icon@2.png")))
        .isEqualTo("no /in/a.b.Icon@2.png");
    assertThat(message(new NullPointerException("because \"java.util.List.size()\" is null")))
        .contains("defect of SplitMask (null pointer)");
    assertThat(message(new IllegalStateException("oops"))).contains("defect of SplitMask (oops)");
  }

  /** Of these the JDK's message is the file alone. */
  @Test
  void whatIsWrongWithAFileIsSaid() {
    IOException denied = new AccessDeniedException("/runs/a/_driver.lease");
    assertThat(message(denied)).isEqualTo("access denied: /runs/a/_driver.lease");
    assertThat(message(new UncheckedIOException("cannot write to /runs/a: " + denied, denied)))
        .isEqualTo("cannot write to /runs/a: access denied: /runs/a/_driver.lease");
    assertThat(message(new IOException(new NoSuchFileException("/runs/a"))))
        .isEqualTo("no such file: /runs/a");
    assertThat(message(new FileSystemException("/runs/a", null, "Read-only file system")))
        .isEqualTo("/runs/a: Read-only file system");
  }

  private static String message(Throwable failure) {
    return Diagnosis.of(failure).message();
  }

  private static void assertIsOurs(Throwable failure, String name) {
    Diagnosis diagnosis = Diagnosis.of(failure);
    assertThat(diagnosis.blame()).as(failure.toString()).isEqualTo(Blame.BUG);
    assertThat(diagnosis.message()).contains("the class " + name, "SplitMask's own jars");
  }

  private static void assertIsTheClusters(Throwable failure, String name) {
    Diagnosis diagnosis = Diagnosis.of(failure);
    assertThat(diagnosis.blame()).as(failure.toString()).isEqualTo(Blame.USER);
    assertThat(diagnosis.message())
        .contains("the class " + name, "expects it from the cluster. Add ");
  }

  private static StackTraceElement frame(String type) {
    return new StackTraceElement(type, "load", "Source.java", 1);
  }
}
