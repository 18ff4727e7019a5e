package org.holdfast.master.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.holdfast.contract.FailureKind;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.holdfast.master.mail.MailConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeepAlarmsTest {
    private static final Alarm DEAD =
            new Alarm(Alarm.Kind.DEAD_TASKS, Alarm.Severity.WARNING, "tasks", "2 tasks were given up.");
    private static final Alarm DOWN =
            new Alarm(Alarm.Kind.NODE_DOWN, Alarm.Severity.WARNING, "sn2", "sn2 does not answer.");
    private static final Duration SHORT = Duration.ofSeconds(10);

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void anAdministratorWithAnAddress() throws Exception {
        master.mail(new MailConfig(
                Optional.of("127.0.0.1"),
                1,
                "holdfast@example.org",
                Optional.empty(),
                MailConfig.Security.NONE,
                Optional.empty()));
        master.sql("UPDATE account SET email = 'admin@example.org' WHERE name = 'admin'");
    }

    private void keep(Alarm... found) {
        assertThat(master.get(Leadership.class).seek()).isTrue();
        master.get(KeepAlarms.class).keep(List.of(found));
    }

    private void keepLater(Duration later, Alarm... found) {
        master.clock().forward(later);
        keep(found);
    }

    private List<String> shown() {
        return master.get(KeepAlarms.class).list().stream()
                .map(view -> view.alarm().kind().word() + " since " + view.since())
                .toList();
    }

    private List<String> mails() throws Exception {
        return master.rows("SELECT recipient, subject FROM mail ORDER BY created_at, id");
    }

    @Test
    void anAlarmIsMailedOnceWhenItBeginsAndOnceWhenItIsOver() throws Exception {
        keep(DEAD);
        keepLater(SHORT, DEAD);
        keepLater(SHORT, new Alarm(DEAD.kind(), DEAD.severity(), DEAD.subject(), "3 tasks were given up."));
        assertThat(shown()).containsExactly("dead-tasks since 2026-03-01T12:00:00Z");
        assertThat(master.get(KeepAlarms.class).list().get(0).alarm().sentence())
                .isEqualTo("3 tasks were given up.");
        assertThat(mails()).containsExactly("admin@example.org Holdfast: dead-tasks (tasks)");
        keepLater(SHORT);
        assertThat(shown()).as("it is gone, for now").isEmpty();
        assertThat(mails()).hasSize(1);
        keepLater(TestWiring.ALARM_PATIENCE);
        keepLater(TestWiring.ALARM_PATIENCE);
        assertThat(mails())
                .containsExactly(
                        "admin@example.org Holdfast: dead-tasks (tasks)",
                        "admin@example.org Holdfast: dead-tasks (tasks) is over");
        assertThat(master.count("SELECT COUNT(*) FROM alarm")).isZero();
        assertThat(master.rows("SELECT body FROM mail ORDER BY created_at, id").get(0))
                .contains("warning: dead-tasks (tasks)", "2 tasks were given up.", "http://127.0.0.1:7400/console/");
    }

    @Test
    void whatComesAndGoesIsOneAlarm() throws Exception {
        keep(DEAD);
        for (int i = 0; i < 10; i++) {
            keepLater(SHORT);
            keepLater(SHORT, DEAD);
        }
        assertThat(mails()).hasSize(1);
        assertThat(shown()).containsExactly("dead-tasks since 2026-03-01T12:00:00Z");
    }

    @Test
    void whatMayPassIsToldWhenItLasts() throws Exception {
        keep(DOWN);
        keepLater(SHORT);
        keepLater(SHORT, DOWN);
        keepLater(TestWiring.ALARM_PATIENCE.minusSeconds(1), DOWN);
        assertThat(shown()).isEmpty();
        assertThat(mails()).isEmpty();
        keepLater(Duration.ofSeconds(1), DOWN);
        assertThat(shown()).containsExactly("node-down since 2026-03-01T12:00:20Z");
        assertThat(mails()).containsExactly("admin@example.org Holdfast: node-down (sn2)");
    }

    @Test
    void whatComesAtOnceIsOneMail() throws Exception {
        keep(DEAD, new Alarm(Alarm.Kind.SPACE, Alarm.Severity.CRITICAL, "sn1", "sn1 is full."));
        assertThat(mails()).containsExactly("admin@example.org Holdfast: 2 alarms");
    }

    @Test
    void aMailTellsTheFirstAndCountsTheOthersHoweverManyComeAtOnce() throws Exception {
        keep(IntStream.range(0, 500)
                .mapToObj(number -> new Alarm(
                        Alarm.Kind.NODE_FAILED, Alarm.Severity.CRITICAL, "sn" + number, "It has failed. ".repeat(50)))
                .toArray(Alarm[]::new));
        assertThat(shown()).hasSize(500);
        assertThat(mails()).containsExactly("admin@example.org Holdfast: 500 alarms");
        assertThat(master.rows("SELECT body FROM mail").get(0))
                .contains("(sn0)", "(sn" + (MailAlarms.MOST_TOLD - 1) + ")", "and 490 more")
                .doesNotContain("(sn" + MailAlarms.MOST_TOLD + ")");
    }

    @Test
    void onlyAdministratorsWhoMayActGetMails() throws Exception {
        var unused = master.user("anna");
        unused = master.user("bob");
        master.sql("UPDATE account SET email = 'anna@example.org' WHERE name = 'anna'");
        master.sql("UPDATE account SET email = 'bob@example.org', role = 'ADMINISTRATOR', suspended = TRUE"
                + " WHERE name = 'bob'");
        keep(DEAD);
        assertThat(mails()).containsExactly("admin@example.org Holdfast: dead-tasks (tasks)");
    }

    @Test
    void withoutAMailServerAlarmsAreShown() throws Exception {
        master.mail(
                new MailConfig(Optional.empty(), 25, "", Optional.empty(), MailConfig.Security.NONE, Optional.empty()));
        keep(DEAD);
        assertThat(shown()).hasSize(1);
        assertThat(mails()).isEmpty();
    }

    @Test
    void onlyTheLeaderKeepsThem() {
        assertRefused(
                FailureKind.UNAVAILABLE,
                "not-leader",
                () -> master.get(KeepAlarms.class).keep(List.of(DEAD)));
        assertThat(shown()).isEmpty();
    }
}
