/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.demo;

import java.util.Locale;

/** A label of the demo set: one shape filled with one texture. */
enum DemoClass {
  STRIPED_DISC(Shape.DISC, Texture.STRIPES),
  CHECKED_DISC(Shape.DISC, Texture.CHECKS),
  DOTTED_DISC(Shape.DISC, Texture.DOTS),
  RINGED_DISC(Shape.DISC, Texture.RINGS),
  WAVY_DISC(Shape.DISC, Texture.WAVES),
  STRIPED_CROSS(Shape.CROSS, Texture.STRIPES),
  CHECKED_CROSS(Shape.CROSS, Texture.CHECKS),
  DOTTED_CROSS(Shape.CROSS, Texture.DOTS),
  RINGED_CROSS(Shape.CROSS, Texture.RINGS),
  WAVY_CROSS(Shape.CROSS, Texture.WAVES);

  private final Shape shape;
  private final Texture texture;

  DemoClass(Shape shape, Texture texture) {
    this.shape = shape;
    this.texture = texture;
  }

  Shape shape() {
    return shape;
  }

  Texture texture() {
    return texture;
  }

  /** The name of the class's folder and the start of its files' names: {@code striped-disc}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
