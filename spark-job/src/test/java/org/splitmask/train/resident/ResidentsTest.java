/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResidentsTest {
  private final List<String> closed = new ArrayList<>();

  /** Tells when it is closed, and may fail then. */
  private record Thing(String name, List<String> closed) implements AutoCloseable {
    @Override
    public void close() {
      closed.add(name);
      if (name.startsWith("broken")) {
        throw new IllegalStateException(name);
      }
    }
  }

  @AfterEach
  void closeAll() {
    Residents.close("a");
    Residents.close("b");
  }

  @Test
  void aJobsTasksShareOneResidentAndTheNextJobClosesIt() {
    Thing first = Residents.of("a", Thing.class, () -> new Thing("first", closed));
    assertThat(Residents.of("a", Thing.class, () -> new Thing("other", closed))).isSameAs(first);
    assertThat(closed).isEmpty();
    Residents.of("b", Thing.class, () -> new Thing("second", closed));
    assertThat(closed).containsExactly("first");
    Residents.close("a"); // it is not here any more
    assertThat(closed).containsExactly("first");
    Residents.close("b");
    assertThat(closed).containsExactly("first", "second");
  }

  @Test
  void aResidentThatFailsToCloseDoesNotKeepTheNextJobOut() {
    Residents.of("a", Thing.class, () -> new Thing("broken", closed));
    assertThatThrownBy(() -> Residents.of("b", Thing.class, () -> new Thing("second", closed)))
        .hasMessage("broken");
    Thing second = Residents.of("b", Thing.class, () -> new Thing("second", closed));
    assertThat(second.name()).isEqualTo("second");
  }

  @Test
  void whatIsLentIsUsedAgainAndClosedWhenAllIsOver() {
    int[] made = {0};
    Lending<Thing> lending = new Lending<>(() -> new Thing("thing " + made[0]++, closed));
    Thing first = lending.borrow();
    Thing second = lending.borrow();
    lending.giveBack(first);
    assertThat(lending.borrow()).isSameAs(first);
    lending.giveBack(first);
    lending.close();
    assertThat(closed).containsExactly("thing 0");
    lending.giveBack(second);
    assertThat(closed).containsExactly("thing 0", "thing 1");
  }

  @Test
  void oneThatFailsToCloseDoesNotKeepTheOthersOpen() {
    List<String> names = new ArrayList<>(List.of("broken 0", "broken 1", "whole"));
    Lending<Thing> lending = new Lending<>(() -> new Thing(names.remove(0), closed));
    List<Thing> lent = List.of(lending.borrow(), lending.borrow(), lending.borrow());
    lent.forEach(lending::giveBack);
    assertThatThrownBy(lending::close).isInstanceOf(IllegalStateException.class);
    assertThat(closed).containsExactlyInAnyOrder("broken 0", "broken 1", "whole");
    lending.close();
    assertThat(closed).hasSize(3);
  }
}
