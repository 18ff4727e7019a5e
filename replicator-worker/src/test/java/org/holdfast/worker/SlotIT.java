package org.holdfast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.holdfast.contract.CancelMessage;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskQueues;
import org.holdfast.contract.TaskResult;
import org.holdfast.worker.fixture.FakeNode;
import org.holdfast.worker.fixture.Tasks;
import org.holdfast.worker.fixture.TestBroker;
import org.holdfast.worker.health.HealthConfig;
import org.holdfast.worker.queue.BrokerConfig;
import org.holdfast.worker.transfer.TransferConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker in this JVM with a real broker between it and the test. */
class SlotIT {
    static {
        // Awaitility's own 10 s are too short for a machine of two cores that does other things as well.
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    private static final byte[] CONTENT = Tasks.bytes(300_000);

    @TempDir
    Path data;

    private TestBroker broker;
    private FakeNode source;
    private FakeNode target;
    private final List<Worker> workers = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        broker = new TestBroker(data).start();
        source = new FakeNode();
        target = new FakeNode();
    }

    @AfterEach
    void stop() throws Exception {
        source.close();
        workers.forEach(Worker::stop);
        target.close();
        broker.stop();
    }

    @Test
    void copies_a_blob_and_reports_it() throws Exception {
        TaskMessage task = task("t1");
        broker.send(TaskQueues.NORMAL, task);
        Worker worker = worker(2, Duration.ofSeconds(5));
        TaskResult result = broker.result();
        assertThat(result.outcome().condition()).isEqualTo(Condition.DONE);
        assertThat(result.taskId()).isEqualTo("t1");
        assertThat(result.bytes()).isEqualTo(CONTENT.length);
        assertThat(result.worker()).isEqualTo("w1");
        assertThat(target.blobs().get(task.blob().id().value())).isEqualTo(CONTENT);
        await().until(() -> get(worker, "/metrics").body().contains("outcome=\"done\""));
        assertThat(get(worker, "/metrics").body()).contains("holdfast_worker_moved_bytes_total 300000");
        assertThat(broker.count(TaskQueues.NORMAL)).isZero();
    }

    @Test
    void acknowledges_after_the_work_and_together_with_the_result() throws Exception {
        var gate = source.holdDownloads();
        broker.send(TaskQueues.NORMAL, task("t1"));
        worker(1, Duration.ofSeconds(5));
        awaitDownload();
        assertThat(broker.inDelivery(TaskQueues.NORMAL)).isEqualTo(1);
        assertThat(broker.count(TaskQueues.RESULTS)).isZero();
        gate.countDown();
        await().until(() -> broker.count(TaskQueues.NORMAL) == 0);
        assertThat(broker.count(TaskQueues.RESULTS)).isEqualTo(1);
    }

    @Test
    void a_connection_cut_in_mid_transfer_brings_the_task_again_and_one_result() throws Exception {
        var gate = source.holdDownloads();
        broker.send(TaskQueues.NORMAL, task("t1"));
        worker(1, Duration.ofSeconds(5));
        awaitDownload();
        broker.cutConnections();
        await().until(() -> broker.inDelivery(TaskQueues.NORMAL) == 0);
        gate.countDown();
        assertThat(broker.result().outcome().condition()).isIn(Condition.DONE, Condition.ALREADY);
        await().until(() -> broker.count(TaskQueues.NORMAL) == 0);
        assertThat(broker.count(TaskQueues.RESULTS)).isZero();
        assertThat(source.requests()).filteredOn("GET"::equals).hasSize(2);
    }

    @Test
    void the_broker_may_be_away_at_the_start_and_restart_in_mid_transfer() throws Exception {
        broker.send(TaskQueues.NORMAL, task("t1"));
        broker.stop();
        Worker worker = worker(2, Duration.ofSeconds(5));
        assertThat(get(worker, "/health/live").statusCode()).isEqualTo(200);
        assertThat(get(worker, "/health/ready").statusCode()).isEqualTo(503);
        var gate = source.holdDownloads();
        broker.start();
        awaitDownload();
        await().until(() -> get(worker, "/health/ready").statusCode() == 200);
        broker.stop();
        await().until(() -> get(worker, "/health/ready").statusCode() == 503);
        gate.countDown();
        broker.start();
        assertThat(broker.result().outcome().condition()).isIn(Condition.DONE, Condition.ALREADY);
        await().until(() -> get(worker, "/health/ready").body(), body -> body.contains("\"status\":\"UP\""));
    }

    @Test
    void takes_urgent_before_normal_before_background() throws Exception {
        var gate = source.holdDownloads();
        broker.send(TaskQueues.NORMAL, task("first"));
        worker(1, Duration.ofSeconds(5));
        awaitDownload();
        broker.send(TaskQueues.BACKGROUND, task("background"));
        broker.send(TaskQueues.NORMAL, task("normal"));
        broker.send(TaskQueues.URGENT, task("urgent"));
        gate.countDown();
        assertThat(Stream.generate(broker::result).limit(4).map(TaskResult::taskId))
                .containsExactly("first", "urgent", "normal", "background");
    }

    @Test
    void a_busy_slot_hoards_nothing() throws Exception {
        var gate = source.holdDownloads();
        broker.send(TaskQueues.NORMAL, task("long"));
        worker(1, Duration.ofSeconds(5));
        awaitDownload();
        for (String queue : TaskQueues.TASKS) {
            broker.send(queue, Tasks.delete("quick-" + queue, target.url()));
        }
        worker(1, Duration.ofSeconds(5));
        assertThat(Stream.generate(broker::result).limit(3).map(TaskResult::taskId))
                .containsExactly(
                        TaskQueues.TASKS.stream().map(queue -> "quick-" + queue).toArray(String[]::new));
        gate.countDown();
        assertThat(broker.result().taskId()).isEqualTo("long");
    }

    @Test
    void reports_what_it_does_not_understand_and_drops_what_nobody_does() throws Exception {
        broker.sendText(TaskQueues.NORMAL, "no JSON at all");
        broker.sendText(TaskQueues.NORMAL, "{\"version\":1,\"task\":7}");
        broker.sendText(TaskQueues.NORMAL, "{\"version\":99,\"task\":\"future\",\"attempt\":3}");
        worker(1, Duration.ofSeconds(5));
        TaskResult result = broker.result();
        assertThat(result.outcome().condition()).isEqualTo(Condition.UNKNOWN_MESSAGE);
        assertThat(result.taskId()).isEqualTo("future");
        assertThat(result.attempt()).isEqualTo(3);
        await().until(() -> broker.count(TaskQueues.NORMAL) == 0);
        assertThat(broker.count(TaskQueues.DEAD)).isZero();
    }

    @Test
    void tells_its_progress_while_a_transfer_is_long() throws Exception {
        var gate = source.holdDownloads();
        broker.send(TaskQueues.NORMAL, task("t1"));
        worker(1, Duration.ofSeconds(5));
        var news = broker.receive(TaskQueues.PROGRESS, Duration.ofSeconds(10));
        assertThat(news.getString("task")).isEqualTo("t1");
        assertThat(news.getString("worker")).isEqualTo("w1");
        assertThat(news.getInt("size")).isEqualTo(CONTENT.length);
        assertThat(news.getInt("bytes")).isEqualTo(CONTENT.length / 2);
        assertThat(news.keySet()).contains("attempt", "rate");
        gate.countDown();
        assertThat(broker.result().outcome().condition()).isEqualTo(Condition.DONE);
    }

    @Test
    void a_cancelled_transfer_is_broken_off_and_one_in_the_queue_is_not_begun() throws Exception {
        source.holdDownloads();
        TaskMessage running = task("running");
        broker.send(TaskQueues.NORMAL, running);
        broker.send(TaskQueues.NORMAL, task("queued"));
        worker(1, Duration.ofSeconds(5));
        awaitDownload();
        broker.order("not for this release", 1);
        broker.order(new CancelMessage("queued", 1).toJson().toString(), 1);
        // Another attempt of the same task is none of this order's business.
        broker.order(new CancelMessage("running", 2).toJson().toString(), 1);
        broker.order(new CancelMessage("running", 1).toJson().toString(), 1);
        for (String id : List.of("running", "queued")) {
            TaskResult result = broker.result();
            assertThat(result.taskId()).isEqualTo(id);
            assertThat(result.outcome().condition()).isEqualTo(Condition.CANCELLED);
        }
        assertThat(target.blobs()).isEmpty();
        assertThat(source.requests()).containsExactly("GET");
        assertThat(broker.count(TaskQueues.NORMAL)).isZero();
    }

    @Test
    void workers_that_come_and_go_lose_nothing_and_do_nothing_twice_in_effect() throws Exception {
        int tasks = 400;
        for (int i = 0; i < tasks; i++) {
            broker.send(TaskQueues.TASKS.get(i % 3), small("t" + i));
        }
        var random = new Random(7);
        long started = 0;
        while (broker.count(TaskQueues.RESULTS) < tasks) {
            long before = broker.count(TaskQueues.RESULTS);
            Worker worker = worker(1 + random.nextInt(4), Duration.ofMillis(random.nextInt(2) * 200L));
            started++;
            await().until(() -> broker.count(TaskQueues.RESULTS) >= Math.min(tasks, before + random.nextInt(60)));
            // Half of them end while another one is at work, half leave everything to those who come.
            (random.nextBoolean() ? workers.get(random.nextInt(workers.size())) : worker).stop();
            workers.removeIf(Worker::isStopped);
        }
        assertThat(started).as("workers that took part").isGreaterThan(5);
        var results = Stream.generate(broker::result).limit(tasks).toList();
        assertThat(results).extracting(TaskResult::taskId).doesNotHaveDuplicates();
        assertThat(results)
                .extracting(result -> result.outcome().condition())
                .isSubsetOf(Condition.DONE, Condition.ALREADY);
        assertThat(target.blobs()).hasSize(tasks);
        for (String queue : TaskQueues.TASKS) {
            await().until(() -> broker.count(queue) == 0);
        }
        assertThat(broker.count(TaskQueues.DEAD)).isZero();
    }

    @Test
    void a_stop_hands_a_transfer_back_when_its_grace_is_over() throws Exception {
        source.holdDownloads();
        broker.send(TaskQueues.NORMAL, task("t1"));
        Worker worker = worker(1, Duration.ofMillis(300));
        awaitDownload();
        worker.stop();
        await().until(() -> broker.inDelivery(TaskQueues.NORMAL) == 0);
        assertThat(broker.count(TaskQueues.NORMAL)).isEqualTo(1);
        assertThat(broker.count(TaskQueues.RESULTS)).isZero();
    }

    private TaskMessage task(String id) {
        TaskMessage task = Tasks.replicate(id, 1, CONTENT, source.url(), target.url());
        source.holding(task.blob().id().value(), CONTENT);
        return task;
    }

    private TaskMessage small(String id) {
        byte[] content = Tasks.bytes(2_000);
        TaskMessage task = Tasks.replicate(id, 1, content, source.url(), target.url());
        source.holding(task.blob().id().value(), content);
        return task;
    }

    private void awaitDownload() {
        await().until(() -> source.requests().contains("GET"));
    }

    private Worker worker(int slots, Duration grace) throws Exception {
        var worker = new Worker(
                new WorkerConfig(
                        "w1",
                        slots,
                        grace,
                        new BrokerConfig(broker.url(), "holdfast", "secret"),
                        Optional.empty(),
                        new HealthConfig("127.0.0.1", 0),
                        new TransferConfig(Duration.ofSeconds(5), Duration.ofSeconds(30))),
                Clock.systemUTC());
        workers.add(worker);
        return worker;
    }

    private static HttpResponse<String> get(Worker worker, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + worker.healthPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
