/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.demo;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/**
 * A labelled set of small pictures, the same for the same seed.
 *
 * <p>Picture i is of class i modulo the number of classes and depends on the seed, i and the side
 * alone: a longer set begins with the shorter one.
 *
 * @param seed where every random number comes from
 * @param count how many pictures, over all classes together
 * @param side their width and height in pixels
 */
public record DemoPictures(long seed, int count, int side) {
  private static final int SMALLEST_SIDE = 16;
  private static final int LARGEST_SIDE = 1024;

  /** Checks the bounds. */
  public DemoPictures {
    if (count < 1) {
      throw new IllegalArgumentException(
          "the number of demo pictures must be at least 1, was " + count);
    }

    if (side < SMALLEST_SIDE || side > LARGEST_SIDE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the side of a demo picture must be from %d to %d pixels, was %d",
              SMALLEST_SIDE,
              LARGEST_SIDE,
              side));
    }
  }

  /**
   * Writes {@code <class>/<class>-0001.png} and so on below the directory, which is made where it
   * is missing; files of the same name are replaced.
   *
   * @return the number of pictures written
   * @throws IOException if a folder or a file cannot be written
   */
  public int writeTo(Path directory) throws IOException {
    for (int index = 0; index < count; index++) {
      Path file = directory.resolve(pathOf(index));
      Files.createDirectories(file.getParent());
      // Through a stream: given a file it cannot create, ImageIO fails with a NullPointerException.
      try (var stream = Files.newOutputStream(file)) {
        ImageIO.write(picture(index), "png", stream);
      }
    }

    return count;
  }

  /** The picture with the given number, from 0. */
  BufferedImage picture(int index) {
    // The seed is mixed before the index joins it, so that neighbouring seeds share no pictures.
    SplittableRandom random =
        new SplittableRandom(new SplittableRandom(seed).nextLong() + index).split();
    Scene scene = Scene.draw(classOf(index), random);
    return new Renderer(side).render(scene, random);
  }

  private static DemoClass classOf(int index) {
    DemoClass[] classes = DemoClass.values();
    return classes[index % classes.length];
  }

  private static String pathOf(int index) {
    String label = classOf(index).label();
    int ordinal = index / DemoClass.values().length + 1;
    return String.format(Locale.ROOT, "%s/%s-%04d.png", label, label, ordinal);
  }
}
