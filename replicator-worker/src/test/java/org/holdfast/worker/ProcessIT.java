package org.holdfast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskQueues;
import org.holdfast.worker.fixture.FakeNode;
import org.holdfast.worker.fixture.Tasks;
import org.holdfast.worker.fixture.TestBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged worker as a process of its own, stopped gently and killed. */
@Timeout(120)
class ProcessIT {
    static {
        // Awaitility's own 10 s are too short for a machine of two cores that does other things as well.
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    private static final byte[] CONTENT = Tasks.bytes(300_000);
    private static final int MAX_SIGTERM_SECONDS = 15;

    @TempDir
    Path folder;

    private TestBroker broker;
    private FakeNode source;
    private FakeNode target;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        broker = new TestBroker(folder.resolve("broker")).start();
        source = new FakeNode();
        target = new FakeNode();
        Files.writeString(folder.resolve("broker.password"), "hush");
    }

    @AfterEach
    void stop() throws Exception {
        processes.forEach(Process::destroyForcibly);
        source.close();
        target.close();
        broker.stop();
    }

    @Test
    void sigterm_lets_a_transfer_finish_within_its_grace() throws Exception {
        var gate = source.holdDownloads();
        broker.send(TaskQueues.NORMAL, task("t1"));
        Process worker = worker("a", "20");
        awaitDownloads(1);
        worker.destroy();
        await().until(() -> log("a").contains("stopping, 1 tasks in hand"));
        gate.countDown();
        assertThat(worker.waitFor(MAX_SIGTERM_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.exitValue()).isZero();
        assertThat(broker.result().outcome().condition()).isEqualTo(Condition.DONE);
        assertThat(broker.count(TaskQueues.NORMAL)).isZero();
    }

    @Test
    void sigterm_hands_back_what_does_not_finish() throws Exception {
        source.holdDownloads();
        broker.send(TaskQueues.NORMAL, task("t1"));
        Process worker = worker("a", "1");
        awaitDownloads(1);
        worker.destroy();
        assertThat(worker.waitFor(MAX_SIGTERM_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.exitValue()).isZero();
        assertThat(log("a")).contains("task t1 handed back", "stopped");
        await().until(() -> broker.inDelivery(TaskQueues.NORMAL) == 0);
        assertThat(broker.count(TaskQueues.NORMAL)).isEqualTo(1);
        assertThat(broker.count(TaskQueues.RESULTS)).isZero();
    }

    @Test
    void an_idle_worker_stops_at_once() throws Exception {
        Process worker = worker("a", "20");
        await().until(() -> log("a").contains("connected to the broker"));
        worker.destroy();
        assertThat(worker.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.exitValue()).isZero();
    }

    @Test
    void what_a_killed_worker_had_in_hand_is_done_by_another() throws Exception {
        source.holdDownloads();
        broker.send(TaskQueues.NORMAL, task("t1"));
        Process worker = worker("a", "20");
        awaitDownloads(1);
        worker.destroyForcibly();
        assertThat(worker.waitFor(5, TimeUnit.SECONDS)).isTrue();
        source.openGate();
        worker("b", "20");
        assertThat(broker.result().outcome().condition()).isEqualTo(Condition.DONE);
        awaitDownloads(2);
        await().until(() -> broker.count(TaskQueues.NORMAL) == 0);
        assertThat(broker.count(TaskQueues.RESULTS)).isZero();
    }

    @Test
    void a_taken_health_port_is_said_in_one_line_with_exit_code_1() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process worker = worker("a", "20", "-Dholdfast.worker.health-port=" + taken.getLocalPort());
            assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(worker.exitValue()).isEqualTo(1);
            assertThat(log("a").lines()).hasSize(1).first().asString().contains("holdfast.worker.health-address");
        }
    }

    private Process worker(String name, String graceSeconds, String... properties) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-Dholdfast.worker.name=" + name,
                "-Dholdfast.worker.health-port=0",
                "-Dholdfast.broker.url=" + broker.url(),
                "-Dholdfast.broker.password-file=" + folder.resolve("broker.password")));
        command.addAll(List.of(properties));
        command.addAll(List.of("-jar", "target/holdfast-worker.jar", "--concurrency", "2", "--grace", graceSeconds));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String log(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }

    private TaskMessage task(String id) {
        TaskMessage task = Tasks.replicate(id, 1, CONTENT, source.url(), target.url());
        source.holding(task.blob().id().value(), CONTENT);
        return task;
    }

    private void awaitDownloads(int count) {
        await().until(() -> source.requests().stream().filter("GET"::equals).count() == count);
    }
}
