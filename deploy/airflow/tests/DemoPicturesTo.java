/* SPDX-License-Identifier: Apache-2.0 */
import java.nio.file.Path;
import org.splitmask.train.demo.DemoPictures;

/** Renders the demo's pictures: java -cp JARS DemoPicturesTo.java FOLDER COUNT. */
final class DemoPicturesTo {
  public static void main(String[] arguments) throws java.io.IOException {
    new DemoPictures(0, Integer.parseInt(arguments[1]), 64).writeTo(Path.of(arguments[0]));
  }
}
