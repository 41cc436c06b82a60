/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.Configurations.Declared;
import org.splitmask.prep.config.PrepareConfig;

/**
 * docs/keys.md says what the records say; with {@code -Dsplitmask.write-docs=true} it is written.
 */
class KeysDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/keys.md");

  private static final String WRITE =
      "./mvnw -pl data-prep,spark-job test -Dtest=KeysDocumentTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dsplitmask.write-docs=true";

  @Test
  void documentIsCurrent() throws IOException {
    String rendered = KeysDocument.render(WRITE);
    if (Boolean.getBoolean("splitmask.write-docs")) {
      Files.writeString(DOCUMENT, rendered);
    }

    assertThat(DOCUMENT).exists();
    assertThat(Files.readString(DOCUMENT))
        .as("docs/keys.md is not what the records say; write it again with: %s", WRITE)
        .isEqualTo(rendered);
  }

  @Test
  void everyKeyIsThereWithItsDefaultAndWhetherItMayChange() {
    String rendered = KeysDocument.render(WRITE);

    for (Declared key : Configurations.declared(PrepareConfig.class)) {
      assertThat(rendered).contains("- **`" + key.key() + "`**");
    }
    for (Declared key : Configurations.declared(TrainConfig.class)) {
      assertThat(rendered).contains("- **`" + key.key() + "`**");
    }
    assertThat(rendered)
        .contains(
            "- **`image-size`** (whole number; default: `224`; fixed): ",
            "- **`max-seconds`** (number; default: `30`; may change): ",
            "- **`workers`** (whole number; default: `2`; may change): ",
            "- **`width`** (whole number; default: `384`; fixed): ");
  }
}
