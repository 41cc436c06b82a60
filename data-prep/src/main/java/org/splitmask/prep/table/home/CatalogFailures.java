/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Diagnosis;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.common.failure.SplitMaskException;

/** What a catalog's failures come to: whose they are, the remedy, and no secret in them. */
final class CatalogFailures {
  private final CatalogFile file;

  CatalogFailures(CatalogFile file) {
    this.file = file;
  }

  /**
   * Asks the catalog.
   *
   * @param failed what could not be done, behind "the catalog NAME", for the message
   */
  <T> T during(String failed, Supplier<T> request) {
    try {
      return request.get();
    } catch (SplitMaskException
        | AlreadyExistsException
        | NoSuchTableException
        | NoSuchNamespaceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw of(failed, e);
    }
  }

  private SplitMaskException of(String failed, RuntimeException failure) {
    RuntimeException clean = clean(failure);
    Verdict verdict = verdict(failure);
    return new SplitMaskException(
        verdict.blame,
        "the catalog '"
            + file.name()
            + "' ("
            + file.path()
            + ") "
            + failed
            + ": "
            + PlainMessage.of(clean)
            + "; "
            + verdict.remedy,
        clean);
  }

  private record Verdict(Blame blame, String remedy) {}

  private static Verdict verdict(Throwable failure) {
    for (Throwable at : chain(failure)) {
      String message = String.valueOf(at.getMessage());
      if (message.contains("No suitable driver")) {
        return new Verdict(
            Blame.USER,
            "correct properties.uri, or add the jar of the database's JDBC driver "
                + Diagnosis.WHERE_TO_ADD_JARS);
      }
      if (NewerIceberg.isSaidBy(at)) {
        return new Verdict(Blame.DATA, NewerIceberg.MESSAGE);
      }
      // 28 is the class of authorisation in SQL's list of states.
      if (at instanceof NotAuthorizedException
          || at instanceof ForbiddenException
          || (at instanceof SQLException sql
              && String.valueOf(sql.getSQLState()).startsWith("28"))) {
        return new Verdict(Blame.USER, "check the user and the secrets that the file refers to");
      }
    }
    return failure instanceof IllegalArgumentException
            || failure instanceof UnsupportedOperationException
        ? new Verdict(Blame.USER, "correct the properties in the file")
        : new Verdict(
            Blame.CLUSTER,
            "check whether it is up and can be reached from here (properties.uri), then run again");
  }

  /** The failure itself, or where a secret is in its words, one with other words. */
  RuntimeException clean(RuntimeException failure) {
    List<Throwable> chain = chain(failure);
    if (chain.stream().noneMatch(at -> file.secrets().isIn(at.getMessage()))) {
      return failure;
    }
    RuntimeException clean =
        new IllegalStateException(file.secrets().hide(PlainMessage.of(failure)));
    clean.setStackTrace(failure.getStackTrace());
    return clean;
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable at = failure; at != null && !chain.contains(at); at = at.getCause()) {
      chain.add(at);
    }
    return chain;
  }
}
