package org.holdfast.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.storage.cluster.FakeMaster;
import org.holdfast.storage.cluster.FakeMaster.Prepared;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.cluster.NodeIdentity;
import org.holdfast.storage.store.Samples;
import org.holdfast.storage.store.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node makes of the masters' trouble with a question that it passes on. */
class AskMasterTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    private int ask(Prepared... answers) throws IOException {
        try (var one = new FakeMaster(Samples.KEYS, clock);
                var other = new FakeMaster(Samples.KEYS, clock)) {
            one.answerFiles(target -> Optional.of(answers[0]));
            other.answerFiles(target -> Optional.of(answers[1]));
            var membership = new Membership(
                    new NodeIdentity("sn1", "http://127.0.0.1:1", "http://127.0.0.1:1", "z", "h"),
                    folder.resolve("node.json"),
                    clock);
            one.welcome(membership, other);
            return new AskMaster(membership)
                    .ask(new AskMaster.Question("GET", "/api/v1/files/admin/a", Map.of(), ""))
                    .statusCode();
        }
    }

    @Test
    void aDefectIsNotToldAsTheAbsenceOfMasters() throws IOException {
        var bug = Prepared.problem(500, "bug");
        assertThat(ask(bug, bug)).isEqualTo(500);
        assertThat(ask(bug, Prepared.problem(503, "unavailable"))).isEqualTo(500);
        assertThat(ask(bug, Prepared.problem(404, "not-found"))).isEqualTo(404);
    }

    @Test
    void mastersThatCanNotAnswerNowAreAbsent() {
        var away = Prepared.problem(503, "unavailable");
        assertThatThrownBy(() -> ask(away, new Prepared(500, "", "<html>stopping</html>")))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
    }
}
