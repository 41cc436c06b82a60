/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC4;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.bytedeco.opencv.opencv_core.Mat;
import org.splitmask.prep.image.format.SampleMeaning;
import org.splitmask.prep.image.format.SampleMeaning.Alpha;
import org.splitmask.prep.image.format.SampleMeaning.Zero;

/**
 * Takes the numbers out of a Java picture as the file has them. The JDK's own conversion is not
 * used: it applies colour profiles, and takes grey for linear light.
 */
final class PictureSamples {
  private static final int WHITE = 255;

  private PictureSamples() {}

  /** BGR, or BGRA where the picture may be transparent. */
  static Mat toMat(BufferedImage picture, SampleMeaning meaning) {
    boolean palette = picture.getColorModel() instanceof IndexColorModel;
    boolean transparent =
        palette ? picture.getColorModel().hasAlpha() : meaning.alpha() != Alpha.NONE;
    int channels = transparent ? 4 : 3;
    int width = picture.getWidth();
    Mat mat = new Mat(picture.getHeight(), width, transparent ? CV_8UC4 : CV_8UC3);
    byte[] row = new byte[width * channels];
    RowReader rows = rows(picture, meaning);
    for (int y = 0; y < picture.getHeight(); y++) {
      rows.read(y, row, channels);
      mat.ptr(y).put(row);
    }
    return mat;
  }

  /** Reads a row of pixels: blue, green, red and, with four channels, alpha. */
  private interface RowReader {
    void read(int y, byte[] row, int channels);
  }

  private static RowReader rows(BufferedImage picture, SampleMeaning meaning) {
    ColorModel model = picture.getColorModel();
    if (model instanceof IndexColorModel palette) {
      return new PaletteRows(picture.getRaster(), palette);
    }
    if (isPaletteAmongOthers(picture, meaning)) {
      return new ConvertedRows(picture);
    }
    return new SampleRows(picture.getRaster(), meaning);
  }

  /** Colours of a palette with alpha, or with something else, beside the index. */
  private static boolean isPaletteAmongOthers(BufferedImage picture, SampleMeaning meaning) {
    ColorModel model = picture.getColorModel();
    return meaning.colours() == 1
        && model.getNumComponents() >= 3
        && picture.getRaster().getNumBands() < model.getNumComponents();
  }

  private static final class PaletteRows implements RowReader {
    private final Raster raster;
    private final int[] colours;
    private final int[] indices;

    PaletteRows(Raster raster, IndexColorModel palette) {
      this.raster = raster;
      this.colours = new int[palette.getMapSize()];
      this.indices = new int[raster.getWidth()];
      palette.getRGBs(colours);
    }

    @Override
    public void read(int y, byte[] row, int channels) {
      raster.getSamples(0, y, indices.length, 1, 0, indices);
      for (int x = 0; x < indices.length; x++) {
        // Decoders show black for an index that the palette does not have.
        int argb = indices[x] < colours.length ? colours[indices[x]] : WHITE << 24;
        put(argb, row, x * channels, channels);
      }
    }
  }

  /** The JDK's conversion, where the numbers alone do not say the colour. */
  private static final class ConvertedRows implements RowReader {
    private final BufferedImage picture;
    private final int[] colours;

    ConvertedRows(BufferedImage picture) {
      this.picture = picture;
      this.colours = new int[picture.getWidth()];
    }

    @Override
    public void read(int y, byte[] row, int channels) {
      picture.getRGB(0, y, colours.length, 1, colours, 0, colours.length);
      for (int x = 0; x < colours.length; x++) {
        put(colours[x], row, x * channels, channels);
      }
    }
  }

  private static void put(int argb, byte[] row, int at, int channels) {
    row[at] = (byte) argb;
    row[at + 1] = (byte) (argb >> 8);
    row[at + 2] = (byte) (argb >> 16);
    if (channels == 4) {
      row[at + 3] = (byte) (argb >>> 24);
    }
  }

  private static final class SampleRows implements RowReader {
    private final Raster raster;
    private final SampleMeaning meaning;
    private final int bands;
    private final int[] most;
    private final int[] samples;

    SampleRows(Raster raster, SampleMeaning meaning) {
      this.raster = raster;
      this.meaning = meaning;
      this.bands = raster.getNumBands();
      this.most = new int[bands];
      for (int band = 0; band < bands; band++) {
        int room = raster.getSampleModel().getSampleSize(band);
        most[band] = (1 << (meaning.bits() == 0 ? room : meaning.bits())) - 1;
      }
      this.samples = new int[raster.getWidth() * bands];
    }

    @Override
    public void read(int y, byte[] row, int channels) {
      raster.getPixels(0, y, raster.getWidth(), 1, samples);
      for (int x = 0; x < raster.getWidth(); x++) {
        int at = x * channels;
        int alpha = channels == 4 ? sample(x, meaning.alphaBand()) : WHITE;
        for (int c = 0; c < 3; c++) {
          row[at + c] = (byte) colour(x, 2 - c, alpha);
        }
        if (channels == 4) {
          row[at + 3] = (byte) alpha;
        }
      }
    }

    private int colour(int x, int band, int alpha) {
      return switch (meaning.colours()) {
        case 1 -> plain(x, 0, alpha);
        case 3 -> plain(x, band, alpha);
        default -> rounded((WHITE - plain(x, band, alpha)) * (WHITE - plain(x, 3, alpha)), WHITE);
      };
    }

    /** A sample as it was before it was multiplied by alpha, if it was. */
    private int plain(int x, int band, int alpha) {
      int stored = sample(x, band);
      int value = meaning.zero() == Zero.WHITE ? WHITE - stored : stored;
      return meaning.alpha() == Alpha.ASSOCIATED ? divided(value, alpha) : value;
    }

    /** A sample as 0 to 255. */
    private int sample(int x, int band) {
      return rounded(samples[x * bands + band] * WHITE, most[band]);
    }

    private static int divided(int value, int alpha) {
      return alpha == 0 ? 0 : Math.min(WHITE, rounded(value * WHITE, alpha));
    }

    private static int rounded(int dividend, int divisor) {
      return (dividend + divisor / 2) / divisor;
    }
  }
}
