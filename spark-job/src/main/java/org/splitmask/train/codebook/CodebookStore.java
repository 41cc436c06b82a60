/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.cli.CodeVersion;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.config.CodebookConfig;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.Tokenizer;
import org.splitmask.train.tensors.SafeTensors;

/**
 * The codebooks beside a table, TABLE/codebooks of a folder: safetensors files whose metadata says
 * what they were made of. A name stands for one set of settings and one snapshot.
 */
public final class CodebookStore {
  private static final String TENSOR = "codebook";
  private static final String PATCHES = "codebook-patches";
  private static final double UNIT_TOLERANCE = 1e-3;

  private final RunFiles files;

  /**
   * Makes a store.
   *
   * @param snapshot of the table
   */
  public CodebookStore(TableSnapshot snapshot, Configuration hadoop) {
    this.files = new RunFiles(snapshot.codebooks(), hadoop);
  }

  /** What decides a codebook: equal identities are equal codebooks. */
  public static Map<String, String> identity(
      Tokenizer tokenizer, CodebookConfig config, TableSnapshot snapshot) {
    Map<String, String> identity = new TreeMap<>(Configurations.effective(config));
    if (tokenizer == Tokenizer.RANDOM_PATCHES) {
      identity.keySet().removeAll(List.of(PATCHES, "codebook-iterations"));
    } else {
      identity.put(PATCHES, String.valueOf(config.patches()));
    }
    identity.put("tokenizer", tokenizer.word());
    identity.put("snapshot", String.valueOf(snapshot.snapshotId()));
    return identity;
  }

  /** The file's name for an identity. */
  public static String name(Map<String, String> identity) {
    CRC32 sum = new CRC32();
    sum.update(identity.toString().getBytes(StandardCharsets.UTF_8));
    return String.format(
        Locale.ROOT,
        "%s-%s-patch%s-%s-%08x.safetensors",
        identity.get("tokenizer"),
        identity.get("vocabulary"),
        identity.get("patch-size"),
        identity.get("token-centering"),
        sum.getValue());
  }

  public boolean exists(String name) throws IOException {
    return files.exists(name);
  }

  public Path path(String name) {
    return files.path(name);
  }

  /**
   * Writes a codebook; a reader sees all of it or none.
   *
   * @param snapshot that it was fitted on
   */
  public void write(Map<String, String> identity, FittedCodebook fitted, TableSnapshot snapshot)
      throws IOException {
    Map<String, String> metadata = new TreeMap<>(identity);
    metadata.put("table", snapshot.location());
    metadata.put("table-run", snapshot.runId());
    metadata.put("patches", String.valueOf(fitted.patches()));
    metadata.put("pictures", String.valueOf(fitted.pictures()));
    metadata.put("mean-distance", String.valueOf(fitted.meanDistance()));
    metadata.put("code-version", CodeVersion.of(CodebookStore.class));
    Codebook codebook = fitted.codebook();
    long[] shape = {codebook.vocabulary(), codebook.dimensions()};
    SafeTensors.Tensor tensor = SafeTensors.Tensor.of(codebook.values(), shape);
    SafeTensors tensors = new SafeTensors(metadata, Map.of(TENSOR, tensor));
    files.replace(name(identity), tensors::write);
  }

  /**
   * Reads a codebook.
   *
   * @param dimensions that its vectors must have
   * @throws org.splitmask.common.failure.SplitMaskException blaming the data where the file is of
   *     another identity, or no matrix of unit vectors
   */
  public FittedCodebook read(Map<String, String> identity, int dimensions) throws IOException {
    Path path = files.path(name(identity));
    SafeTensors tensors = files.tensors(path);
    Map<String, String> metadata = tensors.metadata();
    identity.forEach(
        (key, value) ->
            Check.data(
                value.equals(metadata.get(key)),
                "%s says %s=%s, %s was expected; move the file away and fit again",
                path,
                key,
                metadata.getOrDefault(key, "nothing"),
                value));
    SafeTensors.Tensor tensor = tensors.tensor(TENSOR);
    Check.data(tensor.shape().length == 2, "the codebook of %s is not a matrix", path);
    Codebook codebook = new Codebook(tensor.floats(), (int) tensor.shape()[1]);
    Check.data(
        String.valueOf(codebook.vocabulary()).equals(identity.get("vocabulary"))
            && codebook.dimensions() == dimensions,
        "%s holds %d vectors of %d dimensions, %s of %d were expected; move the file away and fit"
            + " again",
        path,
        codebook.vocabulary(),
        codebook.dimensions(),
        identity.getOrDefault("vocabulary", "nothing"),
        dimensions);
    checkUnit(codebook, path);
    try {
      return new FittedCodebook(
          codebook,
          Long.parseLong(metadata.getOrDefault("patches", "0")),
          Integer.parseInt(metadata.getOrDefault("pictures", "0")),
          Double.parseDouble(metadata.getOrDefault("mean-distance", "0")));
    } catch (NumberFormatException e) {
      throw new SplitMaskException(
          Blame.DATA, path + " has damaged metadata (" + e.getMessage() + "); fit again", e);
    }
  }

  private static void checkUnit(Codebook codebook, Path path) {
    for (int v = 0; v < codebook.vocabulary(); v++) {
      double squares = 0;
      for (int i = 0; i < codebook.dimensions(); i++) {
        double value = codebook.values()[v * codebook.dimensions() + i];
        squares += value * value;
      }
      // Written so that NaN fails it.
      Check.data(
          Math.abs(Math.sqrt(squares) - 1) <= UNIT_TOLERANCE,
          "vector %d of %s has length %s and not 1; move the file away and fit again",
          v,
          path,
          Math.sqrt(squares));
    }
  }
}
