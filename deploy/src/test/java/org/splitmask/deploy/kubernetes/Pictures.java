/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures of noise. */
final class Pictures {
  private Pictures() {}

  static Path in(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      BufferedImage picture = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < 1600; pixel++) {
        picture.setRGB(pixel % 40, pixel / 40, random.nextInt(1 << 24));
      }
      ImageIO.write(picture, "png", folder.resolve("picture-" + i + ".png").toFile());
    }
    return folder;
  }
}
