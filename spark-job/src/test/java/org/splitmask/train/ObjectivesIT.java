/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.train.checkpoint.CheckpointChoice;
import org.splitmask.train.engine.host.HostEncoders;
import org.splitmask.train.eval.FeatureKind;
import org.splitmask.train.eval.probe.Probe;

/** Every objective and option of training, end to end on a small table. */
class ObjectivesIT extends TrainingFixture {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "split=block",
        "split=uniform split-ratio=0.75 match-negatives=both",
        "match-weight=0",
        "inpaint-weight=0",
        "split=none",
        "split=none positions=sincos layer-scale=0.1 drop-path=0.2"
      })
  void everyObjectiveTrainsAndItsEncoderIsEvaluated(String words) throws IOException {
    String run = folder.resolve(words.replace(' ', '-')).toString();
    String[] settings = (words + " workers=2 epochs=6 learning-rate=0.003").split(" ");

    Map<String, Object> result = train(run, settings);

    boolean matches = !words.contains("split=none");
    assertThat(result.containsKey("match")).isEqualTo(matches);
    assertThat(result.containsKey("effectiveRank")).isEqualTo(matches);
    for (String line : Files.readAllLines(Path.of(run, "metrics.jsonl"))) {
      JsonNode round = new ObjectMapper().readTree(line);
      assertThat(round.path("loss").asDouble()).isFinite().isPositive();
      assertThat(round.has("match")).isEqualTo(matches);
      assertThat(round.path("waitingShare").asDouble(-1)).isBetween(0.0, 1.0);
    }
    Map<?, ?> minimised =
        (Map<?, ?>) result.get(words.equals("inpaint-weight=0") ? "match" : "inpaint");
    assertThat((Double) minimised.get("last")).isLessThan((Double) minimised.get("first"));
    Map<String, Object> evaluated = evaluate(run, OptionalInt.empty());
    assertThat(evaluated).containsEntry("cropSize", 16);
    assertThat(evaluate(run, OptionalInt.of(24))).containsEntry("cropSize", 24);
  }

  /** What makes no difference to the mathematics makes none to the bits. */
  @Test
  void allOptionsAtOnceAreReproducible() throws IOException {
    String options =
        "workers=2 max-updates=5 batch-size=4 batches-per-update=2 drop-path=0.3 layer-scale=0.1"
            + " augmentation=strong lr-scaling=sqrt layer-decay=0.7 pixel-statistics=table"
            + " token-centering=channel split=uniform split-ratio=0.7";
    String once = folder.resolve("options-once").toString();
    String again = folder.resolve("options-again").toString();

    Map<String, Object> first = train(once, (options + " loader-threads=1").split(" "));
    Map<String, Object> second = train(again, (options + " loader-threads=3").split(" "));

    assertThat(first).containsEntry("updates", 5L);
    assertThat(second.get("inpaint")).isEqualTo(first.get("inpaint"));
    assertThat(parameters(again)).isEqualTo(parameters(once));
  }

  @Test
  void aRunThatHasHadItsUpdatesGoesOnWhenMoreAreAllowed() throws IOException {
    String run = folder.resolve("more-updates").toString();
    assertThat(train(run, "max-updates=3")).containsEntry("updates", 3L);
    assertThat(train(run, "max-updates=3")).containsEntry("updates", 3L);
    assertThat(train(run, "max-updates=7")).containsEntry("updates", 7L);
    assertThat((Long) train(run, "max-images=200").get("images")).isGreaterThanOrEqualTo(200L);
  }

  /** The keys that may change are checked before they are written down. */
  @Test
  void aRefusedResumeLeavesTheRunAsItWas() throws IOException {
    String run = folder.resolve("resumed").toString();
    train(run, "max-updates=2");
    String config = Files.readString(Path.of(run, "config.yaml"));
    for (String refused : List.of("loader-threads=0", "threads=-1", "workers=-1", "workers=999")) {
      assertThatThrownBy(() -> train(run, "max-updates=2", refused))
          .isInstanceOf(SplitMaskException.class)
          .hasMessageContaining(refused.substring(0, refused.indexOf('=')));
      assertThat(Path.of(run, "config.yaml")).hasContent(config);
    }
    assertThat(evaluate(run, OptionalInt.empty())).containsKey("knn");
  }

  @Test
  void refusalsNameTheKey() {
    for (List<String> refused :
        List.of(
            List.of("split=none", "inpaint-weight=0", "inpaint-weight"),
            List.of("split=none", "split-ratio=0.6", "split-ratio"),
            List.of("mlp-ratio=0", "depth=1", "mlp-ratio must be positive"),
            List.of("outer-momentum=1", "depth=1", "outer-momentum must be in [0, 1), was 1.0"),
            List.of("drop-path=1", "depth=1", "drop-path must be in [0, 1), was 1.0"),
            List.of("layer-decay=0", "depth=1", "layer-decay must be in (0, 1], was 0.0"),
            List.of("batches-per-update=0", "depth=1", "batches-per-update must be at least 1"),
            List.of("loader-threads=0", "depth=1", "loader-threads must be at least 1, was 0"),
            List.of("max-updates=-1", "depth=1", "max-updates must be 0 (no bound) or positive"))) {
      String run = folder.resolve("refused").toString();
      assertThatThrownBy(() -> train(run, refused.get(0), refused.get(1)))
          .isInstanceOf(SplitMaskException.class)
          .hasMessageContaining(refused.get(2));
      assertThat(Path.of(run)).doesNotExist();
    }
  }

  private static Map<String, Object> evaluate(String run, OptionalInt cropSize) throws IOException {
    CheckpointChoice latest = new CheckpointChoice.Latest();
    Set<FeatureKind> trained = Set.of(FeatureKind.TRAINED);
    return new EvaluateApp.Request(Set.of(Probe.KNN), trained, latest, cropSize, new HostEncoders())
        .evaluate(session, run, TableAddress.folder(table));
  }
}
