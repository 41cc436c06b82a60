/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import java.io.Serializable;
import java.util.ServiceLoader;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * An artefact with a kind of engine that spark-job does not contain. It travels as its name, and
 * each process looks for it itself: so one that lacks it says so.
 *
 * @param key the engine's name
 * @param jar the file that has it, for the message
 */
public record EngineArtefact(String key, String jar) implements Serializable {
  /** What is in it; refuses a process that lacks it. */
  EngineProvider provider() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return ServiceLoader.load(EngineProvider.class, loader).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                Check.failure(
                    Blame.USER,
                    "engine=%s needs %s on the class path, and it is not there; on one machine put"
                        + " it beside spark-job.jar, on a cluster give it with --jars (docs/gpu.md);"
                        + " or use engine=dl4j",
                    key,
                    jar));
  }
}
