/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The picture in ARCHITECTURE.md is the code, of both modules. */
@AnalyzeClasses(packages = "org.splitmask", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  private static final String ROOT = "org.splitmask.";
  private static final int MOST_FILES = 25;

  @ArchTest
  static void everyPackageIsInThePictureAndNoOther(JavaClasses classes) throws IOException {
    Set<String> packages = new TreeSet<>();
    classes.forEach(type -> packages.add(nameOf(type)));
    assertThat(packages).hasSizeGreaterThan(50);
    assertThat(picture()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(packages);
  }

  @ArchTest
  static void importsGoDownwards(JavaClasses classes) throws IOException {
    List<String> picture = picture();
    List<String> upwards = new ArrayList<>();
    for (JavaClass type : classes) {
      int layer = picture.indexOf(nameOf(type));
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith(ROOT) && picture.indexOf(nameOf(target)) < layer) {
          upwards.add(dependency.getDescription());
        }
      }
    }
    assertThat(upwards).as("imports against the grain").isEmpty();
  }

  @ArchTest
  static void noPackageIsCrowded(JavaClasses classes) {
    Map<String, Set<String>> files = new TreeMap<>();
    for (JavaClass type : classes) {
      files
          .computeIfAbsent(nameOf(type), name -> new TreeSet<>())
          .add(type.getSource().orElseThrow().getFileName().orElseThrow());
    }
    files.forEach(
        (name, inside) -> assertThat(inside).as(name).hasSizeLessThanOrEqualTo(MOST_FILES));
  }

  private static String nameOf(JavaClass type) {
    return type.getPackageName().substring(ROOT.length());
  }

  /** The packages of the block of layers, the uppermost first. */
  private static List<String> picture() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../ARCHITECTURE.md"));
    int from = lines.indexOf("```layers") + 1;
    assertThat(from).as("the block of layers").isPositive();
    int to = from + lines.subList(from, lines.size()).indexOf("```");
    return lines.subList(from, to).stream().map(line -> line.split(" ", 2)[0]).toList();
  }
}
