/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Two classes of small pictures: discs and bars on noise. */
public final class TestPictures {
  private TestPictures() {}

  public static void write(Path folder, int count, int side) throws IOException {
    for (int i = 0; i < count; i++) {
      SplittableRandom random = new SplittableRandom(i);
      String label = i % 2 == 0 ? "disc" : "bar";
      BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          image.setRGB(x, y, random.nextInt(0x404040));
        }
      }
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(new Color(128 + random.nextInt(127), random.nextInt(256), 200));
      int at = random.nextInt(side / 2);
      if (label.equals("disc")) {
        graphics.fillOval(at, at, side / 2, side / 2);
      } else {
        graphics.fillRect(at, 0, side / 6, side);
      }
      graphics.dispose();
      Files.createDirectories(folder.resolve(label));
      ImageIO.write(image, "png", folder.resolve(label).resolve(i + ".png").toFile());
    }
  }
}
