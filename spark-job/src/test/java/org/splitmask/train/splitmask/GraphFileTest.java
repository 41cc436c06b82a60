/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.GraphParameters;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.splitmask.Objective.Branches;

/** SplitMask's own graph in DL4J's forms: JSON and model file. */
class GraphFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Branches.class)
  void aGraphIsWhatItWasAfterJsonAndAfterItsFile(Branches branches) throws Exception {
    NetworkShape shape = new NetworkShape(4, 12, 8, 2, 2, 16, 1, Positions.LEARNED, 2, 0.1, 0.2);
    double matchWeight = branches == Branches.TWO ? 0.5 : 0;
    Objective objective = new Objective(branches, 9, 1, matchWeight, 0.2, Negatives.BOTH);
    ComputationGraphConfiguration written =
        SplitMaskGraph.whole(shape, objective, DataType.FLOAT, 4);

    ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(written.toJson());
    assertThat(read).isEqualTo(written);
    Objective other = new Objective(branches, 10, 1, matchWeight, 0.2, Negatives.BOTH);
    assertThat(read).isNotEqualTo(SplitMaskGraph.whole(shape, other, DataType.FLOAT, 4));

    ComputationGraph graph = SplitMaskNetwork.create(shape, objective, DataType.FLOAT, 4).graph();
    Path file = folder.resolve("splitmask.zip");
    ModelSerializer.writeModel(graph, file.toFile(), /* saveUpdater= */ false);
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file.toFile());
    assertThat(NativeMemory.toArray(restored.params()))
        .isEqualTo(NativeMemory.toArray(graph.params()));
    assertThat(GraphParameters.layout(restored.getConfiguration()).length())
        .isEqualTo((int) graph.numParams());
  }
}
