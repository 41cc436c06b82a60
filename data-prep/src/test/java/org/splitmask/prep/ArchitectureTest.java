/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
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
    packages = {"org.splitmask.prep", "org.splitmask.common"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final DescribedPredicate<JavaClass> APPS = nameEndingWith("App").forSubtype();

  @ArchTest
  static final ArchRule PATCH_KNOWS_THE_JDK_ALONE =
      classes()
          .that()
          .resideInAPackage("..prep.patch")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "..prep.patch", "..common.failure");

  @ArchTest
  static final ArchRule IMAGE_KNOWS_THE_JDK_AND_ITS_CODECS_ALONE =
      classes()
          .that()
          .resideInAPackage("..prep.image..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.imageio..",
              "org.jspecify..",
              "org.bytedeco..",
              "com.twelvemonkeys.imageio..",
              "..prep.image..",
              "..common.resample",
              "..common.failure");

  // Before any codec runs, a file is judged in Java alone: native code must not see it unchecked.
  @ArchTest
  static final ArchRule FILES_ARE_JUDGED_WITHOUT_A_CODEC =
      noClasses()
          .that()
          .resideInAnyPackage("..prep.image.file", "..prep.image.jpeg", "..prep.image.format")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("javax.imageio", "org.bytedeco..", "com.twelvemonkeys..");

  // It is given OpenCV's matrices, and knows neither files nor what decodes them.
  @ArchTest
  static final ArchRule RESIZING_KNOWS_NO_FORMAT_AND_NO_CODEC =
      classes()
          .that()
          .resideInAPackage("..prep.image.resize")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "org.bytedeco.javacpp..",
              "org.bytedeco.opencv.opencv_core..",
              "..common.resample",
              "..prep.image.resize");

  @ArchTest
  static final ArchRule IMAGE_IS_LAYERED =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("org.splitmask.prep.image..")
          .layer("door")
          .definedBy("..prep.image")
          .layer("resize")
          .definedBy("..prep.image.resize")
          .layer("format")
          .definedBy("..prep.image.format")
          .layer("jpeg")
          .definedBy("..prep.image.jpeg")
          .layer("file")
          .definedBy("..prep.image.file")
          .whereLayer("door")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("resize")
          .mayOnlyBeAccessedByLayers("door")
          .whereLayer("format")
          .mayOnlyBeAccessedByLayers("door")
          .whereLayer("jpeg")
          .mayOnlyBeAccessedByLayers("format");

  // Readers know where a table lives; what it takes to write one they do not see.
  @ArchTest
  static final ArchRule TABLE_IS_LAYERED =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("org.splitmask.prep.table..")
          .layer("write")
          .definedBy("..prep.table.write")
          .layer("table")
          .definedBy("..prep.table")
          .layer("home")
          .definedBy("..prep.table.home")
          .whereLayer("write")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("table")
          .mayOnlyBeAccessedByLayers("write");

  // All else asks the home: the second kind of home has no folder, no lease and no such table.
  @ArchTest
  static final ArchRule HOMES_ALONE_KNOW_WHERE_TABLES_ARE_KEPT =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.splitmask.prep",
              "..prep.table",
              "..prep.table.write",
              "..prep.stage..",
              "..prep.maintenance")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.iceberg.hadoop..", "org.apache.iceberg.catalog..");

  // Training crops with the same filter, on executors that know nothing of pictures.
  @ArchTest
  static final ArchRule RESAMPLING_KNOWS_THE_JDK_ALONE =
      classes()
          .that()
          .resideInAPackage("..common.resample")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "..common.resample");

  @ArchTest
  static final ArchRule CODECS_ARE_SEEN_BY_IMAGE_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackage("..prep.image..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bytedeco..", "com.twelvemonkeys..");

  // Narrower than design.md, which allows Spark in prep.table: readers without Spark use it.
  @ArchTest
  static final ArchRule SPARK_IS_SEEN_BY_THE_STAGE_AND_THE_APPS_ALONE =
      noClasses()
          .that(
              resideOutsideOfPackages(
                  "..prep.stage..",
                  "..prep.maintenance",
                  "org.splitmask.prep",
                  "org.splitmask.common.session",
                  "org.splitmask.common.shuffle"))
          .should()
          .dependOnClassesThat(resideInAPackage("org.apache.spark.."));

  @ArchTest
  static final ArchRule LABELS_AND_THEIR_RULES_KNOW_NO_SPARK =
      noClasses()
          .that()
          .resideInAPackage("..prep.stage.labels")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..");

  // Maintenance is Iceberg's own Spark actions.
  @ArchTest
  static final ArchRule ICEBERG_AND_PARQUET_ARE_SEEN_BY_TABLE_SOURCE_AND_MAINTENANCE_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackages("..prep.table..", "..prep.source.parquet", "..prep.maintenance")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.iceberg..", "org.apache.parquet..");

  @ArchTest
  static final ArchRule THE_PARTS_OF_SOURCE_LIE_ONE_UPON_THE_OTHER =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("text")
          .definedBy("..prep.source.text")
          .layer("file")
          .definedBy("..prep.source.file")
          .layer("item")
          .definedBy("..prep.source.item")
          .layer("archive")
          .definedBy("..prep.source.archive")
          .layer("parquet")
          .definedBy("..prep.source.parquet")
          .layer("source")
          .definedBy("..prep.source")
          .whereLayer("source")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("parquet")
          .mayOnlyBeAccessedByLayers("source")
          .whereLayer("archive")
          .mayOnlyBeAccessedByLayers("source")
          .whereLayer("item")
          .mayOnlyBeAccessedByLayers("archive", "parquet", "source")
          .whereLayer("file")
          .mayOnlyBeAccessedByLayers("item", "archive", "parquet", "source");

  @ArchTest
  static final ArchRule THE_PARTS_OF_THE_STAGE_LIE_ONE_UPON_THE_OTHER =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("listing")
          .definedBy("..prep.stage.listing")
          .layer("labels")
          .definedBy("..prep.stage.labels")
          .layer("join")
          .definedBy("..prep.stage.labels.join")
          .layer("compare")
          .definedBy("..prep.stage.compare")
          .layer("resolve")
          .definedBy("..prep.stage.resolve")
          .layer("stage")
          .definedBy("..prep.stage")
          .whereLayer("stage")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("resolve")
          .mayOnlyBeAccessedByLayers("stage")
          .whereLayer("compare")
          .mayOnlyBeAccessedByLayers("resolve", "stage")
          .whereLayer("labels")
          .mayOnlyBeAccessedByLayers("join", "compare", "resolve", "stage")
          .whereLayer("join")
          .mayOnlyBeAccessedByLayers("stage")
          .whereLayer("listing")
          .mayOnlyBeAccessedByLayers("join", "compare", "stage");

  @ArchTest
  static final ArchRule SOURCE_TEXT_KNOWS_THE_JDK_ALONE =
      classes()
          .that()
          .resideInAPackage("..prep.source.text")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "..prep.source.text");

  @ArchTest
  static final ArchRule LISTING_AND_FILES_KNOW_NO_LIBRARY_BUT_HADOOP =
      classes()
          .that()
          .resideInAnyPackage("..prep.source", "..prep.source.file", "..prep.source.item")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "org.apache.hadoop..",
              "..common.failure",
              "..prep.source..");

  // Jackson's core reads the JSON beside pictures in WebDataset shards; it is Spark's own.
  @ArchTest
  static final ArchRule ARCHIVE_KNOWS_ARCHIVES_ALONE =
      classes()
          .that()
          .resideInAPackage("..prep.source.archive")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "org.apache.hadoop..",
              "org.apache.commons.compress..",
              "com.fasterxml.jackson.core..",
              "..common.failure",
              "..prep.source..");

  @ArchTest
  static final ArchRule SOURCE_PARQUET_KNOWS_TABLES_ALONE =
      classes()
          .that()
          .resideInAPackage("..prep.source.parquet")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "org.apache.hadoop..",
              "org.apache.parquet..",
              "org.apache.iceberg..",
              "..common.failure",
              "..prep.source..");

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
          .callConstructor(Random.class)
          .orShould()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.splitmask.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule COMMON_KNOWS_NOTHING_OF_PREP =
      noClasses()
          .that()
          .resideInAPackage("..common..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..prep..");

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
    assertThat(classes.size()).isGreaterThan(60);
  }
}
