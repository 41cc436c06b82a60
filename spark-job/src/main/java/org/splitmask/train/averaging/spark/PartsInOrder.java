/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.shuffle.ShuffleWriteProcessor;
import scala.Option;
import scala.Product2;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;

/**
 * The same part of all workers together, in the order of the workers, by a shuffle whose blocks are
 * read a few workers at a time. Spark's own sorting would hold the parts of all workers at once,
 * and write them to disk a second time where they do not fit.
 */
final class PartsInOrder extends RDD<Tuple2<RoundPart, Serializable>> {
  private static final long serialVersionUID = 1L;

  /** As many blocks of 24 MiB a task holds, and fetches at the same time. */
  private static final int WORKERS_AT_ONCE = 4;

  private static final ClassTag<Serializable> SERIALIZABLE = ClassTag.apply(Serializable.class);

  private final List<ShuffleDependency<RoundPart, Serializable, Serializable>> shuffles;
  private final int workersOfEach;
  private final int workers;

  private PartsInOrder(
      SparkContext spark,
      List<ShuffleDependency<RoundPart, Serializable, Serializable>> shuffles,
      int workersOfEach) {
    super(
        spark,
        JavaConverters.asScalaBuffer(new ArrayList<Dependency<?>>(shuffles)),
        ClassTag.apply(Tuple2.class));
    this.shuffles = new ArrayList<>(shuffles); // Java's own lists may be no objects of their own
    this.workersOfEach = workersOfEach;
    this.workers = shuffles.size() * workersOfEach;
  }

  /**
   * The parts of all workers, shuffled together.
   *
   * @param parts a partition for each worker, in order
   */
  static PartsInOrder of(
      RDD<Tuple2<RoundPart, Serializable>> parts, int segments, Serializer serializer) {
    return new PartsInOrder(
        parts.sparkContext(),
        List.of(
            new ShuffleDependency<>(
                parts,
                new RoundPart.BySegment(segments),
                serializer,
                Option.empty(),
                Option.empty(),
                false,
                new ShuffleWriteProcessor(),
                ClassTag.apply(RoundPart.class),
                SERIALIZABLE,
                SERIALIZABLE)),
        parts.getNumPartitions());
  }

  /** The parts of workers that were shuffled one by one, in this order. */
  static PartsInOrder ofAll(List<PartsInOrder> workers) {
    return new PartsInOrder(
        workers.get(0).sparkContext(),
        workers.stream().flatMap(worker -> worker.shuffles.stream()).toList(),
        1);
  }

  @Override
  public Partition[] getPartitions() {
    Partition[] partitions = new Partition[shuffles.get(0).partitioner().numPartitions()];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = new Part(i);
    }
    return partitions;
  }

  @Override
  public scala.collection.Iterator<Tuple2<RoundPart, Serializable>> compute(
      Partition partition, TaskContext context) {
    return JavaConverters.asScalaIterator(new InOrder(partition.index(), context));
  }

  /** What these workers have for a partition. */
  private List<Tuple2<RoundPart, Serializable>> read(
      int from, int to, int partition, TaskContext context) {
    List<Tuple2<RoundPart, Serializable>> parts = new ArrayList<>();
    int worker = from;
    while (worker < to) {
      int shuffle = worker / workersOfEach;
      int first = worker - shuffle * workersOfEach;
      int end = Math.min(workersOfEach, first + to - worker);
      scala.collection.Iterator<Product2<RoundPart, Serializable>> records =
          SparkEnv.get()
              .shuffleManager()
              .<RoundPart, Serializable>getReader(
                  shuffles.get(shuffle).shuffleHandle(),
                  first,
                  end,
                  partition,
                  partition + 1,
                  context,
                  context.taskMetrics().createTempShuffleReadMetrics())
              .read();
      while (records.hasNext()) {
        Product2<RoundPart, Serializable> record = records.next();
        parts.add(new Tuple2<>(record._1(), record._2()));
      }
      worker += end - first;
    }
    parts.sort(Comparator.comparing(Tuple2::_1, new RoundPart.ByWorker()));
    return parts;
  }

  private record Part(int index) implements Partition {
    @Override
    public int index() {
      return index;
    }
  }

  private final class InOrder implements Iterator<Tuple2<RoundPart, Serializable>> {
    private final int partition;
    private final TaskContext context;
    private Iterator<Tuple2<RoundPart, Serializable>> here = Collections.emptyIterator();
    private int next;

    InOrder(int partition, TaskContext context) {
      this.partition = partition;
      this.context = context;
    }

    @Override
    public boolean hasNext() {
      while (!here.hasNext() && next < workers) {
        // Reports are small, and all of them are read at once.
        int to =
            partition == RoundPart.REPORTS ? workers : Math.min(workers, next + WORKERS_AT_ONCE);
        here = Collections.emptyIterator(); // lets go of the parts before, while others are read
        here = read(next, to, partition, context).iterator();
        next = to;
      }
      return here.hasNext();
    }

    @Override
    public Tuple2<RoundPart, Serializable> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("all parts have been taken");
      }
      return here.next();
    }
  }
}
