/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;

/**
 * Figures of a command in Spark's own metrics system, from where its sinks take them: Prometheus,
 * Graphite, JMX. It is there until it is closed.
 */
public final class FigureSource implements Source, AutoCloseable {
  private final String name;
  private final MetricRegistry registry = new MetricRegistry();
  private final Map<String, Double> values = new ConcurrentHashMap<>();

  private FigureSource(String name) {
    this.name = name;
  }

  /**
   * Registers it with the driver of this process, whose session must have begun.
   *
   * @param name the first part of all its figures' names
   */
  public static FigureSource register(String name) {
    FigureSource source = new FigureSource(name);
    SparkEnv.get().metricsSystem().registerSource(source);
    return source;
  }

  /** The value of a figure from now on. */
  public void set(String figure, double value) {
    if (values.put(figure, value) == null) {
      registry.register(figure, (Gauge<Double>) () -> values.get(figure));
    }
  }

  @Override
  public String sourceName() {
    return name;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  @Override
  public void close() {
    SparkEnv environment = SparkEnv.get();
    if (environment != null) { // else the session, and its metrics, have gone before
      environment.metricsSystem().removeSource(this);
    }
  }
}
