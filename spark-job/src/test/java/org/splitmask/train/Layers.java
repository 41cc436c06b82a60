/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A picture of layers in ARCHITECTURE.md, and the rules that code has to keep to be like it. */
public final class Layers {
  private static final String ROOT = "org.splitmask.";
  private static final int MOST_FILES = 25;

  /** The packages, the uppermost first. */
  private final List<String> picture;

  private Layers(List<String> picture) {
    this.picture = picture;
  }

  /** The picture in the fenced block that has this word behind its fence. */
  public static Layers inBlock(String word) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../ARCHITECTURE.md"));
    int from = lines.indexOf("```" + word) + 1;
    assertThat(from).as("the block %s", word).isPositive();
    int to = from + lines.subList(from, lines.size()).indexOf("```");
    return new Layers(lines.subList(from, to).stream().map(line -> line.split(" ", 2)[0]).toList());
  }

  /** Every package of the classes is in the picture, and no other. */
  public void assertComplete(JavaClasses classes) {
    Set<String> packages = new TreeSet<>();
    classes.forEach(type -> packages.add(nameOf(type)));
    assertThat(picture).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(packages);
  }

  /** Packages of the picture use each other only downwards. */
  public void assertImportsGoDownwards(JavaClasses classes) {
    List<String> upwards = new ArrayList<>();
    for (JavaClass type : classes) {
      int layer = picture.indexOf(nameOf(type));
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        boolean isInside = picture.contains(nameOf(target));
        if (isInside && picture.indexOf(nameOf(target)) < layer) {
          upwards.add(dependency.getDescription());
        }
      }
    }
    assertThat(upwards).as("imports against the grain").isEmpty();
  }

  /** No package has too many files to be overlooked. */
  public static void assertNoPackageIsCrowded(JavaClasses classes) {
    Map<String, Set<String>> files = new TreeMap<>();
    for (JavaClass type : classes) {
      files
          .computeIfAbsent(nameOf(type), name -> new TreeSet<>())
          .add(type.getSource().orElseThrow().getFileName().orElseThrow());
    }
    assertThat(files).isNotEmpty();
    files.forEach(
        (name, inside) -> assertThat(inside).as(name).hasSizeLessThanOrEqualTo(MOST_FILES));
  }

  private static String nameOf(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
  }
}
