/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.reuse;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.demo.DemoPictures;

/**
 * Pictures cut into patches, and what they show.
 *
 * @param patches [N, L, P·P·3], levels scaled to [−1, 1]
 * @param labels [N] class numbers
 * @param classes how many there are
 */
record LabelledPatches(INDArray patches, List<Integer> labels, int classes) {
  /** The demo's pictures of a seed, shuffled. */
  static LabelledPatches ofDemo(Path folder, long seed, int count, int side, int patch)
      throws IOException {
    new DemoPictures(seed, count, side).writeTo(folder);
    List<Path> files;
    List<String> classes;
    try (Stream<Path> folders = Files.list(folder)) {
      classes = folders.map(path -> path.getFileName().toString()).sorted().toList();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      files = new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
    }
    Collections.shuffle(files, new Random(seed));
    int grid = side / patch;
    float[] values = new float[count * side * side * 3];
    List<Integer> labels = new ArrayList<>();
    int at = 0;
    for (Path file : files) {
      BufferedImage picture = ImageIO.read(file.toFile());
      for (int l = 0; l < grid * grid; l++) {
        for (int i = 0; i < patch * patch; i++) {
          int x = l % grid * patch + i % patch;
          int y = l / grid * patch + i / patch;
          int rgb = picture.getRGB(x, y);
          for (int shift = 16; shift >= 0; shift -= 8) {
            values[at++] = (rgb >> shift & 0xff) / 127.5f - 1;
          }
        }
      }
      labels.add(classes.indexOf(file.getParent().getFileName().toString()));
    }
    long[] shape = {count, (long) grid * grid, (long) patch * patch * 3};
    return new LabelledPatches(Nd4j.create(values, shape, 'c'), labels, classes.size());
  }

  List<LabelledPatches> batches(int size) {
    List<LabelledPatches> batches = new ArrayList<>();
    for (int from = 0; from < labels.size(); from += size) {
      int to = Math.min(from + size, labels.size());
      INDArray part = patches.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(from, to));
      batches.add(new LabelledPatches(part.dup('c'), labels.subList(from, to), classes));
    }
    return batches;
  }

  INDArray oneHot() {
    INDArray oneHot = Nd4j.zeros(DataType.FLOAT, labels.size(), classes);
    for (int i = 0; i < labels.size(); i++) {
      oneHot.putScalar(i, labels.get(i), 1);
    }
    return oneHot;
  }
}
