/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import org.splitmask.train.Layers;

@AnalyzeClasses(
    packages = "org.splitmask.torch",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** Of Spark only what tells a worker its card; of training what an engine is made of. */
  @ArchTest
  static final ArchRule AN_ENGINE_KNOWS_TASKS_AND_STATES_AND_NOT_WHO_TRAINS =
      classes()
          .that()
          .resideInAPackage("org.splitmask.torch..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.splitmask.torch..",
              "org.splitmask.common.failure",
              "org.splitmask.train.batch",
              "org.splitmask.train.engine",
              "org.splitmask.train.loss",
              "org.splitmask.train.model",
              "org.splitmask.train.optimizer",
              "org.splitmask.train.parameter",
              "org.splitmask.train.split",
              "org.splitmask.train.splitmask",
              "org.splitmask.train.state",
              "org.splitmask.train.task",
              "org.bytedeco..",
              "org.apache.spark",
              "org.apache.spark.resource",
              "org.jspecify..",
              "org.slf4j",
              "java..");

  @ArchTest
  static final ArchRule SPARK_ONLY_TELLS_A_WORKER_ITS_CARD =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.splitmask.torch.device")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  @ArchTest
  static void everyPackageIsInThePictureAndNoOther(JavaClasses classes) throws IOException {
    Layers.inBlock("layers-of-torch").assertComplete(classes);
  }

  @ArchTest
  static void importsGoDownwards(JavaClasses classes) throws IOException {
    Layers.inBlock("layers-of-torch").assertImportsGoDownwards(classes);
  }

  @ArchTest
  static void noPackageIsCrowded(JavaClasses classes) {
    Layers.assertNoPackageIsCrowded(classes);
  }
}
