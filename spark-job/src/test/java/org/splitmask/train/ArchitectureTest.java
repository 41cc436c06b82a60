/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;

/** The rules of ARCHITECTURE.md that concern this module. */
@AnalyzeClasses(
    packages = "org.splitmask.train",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final DescribedPredicate<JavaClass> APPS = nameEndingWith("App").forSubtype();

  @ArchTest
  static final ArchRule SPLIT_SCHEDULE_AND_RANDOM_KNOW_THE_JDK_ALONE =
      classes()
          .that()
          .resideInAnyPackage("..train.split", "..train.schedule", "..train.random")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "..common.failure",
              "..train.split",
              "..train.schedule",
              "..train.random");

  @ArchTest
  static final ArchRule TARGET_KNOWS_THE_JDK_AND_ARITHMETIC_ALONE =
      classes()
          .that()
          .resideInAPackage("..train.target")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "org.nd4j..",
              "..common.failure",
              "..train.kernel..",
              "..train.target");

  @ArchTest
  static final ArchRule KERNELS_KNOW_NO_NETWORK =
      classes()
          .that()
          .resideInAnyPackage("..train.kernel..", "..train.loss")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "org.nd4j..",
              "org.bytedeco..",
              "com.sun.jna..",
              "org.slf4j..",
              "..common.failure",
              "..train.kernel..",
              "..train.loss");

  @ArchTest
  static final ArchRule SPARK_IS_SEEN_BY_THE_ROOT_AVERAGING_CODEBOOK_AND_EVAL_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.splitmask.train",
              "..train.averaging.spark",
              "..train.averaging.dl4j",
              "..train.codebook",
              "..train.eval")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.deeplearning4j.spark..", "scala..");

  @ArchTest
  static final ArchRule NETWORKS_OF_DL4J_ARE_SEEN_BY_THOSE_WHO_DESCRIBE_THEM_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "..train.model", "..train.splitmask", "..train.task", "..train.averaging.dl4j")
          .should()
          .dependOnClassesThat(resideInAPackage("org.deeplearning4j.."));

  @ArchTest
  static final ArchRule DL4JS_SPARK_API_IS_SEEN_BY_ONE_PACKAGE_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackage("..train.averaging.dl4j")
          .should()
          .dependOnClassesThat(resideInAPackage("org.deeplearning4j.spark.."));

  // Nobody outside of an engine knows where parameters, moments and activations are.
  @ArchTest
  static final ArchRule WHO_TRAINS_AVERAGES_AND_KEEPS_KNOWS_NO_NATIVE_ARRAYS =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..train.engine",
              "..train.local",
              "..train.averaging",
              "..train.averaging.spark",
              "..train.state",
              "..train.optimizer",
              "..train.parameter",
              "..train.checkpoint",
              "..train.metrics",
              "..train.config")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.bytedeco..");

  @ArchTest
  static final ArchRule WHO_TRAINS_AVERAGES_AND_KEEPS_KNOWS_NO_LEARNING_TASK =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..train.engine..",
              "..train.local",
              "..train.averaging..",
              "..train.state",
              "..train.optimizer",
              "..train.parameter",
              "..train.checkpoint",
              "..train.metrics")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..train.splitmask",
              "..train.split",
              "..train.target",
              "..train.loss",
              "..train.codebook");

  @ArchTest
  static final ArchRule THE_TABLE_IS_READ_THROUGH_ITS_DOOR =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.splitmask.prep.table.write..",
              "org.splitmask.prep.table.home..",
              "org.splitmask.prep.stage..",
              "org.splitmask.prep.image..",
              "org.splitmask.prep.config..",
              "org.apache.iceberg..",
              "org.apache.parquet..");

  @ArchTest
  static final ArchRule COMMANDS_OF_DATA_PREP_ARE_CALLED_BY_COMMANDS_ALONE =
      noClasses()
          .that(
              DescribedPredicate.not(
                  belongToAnyOf(BenchApp.class, DemoApp.class, InspectApp.class)))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.splitmask.prep");

  @ArchTest
  static final ArchRule ONLY_APPS_END_THE_PROCESS_PRINT_OR_ASK_THE_TIME =
      noClasses()
          .that(DescribedPredicate.not(APPS))
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callConstructor(Random.class)
          .orShould()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  // The generator of ND4J has a state, and the state would depend on who called it before.
  @ArchTest
  static final ArchRule ND4J_DRAWS_NO_RANDOM_NUMBERS =
      noClasses().should().dependOnClassesThat(resideInAPackage("org.nd4j.linalg.api.rng.."));

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.splitmask.(**)").should().beFreeOfCycles();

  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses classes) {
    for (JavaClass type : classes) {
      assertThat(type.getPackage().isAnnotatedWith(NullMarked.class))
          .as("package-info of %s has @NullMarked", type.getPackageName())
          .isTrue();
    }
  }

  @ArchTest
  static void theRulesSawTheClasses(JavaClasses classes) {
    assertThat(classes.size()).isGreaterThan(130);
  }
}
