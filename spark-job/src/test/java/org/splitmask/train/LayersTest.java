/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;

/** The picture in ARCHITECTURE.md is the code, of data-prep and spark-job. */
@AnalyzeClasses(packages = "org.splitmask", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static void everyPackageIsInThePictureAndNoOther(JavaClasses classes) throws IOException {
    assertThat(classes.stream().map(type -> type.getPackageName()).distinct())
        .hasSizeGreaterThan(50);
    Layers.inBlock("layers").assertComplete(classes);
  }

  @ArchTest
  static void importsGoDownwards(JavaClasses classes) throws IOException {
    Layers.inBlock("layers").assertImportsGoDownwards(classes);
  }

  @ArchTest
  static void noPackageIsCrowded(JavaClasses classes) {
    Layers.assertNoPackageIsCrowded(classes);
  }
}
