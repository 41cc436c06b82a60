/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.splitmask.train.encoder.TrainedEncoder;

/** A format of encoder files. A further one implements this and joins {@link EncoderFormats}. */
public interface EncoderFormat {
  /** The word on the command line. */
  String word();

  /** Writes an encoder; the stream stays open. */
  void write(TrainedEncoder encoder, OutputStream out) throws IOException;

  /** What {@code export} prints about a file of this encoder, beside its name and size. */
  Map<String, Object> description(TrainedEncoder encoder);
}
