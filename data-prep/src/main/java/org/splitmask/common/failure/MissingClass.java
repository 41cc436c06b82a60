/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Classes and native libraries that a JVM looks for in vain. One that our jars should have is our
 * defect; any other has to come from the cluster, and its user can add it.
 */
final class MissingClass {
  static final String WHERE_TO_ADD =
      "with --master --conf spark.jars=FILE,... or --conf spark.jars.packages=GROUP:NAME:VERSION,"
          + " without it SPLITMASK_CLASSPATH=FILE:...";

  /**
   * What the application jars carry, and what they leave out though a library of theirs names it.
   */
  private static final List<String> OURS =
      List.of(
          "com.google.errorprone.",
          "com.google.thirdparty.",
          "com.jakewharton.byteunits.",
          "com.sun.jna.",
          "com.twelvemonkeys.",
          "dev.failsafe.",
          "it.unimi.dsi.fastutil.",
          "me.tongfei.progressbar.",
          "net.ericaro.neoitertools.",
          "onnx.",
          "org.apache.commons.net.",
          "org.apache.iceberg.",
          "org.bytedeco.",
          "org.datavec.",
          "org.deeplearning4j.",
          "org.eclipse.",
          "org.jline.",
          "org.jspecify.",
          "org.locationtech.jts.",
          "org.nd4j.",
          "org.opencv.",
          "org.projectnessie.",
          "org.snakeyaml.",
          "org.splitmask.",
          "org.tensorflow.",
          "oshi.",
          "picocli.",
          "tensorflow.");

  /** Jars by the beginning of a class's name; no two of them fit. */
  private static final Map<Pattern, String> JARS =
      Map.of(
          Pattern.compile("org\\.apache\\.hadoop\\.fs\\.s3a\\.|com\\.amazonaws\\."),
          "hadoop-aws of the version of the cluster's Hadoop, and the AWS SDK bundle that it asks for"
              + " (org.apache.hadoop:hadoop-aws:VERSION brings both)",
          Pattern.compile(
              "org\\.apache\\.hadoop\\.fs\\.(?:azure|adl)|com\\.(?:microsoft\\.)?azure\\."),
          "hadoop-azure of the version of the cluster's Hadoop, and what it asks for"
              + " (org.apache.hadoop:hadoop-azure:VERSION brings both)",
          Pattern.compile("software\\.amazon\\."),
          "Iceberg's AWS bundle (org.apache.iceberg:iceberg-aws-bundle of Iceberg 1.12), or with"
              + " Hadoop 3.4 the AWS SDK bundle that its hadoop-aws asks for",
          Pattern.compile("org\\.apache\\.hadoop\\.hive\\.|org\\.apache\\.thrift\\."),
          "Spark's own Hive jars (a Spark that was built with Hive has them)",
          Pattern.compile("com\\.google\\.cloud\\."),
          "the GCS connector for Hadoop 3",
          Pattern.compile("scala\\.|org\\.apache\\.spark\\."),
          "a complete Spark 3.5 for Scala 2.12, which SplitMask is built for",
          Pattern.compile("org\\.apache\\.hadoop\\.(?!hive\\.|fs\\.(?:s3a|azure|adl))"),
          "the Hadoop jar that contains it, in the version of the cluster's Hadoop");

  /** Hadoop makes a sentence of it. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?:Class |Could not initialize class )?([\\w$]+(?:[./][\\w$]+)+)(?: not found| \\(.*)?");

  private static final Pattern METHOD = Pattern.compile("([\\w$]+(?:\\.[\\w$]+)+)\\.[\\w$<>]+\\(");
  private static final Pattern FRAME =
      Pattern.compile("\\bat (?:[\\w.@-]*/+)?([\\w$.]+)\\.[\\w$<>]+\\(");
  private static final Pattern JDK = Pattern.compile("(?:java|javax|jdk|sun)\\..*");
  private static final Pattern IN_TEXT =
      Pattern.compile(
          "\\b(ClassNotFoundException|NoClassDefFoundError|UnsatisfiedLinkError|NoSuchMethodError"
              + "|UnsupportedClassVersionError): ([^\\n]*)((?:\\n\\s*at [^\\n]*)*)");

  private MissingClass() {}

  static boolean isOurs(String name) {
    return OURS.stream().anyMatch(name::startsWith);
  }

  /** What a failure itself says, without its causes. */
  static Optional<Diagnosis> diagnose(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof ClassNotFoundException || failure instanceof LinkageError) {
      List<String> frames =
          Arrays.stream(failure.getStackTrace()).map(StackTraceElement::getClassName).toList();
      return parse(kind(failure), message, frames);
    }
    // An executor's failure may arrive as nothing but the text of its trace.
    Matcher text = IN_TEXT.matcher(message);
    return failure.getClass().getName().startsWith("org.apache.spark.") && text.find()
        ? parse(text.group(1), text.group(2), frames(text.group(3)))
        : Optional.empty();
  }

  private static String kind(Throwable failure) {
    return failure instanceof ClassNotFoundException
        ? "ClassNotFoundException"
        : failure.getClass().getSimpleName();
  }

  private static List<String> frames(String trace) {
    return FRAME.matcher(trace).results().map(frame -> frame.group(1)).toList();
  }

  private static Optional<Diagnosis> parse(String kind, String message, List<String> frames) {
    Matcher whole = NAME.matcher(message.strip());
    Optional<String> name =
        whole.matches() ? Optional.of(whole.group(1).replace('/', '.')) : Optional.empty();
    return switch (kind) {
      case "ClassNotFoundException" -> name.map(type -> diagnosis(type, "is missing"));
      case "NoClassDefFoundError" ->
          message.startsWith("Could not initialize")
              // Of a foreign class this says nothing about who lacks what.
              ? name.filter(MissingClass::isOurs)
                  .map(type -> diagnosis(type, "could not be initialised"))
              : name.map(type -> diagnosis(type, "is missing"));
      case "NoSuchMethodError" ->
          METHOD
              .matcher(message)
              .results()
              .findFirst()
              .map(at -> diagnosis(at.group(1), "is of another version than SplitMask needs"));
      case "UnsatisfiedLinkError" ->
          frames.stream()
              .filter(frame -> !JDK.matcher(frame).matches())
              .findFirst()
              .map(type -> unfitLibrary(type, message));
      case "UnsupportedClassVersionError" ->
          Optional.of(oldJava(message.strip().split("\\s", 2)[0].replace('/', '.')));
      default -> Optional.empty();
    };
  }

  private static Diagnosis unfitLibrary(String type, String message) {
    return isOurs(type)
        ? new Diagnosis(
            Blame.USER,
            "a native library cannot be loaded ("
                + message
                + "); the jars have those of Linux on x86-64 with glibc, so no other machine can"
                + " run them. On a machine of that kind, the folder of"
                + " -Dorg.bytedeco.javacpp.cachedir (default ~/.javacpp) has to have room, and to"
                + " let programs be written to it and run from it")
        : diagnosis(type, "cannot load its native library (" + message + ")");
  }

  private static Diagnosis oldJava(String name) {
    return new Diagnosis(
        Blame.USER,
        "a JVM of the cluster is older than Java 17, which "
            + name
            + " needs; set spark.executorEnv.JAVA_HOME and spark.yarn.appMasterEnv.JAVA_HOME to a"
            + " Java 17 of its machines");
  }

  private static Diagnosis diagnosis(String name, String found) {
    if (isOurs(name)) {
      return new Diagnosis(
          Blame.BUG,
          "the class "
              + name
              + ", which SplitMask's own jars should have, "
              + found
              + "; a plain spark-submit needs both application jars, one of them with --jars;"
              + " otherwise please report it as a defect");
    }
    return new Diagnosis(
        Blame.USER,
        "the class "
            + name
            + " "
            + found
            + "; SplitMask expects it from the cluster. Add "
            + jar(name)
            + ": "
            + WHERE_TO_ADD);
  }

  private static String jar(String name) {
    return JARS.entrySet().stream()
        .filter(known -> known.getKey().matcher(name).lookingAt())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("the jar that contains it");
  }
}
