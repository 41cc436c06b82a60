/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics.mlflow;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mlflow.tracking.MlflowClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.averaging.RoundResult;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.metrics.mlflow.TrackedRun.Figure;

/**
 * The same figures as metrics.jsonl for an MLflow tracking server, by updates. They are sent by a
 * thread of their own: a server that is slow, down or refuses them costs the training nothing but
 * its curves there.
 */
public final class MlflowListener implements RoundListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowListener.class);

  private static final String CLIENT = "org.mlflow.tracking.MlflowClient";

  /** MLflow's own variable, which its client reads; it may hold a password. */
  private static final String SERVER = "MLFLOW_TRACKING_URI";

  /** With more the server is given up: about a thousand rounds. */
  private static final int MOST_UNSENT = 20_000;

  private static final int SECONDS_TO_END = 30;

  private final Supplier<TrackedRun> opening;
  private final int every;
  private final Predicate<TrainingState> isDone;
  private final InstantSource clock;
  private final int secondsToEnd;
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "mlflow");
            thread.setDaemon(true);
            return thread;
          });

  private List<Figure> pending = new ArrayList<>();
  private @Nullable Future<?> sending;
  private boolean hasRounds;

  /** Of the sender's thread, as is what it could not send yet. */
  private @Nullable TrackedRun run;

  private final List<Figure> unsent = new ArrayList<>();

  private boolean isWarned;

  private volatile boolean isGivenUp;

  /**
   * Figures for a run that is opened when there are the first.
   *
   * @param every how many rounds are sent at once
   * @param isDone whether a state is the end of the training
   * @param clock tells when; nothing but MLflow's axis of time depends on it
   * @param secondsToEnd how long closing waits for what is not sent yet
   */
  MlflowListener(
      Supplier<TrackedRun> opening,
      int every,
      Predicate<TrainingState> isDone,
      InstantSource clock,
      int secondsToEnd) {
    this.opening = opening;
    this.every = every;
    this.isDone = isDone;
    this.clock = clock;
    this.secondsToEnd = secondsToEnd;
  }

  /**
   * A listener for the server that the environment names; to be asked for after {@link #check}.
   *
   * @param training what is trained
   */
  public static MlflowListener of(
      String experiment, Tracked training, int every, Predicate<TrainingState> isDone) {
    InstantSource clock = InstantSource.system();
    return new MlflowListener(
        () -> MlflowRun.open(new MlflowClient(), experiment, training, clock.millis()),
        every,
        isDone,
        clock,
        SECONDS_TO_END);
  }

  /**
   * Refuses a training that could send nothing.
   *
   * @throws org.splitmask.common.failure.SplitMaskException blaming the user where the client is
   *     not on the class path, or no server is named
   */
  public static void check() {
    checkServer(System.getenv(SERVER));
    checkClient(MlflowListener.class.getClassLoader());
  }

  /** The address is not quoted: it may hold a password. */
  static void checkServer(@Nullable String server) {
    Check.that(
        server != null && !server.isBlank(),
        "mlflow-experiment needs the address of the tracking server in the driver's environment,"
            + " such as %s=http://mlflow:5000; it has none",
        SERVER);
    Check.that(
        server != null && isAddress(server),
        "%s in the driver's environment is no address of a tracking server, such as"
            + " http://mlflow:5000",
        SERVER);
  }

  private static boolean isAddress(String server) {
    try {
      String scheme = String.valueOf(new URI(server).getScheme());
      return server.equals("databricks") || List.of("http", "https", "databricks").contains(scheme);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  static void checkClient(ClassLoader loader) {
    try {
      Class.forName(CLIENT, false, loader);
    } catch (ClassNotFoundException e) {
      Check.that(
          false,
          "mlflow-experiment needs MLflow's client, and the driver has no class %s; add --packages"
              + " org.mlflow:mlflow-client:2.17.2 to the command, with --master",
          CLIENT);
    }
  }

  @Override
  public void onRound(RoundResult result) {
    hasRounds = true;
    if (isGivenUp) {
      return;
    }
    long now = clock.millis();
    result
        .metrics()
        .named()
        .forEach(
            (name, value) ->
                pending.add(
                    new Figure(name, value.doubleValue(), result.metrics().updates(), now)));
    if (result.metrics().round() % every == 0) {
      handOver();
    }
  }

  /** Hands over what there is, unless the server is still busy with what came before. */
  private void handOver() {
    if (sending == null || sending.isDone()) {
      List<Figure> figures = pending;
      pending = new ArrayList<>();
      sending = sender.submit(() -> send(figures));
    } else if (pending.size() > MOST_UNSENT) {
      giveUp("it does not answer");
    }
  }

  /** A run that was over already has nothing to show. Nobody waits here: a checkpoint is next. */
  @Override
  public void onEnd(TrainingState state) {
    if (hasRounds && !isGivenUp) {
      boolean done = isDone.test(state);
      List<Figure> last = pending;
      pending = new ArrayList<>();
      sending =
          sender.submit(
              () -> {
                send(last);
                tryTo(() -> opened().end(done));
              });
    }
  }

  private void send(List<Figure> figures) {
    unsent.addAll(figures);
    if (tryTo(() -> opened().log(unsent))) {
      unsent.clear();
    } else if (unsent.size() > MOST_UNSENT) {
      giveUp("it has refused the figures of many rounds");
    }
  }

  private TrackedRun opened() {
    TrackedRun opened = run;
    if (opened == null) {
      opened = opening.get();
      run = opened;
    }
    return opened;
  }

  /** Whatever goes wrong, the training is worth more than its curves. */
  private boolean tryTo(Runnable action) {
    try {
      action.run();
      isWarned = false;
      return true;
    } catch (RuntimeException | LinkageError e) {
      if (!isWarned) {
        isWarned = true;
        LOG.warn(
            "cannot send figures to MLflow: {}; metrics.jsonl has them, and they are sent with the"
                + " next ones",
            withoutAddress(PlainMessage.of(e)));
      }
      return false;
    }
  }

  private static String withoutAddress(String message) {
    String server = System.getenv(SERVER);
    return server == null || server.isBlank() ? message : message.replace(server, SERVER);
  }

  private void giveUp(String why) {
    if (!isGivenUp) {
      isGivenUp = true;
      pending = new ArrayList<>();
      LOG.warn(
          "no more figures are sent to MLflow: {}; metrics.jsonl has them all, and the server is"
              + " asked again when the run is resumed",
          why);
    }
  }

  /** Waits for what is being sent, for a while. */
  @Override
  public void close() {
    try {
      if (sending != null) {
        sending.get(secondsToEnd, TimeUnit.SECONDS);
      }
    } catch (TimeoutException e) {
      giveUp("it did not answer within " + secondsToEnd + " s");
    } catch (ExecutionException e) {
      giveUp(withoutAddress(PlainMessage.of(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.shutdownNow();
    try {
      TrackedRun opened = sender.awaitTermination(1, TimeUnit.SECONDS) ? run : null;
      if (opened != null) {
        tryTo(opened::close);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
