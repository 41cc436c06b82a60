/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.demo;

import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/** Turns a scene into pixels. */
final class Renderer {
  /** Each pixel is the mean of this many samples squared, which smooths the edges. */
  private static final int SAMPLES = 3;

  private static final double NOISE = 3;

  private final int side;

  Renderer(int side) {
    this.side = side;
  }

  /** The picture of the scene, with noise from the given source. */
  BufferedImage render(Scene scene, SplittableRandom noise) {
    BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        picture.setRGB(column, row, pixel(scene, row, column, noise));
      }
    }

    return picture;
  }

  private int pixel(Scene scene, int row, int column, SplittableRandom noise) {
    double red = 0;
    double green = 0;
    double blue = 0;
    for (int sample = 0; sample < SAMPLES * SAMPLES; sample++) {
      int across = sample % SAMPLES;
      int down = sample / SAMPLES;
      double x = (column + (across + 0.5) / SAMPLES) / side;
      double y = (row + (down + 0.5) / SAMPLES) / side;
      Colour colour = scene.at(x, y);
      red += colour.red();
      green += colour.green();
      blue += colour.blue();
    }

    double light =
        scene.light().at((column + 0.5) / side, (row + 0.5) / side) / (SAMPLES * SAMPLES);
    return channel(light * red, noise) << 16
        | channel(light * green, noise) << 8
        | channel(light * blue, noise);
  }

  private static int channel(double value, SplittableRandom noise) {
    double noisy = value + noise.nextDouble(-NOISE, NOISE);
    return (int) Math.max(0, Math.min(255, Math.round(noisy)));
  }
}
