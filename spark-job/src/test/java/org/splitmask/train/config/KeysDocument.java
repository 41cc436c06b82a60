/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.Configurations.Declared;
import org.splitmask.common.config.Key;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.config.PrepareConfig;

/**
 * Renders docs/keys.md: every key of every command, from the records that declare them. Lines have
 * at most {@link #COLUMNS} columns.
 */
final class KeysDocument {
  static final int COLUMNS = 100;

  private static final String INTRODUCTION =
      """
      # Configuration keys

      This file is generated from the records in `prep.config` and `train.config`; a unit test fails
      when it is not current. After a change of a key, write it again, in a source checkout, with

          %s

      Every key is given as `key=value` on the command line, or in a YAML file with `--config FILE`.
      The command line wins over the file, and the file over the default. Unknown keys are refused.
      An interval such as [0, 1) contains 0 and does not contain 1.

      - [prepare](#prepare), also `bench prepare`
      - [train](#train), also `plan`, `demo`, `bench train` and `bench parity`
      - [codebook](#codebook)
      - [evaluate](#evaluate)

      The commands `inspect`, `export` and `result` have options (`--help`) and no keys.
      """;

  private static final String PREPARE =
      """
      `bench prepare` has the same keys.

      A key that decides what the rows of the table are is **fixed**: with another value, `prepare`
      refuses to change an existing table, unless `--rebuild` makes all of it again. The other keys may
      change from run to run.
      """;

  private static final String TRAIN =
      """
      `plan` has the same keys and defaults. `demo`, `bench train` and `bench parity` have the same
      keys, with other defaults: `demo` takes those of `conf/vit-micro.yaml`, the other two those of
      the model that `--model` names.

      A key that makes up the identity of the run is **fixed**: a run is resumed only with the value
      that it began with. The other keys may change when a run is resumed.
      """;

  private static final String CODEBOOK =
      """
      Give the values that the training will have. Tokenizer, snapshot and keys are the identity of a
      codebook: with another value, another codebook is fitted. For `--tokenizer random-patches`, the
      last two keys do not matter.
      """;

  private static final String EVALUATE =
      """
      What computes the features of pictures, and where. Any engine can evaluate any run, whichever
      engine trained it. `recompute-blocks` is for training, and `true` is refused.
      """;

  private final StringBuilder text = new StringBuilder();

  private KeysDocument() {}

  /**
   * The whole document.
   *
   * @param command the command that writes it, for the reader who changes a key
   */
  static String render(String command) {
    KeysDocument document = new KeysDocument();
    document.text.append(INTRODUCTION.formatted(command));
    document.section("prepare", PREPARE, PrepareConfig.class, preparesFree());
    document.section("train", TRAIN, TrainConfig.class, TrainConfig.CHANGEABLE);
    document.section("codebook", CODEBOOK, CodebookConfig.class, Set.of());
    document.section("evaluate", EVALUATE, EngineConfig.class, Set.of());
    return document.text.toString();
  }

  /** The keys of prepare that are no part of a table's identity. */
  private static Set<String> preparesFree() {
    PrepareConfig defaults = Configurations.bind(PrepareConfig.class, KeyValues.none());
    Set<String> free = new TreeSet<>(defaults.effective().keySet());
    free.removeAll(defaults.identity().keySet());
    return free;
  }

  private void section(
      String command, String introduction, Class<? extends Record> type, Set<String> free) {
    text.append("\n## ").append(command).append("\n\n").append(introduction);
    if (type.getRecordComponents()[0].isAnnotationPresent(Key.class)) {
      text.append('\n');
      list(Configurations.declared(type), free);
      return;
    }
    for (RecordComponent part : type.getRecordComponents()) {
      text.append("\n### ").append(command).append(": ").append(part.getName()).append("\n\n");
      list(Configurations.declared(part.getType().asSubclass(Record.class)), free);
    }
  }

  /** One item for each key; where no key may change, the items do not say so one by one. */
  private void list(List<Declared> keys, Set<String> free) {
    for (Declared key : keys) {
      String value = key.defaultValue().isEmpty() ? "none" : "`" + key.defaultValue() + "`";
      String state = free.contains(key.key()) ? "; may change" : "; fixed";
      append(
          "- **`%s`** (%s; default: %s%s): %s."
              .formatted(key.key(), key.type(), value, free.isEmpty() ? "" : state, key.help()));
    }
  }

  /** Appends an item of a list, wrapped. */
  private void append(String item) {
    int column = 0;
    for (String word : item.split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > COLUMNS) {
        text.append("\n  ").append(word);
        column = 2 + word.length();
      } else {
        text.append(column > 0 ? " " : "").append(word);
        column += (column > 0 ? 1 : 0) + word.length();
      }
    }
    text.append('\n');
  }
}
