package org.holdfast.worker.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.Outcome.Side;
import org.holdfast.contract.TaskMessage;
import org.holdfast.worker.fixture.FakeNode;
import org.holdfast.worker.fixture.RudeNode;
import org.holdfast.worker.fixture.Tasks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every way in which a task can end, over real connections. */
@Timeout(60)
class CarryOutTaskTest {
    /** More than the socket buffers between two processes hold, so that a target that does not read is noticed. */
    private static final byte[] CONTENT = Tasks.bytes(32 << 20);

    private static final byte[] SMALL = Tasks.bytes(1000);
    /** So patient that a busy machine is not taken for a stall. */
    private final CarryOutTask carryOutTask =
            new CarryOutTask(new TransferConfig(Duration.ofSeconds(30), Duration.ofSeconds(45)));

    /** For those who wait in vain. */
    private final CarryOutTask impatient =
            new CarryOutTask(new TransferConfig(Duration.ofSeconds(30), Duration.ofSeconds(2)));

    private final TransferBoard board = new TransferBoard(Clock.systemUTC());
    private final List<RudeNode> rude = new ArrayList<>();
    private FakeNode source;
    private FakeNode target;

    @BeforeEach
    void start() throws IOException {
        source = new FakeNode();
        target = new FakeNode();
    }

    @AfterEach
    void stop() throws IOException {
        source.close();
        target.close();
        for (RudeNode node : rude) {
            node.close();
        }
    }

    @Test
    void a_ticket_that_has_expired_in_the_queue_is_told_as_that() {
        TaskMessage task = Tasks.expired(task(1, SMALL, source.url(), target.url()));
        assertFailed(attempt(task), Condition.TICKET_EXPIRED, Side.SOURCE, 403);
        assertFailed(
                attempt(Tasks.expired(Tasks.delete("t1", target.url()))), Condition.TICKET_EXPIRED, Side.TARGET, 403);
    }

    @Test
    void a_task_of_a_release_that_gave_no_tickets_comes_again() {
        TaskMessage task = task(1, SMALL, source.url(), target.url());
        var old = new TaskMessage("t1", 1, task.kind(), task.blob(), task.address(), task.source(), task.target());
        assertThat(attempt(old).condition()).isEqualTo(Condition.TICKET_EXPIRED);
        assertThat(source.requests()).isEmpty();
    }

    @Test
    void copies_every_byte() {
        TaskMessage task = task(1, CONTENT, source.url(), target.url());
        var transfer = board.put("t1", 1, CONTENT.length);
        assertThat(carryOutTask.attempt(task, transfer).condition()).isEqualTo(Condition.DONE);
        assertThat(target.blobs().get(task.blob().id().value())).isEqualTo(CONTENT);
        assertThat(transfer.movedBytes()).isEqualTo(CONTENT.length);
    }

    @Test
    void what_the_target_says_of_its_copy_goes_to_masters_as_it_is() {
        TaskMessage copy = task(1, SMALL, source.url(), target.url());
        assertThat(attempt(copy).receipt()).contains("receipt of PUT");
        assertThat(attempt(copy).receipt()).as("it has it already").contains("receipt of PUT");
        TaskMessage later = task(2, SMALL, source.url(), target.url());
        target.holding(later.blob().id().value(), SMALL);
        assertThat(attempt(later).receipt()).contains("receipt of HEAD");
        TaskMessage deletion = Tasks.delete("t1", target.url());
        target.holding(deletion.blob().id().value(), SMALL);
        assertThat(attempt(deletion).receipt()).contains("receipt of DELETE");
        TaskMessage check = Tasks.ticketed(new TaskMessage(
                "t1", 1, TaskMessage.Kind.VERIFY, copy.blob(), copy.address(), Optional.empty(), copy.target()));
        target.holding(check.blob().id().value(), SMALL);
        assertThat(attempt(check).receipt()).contains("receipt of POST");
        target.holding(check.blob().id().value(), Tasks.bytes(999));
        assertFailed(attempt(check), Condition.HTTP, Side.TARGET, 422);
        assertThat(attempt(check).receipt()).contains("receipt of POST");
    }

    @Test
    void copies_an_empty_blob() {
        TaskMessage task = task(1, new byte[0], source.url(), target.url());
        assertThat(attempt(task).condition()).isEqualTo(Condition.DONE);
        assertThat(target.blobs().get(task.blob().id().value())).isEmpty();
    }

    @Test
    void a_target_that_has_the_blob_says_so() {
        TaskMessage task = task(1, SMALL, source.url(), target.url());
        target.holding(task.blob().id().value(), SMALL);
        assertThat(attempt(task).condition()).isEqualTo(Condition.ALREADY);
        assertThat(target.requests()).containsExactly("PUT");
    }

    @Test
    void a_later_attempt_asks_first_and_moves_nothing_in_vain() {
        TaskMessage task = task(2, SMALL, source.url(), target.url());
        target.holding(task.blob().id().value(), SMALL);
        assertThat(attempt(task).condition()).isEqualTo(Condition.ALREADY);
        assertThat(target.requests()).containsExactly("HEAD");
        assertThat(source.requests()).isEmpty();
    }

    @Test
    void a_later_attempt_copies_what_is_missing() {
        TaskMessage task = task(2, SMALL, source.url(), target.url());
        assertThat(attempt(task).condition()).isEqualTo(Condition.DONE);
        assertThat(target.requests()).containsExactly("HEAD", "PUT");
    }

    @Test
    void a_source_that_lacks_the_blob_costs_the_target_nothing() {
        TaskMessage task = Tasks.replicate("t1", 1, SMALL, source.url(), target.url());
        assertFailed(attempt(task), Condition.HTTP, Side.SOURCE, 404);
        assertThat(target.requests()).isEmpty();
    }

    @Test
    void a_full_target_is_heard_before_the_end_with_its_reason_and_its_wait() throws IOException {
        String url = rude(connection -> {
            RudeNode.readHead(connection);
            RudeNode.say(
                    connection,
                    "HTTP/1.1 507 Insufficient Storage\r\nRetry-After: 9\r\nContent-Length: 27\r\n\r\n"
                            + "{\"detail\":\"The disk is full\"");
            RudeNode.say(connection, "}");
            connection.close();
        });
        Outcome outcome = attempt(task(1, CONTENT, source.url(), url));
        assertFailed(outcome, Condition.HTTP, Side.TARGET, 507);
        assertThat(outcome.retryAfter()).contains(Duration.ofSeconds(9));
    }

    @Test
    void the_reason_of_a_refusal_is_kept_and_bounded() throws IOException {
        String detail = "no room\\u0007" + "x".repeat(900);
        String body = "{\"detail\":\"" + detail + "\"}";
        String url = rude(connection -> {
            RudeNode.readHead(connection);
            RudeNode.say(connection, "HTTP/1.1 503 Busy\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        });
        Outcome outcome = attempt(task(1, SMALL, source.url(), url));
        assertFailed(outcome, Condition.HTTP, Side.TARGET, 503);
        assertThat(outcome.detail())
                .startsWith("target sn2: answered 503, no room x")
                .hasSizeLessThan(310);
    }

    @Test
    void bytes_that_the_target_finds_wrong_are_its_422() {
        TaskMessage task = task(1, SMALL, source.url(), target.url());
        byte[] rotten = SMALL.clone();
        rotten[500] ^= 1;
        source.holding(task.blob().id().value(), rotten);
        assertFailed(attempt(task), Condition.HTTP, Side.TARGET, 422);
    }

    @Test
    void a_source_of_another_length_is_the_sources_422() {
        for (int length : new int[] {0, 999, 1001}) {
            TaskMessage task = task(1, SMALL, source.url(), target.url());
            source.holding(task.blob().id().value(), Tasks.bytes(length));
            Outcome outcome = attempt(task);
            if (length == 0) {
                // The fake node sends no length for an empty body; the connection's end tells.
                assertThat(outcome.side()).isEqualTo(Side.SOURCE);
            } else {
                assertFailed(outcome, Condition.HTTP, Side.SOURCE, 422);
            }
            assertThat(target.blobs()).isEmpty();
        }
    }

    @Test
    void a_partner_that_does_not_listen_is_refused() throws IOException {
        String nowhere = nowhere();
        assertFailed(attempt(task(1, SMALL, nowhere, target.url())), Condition.REFUSED, Side.SOURCE, 0);
        assertFailed(attempt(task(1, SMALL, source.url(), nowhere)), Condition.REFUSED, Side.TARGET, 0);
        assertFailed(
                attempt(task(1, SMALL, "http://no-such-host.invalid:1", target.url())),
                Condition.REFUSED,
                Side.SOURCE,
                0);
    }

    @Test
    void a_target_that_stops_reading_is_a_stall() throws IOException {
        String url = rude(RudeNode::readHead);
        assertFailed(attemptInVain(task(1, CONTENT, source.url(), url)), Condition.STALL, Side.TARGET, 0);
    }

    @Test
    void a_target_that_never_answers_is_a_time_out() throws IOException {
        String url = rude(RudeNode::readHead);
        assertFailed(attemptInVain(task(1, SMALL, source.url(), url)), Condition.TIMEOUT, Side.TARGET, 0);
    }

    @Test
    void a_source_that_falls_silent_in_the_middle_is_the_sources_stall() {
        source.holdDownloads();
        assertFailed(attemptInVain(task(1, CONTENT, source.url(), target.url())), Condition.STALL, Side.SOURCE, 0);
        assertThat(target.blobs()).isEmpty();
    }

    @Test
    void a_source_that_never_answers_is_a_time_out() throws IOException {
        String url = rude(RudeNode::readHead);
        assertFailed(attemptInVain(task(1, SMALL, url, target.url())), Condition.TIMEOUT, Side.SOURCE, 0);
    }

    @Test
    void a_target_that_dies_in_the_middle_is_a_reset() throws IOException {
        String url = rude(connection -> {
            RudeNode.readHead(connection);
            connection.getInputStream().readNBytes(100_000);
            RudeNode.reset(connection);
        });
        assertFailed(attempt(task(1, CONTENT, source.url(), url)), Condition.RESET, Side.TARGET, 0);
    }

    @Test
    void a_source_that_dies_in_the_middle_is_a_reset() throws IOException {
        for (boolean hard : new boolean[] {true, false}) {
            String url = rude(connection -> {
                RudeNode.readHead(connection);
                RudeNode.say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
                if (hard) {
                    RudeNode.reset(connection);
                } else {
                    connection.close();
                }
            });
            assertFailed(attempt(task(1, SMALL, url, target.url())), Condition.RESET, Side.SOURCE, 0);
            assertThat(target.blobs()).isEmpty();
        }
    }

    @Test
    void an_abort_from_outside_ends_a_transfer_that_blocks() throws Exception {
        source.holdDownloads();
        var transfer = board.put("t1", 1, CONTENT.length);
        var outcome = CompletableFuture.supplyAsync(
                () -> carryOutTask.attempt(task(1, CONTENT, source.url(), target.url()), transfer));
        org.awaitility.Awaitility.await().until(() -> transfer.movedBytes() > 0);
        transfer.abort();
        assertThat(outcome.get(30, TimeUnit.SECONDS).condition()).isEqualTo(Condition.HANDED_BACK);
    }

    @Test
    void a_task_that_can_not_be_carried_out_ends_in_an_outcome_all_the_same() {
        TaskMessage good = task(1, SMALL, source.url(), target.url());
        var noSource = new TaskMessage(
                "t1", 1, good.kind(), good.blob(), good.address(), Optional.empty(), good.target(), good.tickets());
        assertThat(attempt(noSource).condition()).isEqualTo(Condition.UNKNOWN_MESSAGE);
        Outcome outcome = attempt(task(1, SMALL, "http://not a url", target.url()));
        assertThat(outcome.condition()).isEqualTo(Condition.WORKER_FAILED);
        assertThat(outcome.detail()).contains("IllegalArgumentException");
    }

    @Test
    void deletes_and_finds_deleted_what_is_gone() {
        TaskMessage task = Tasks.delete("t1", target.url());
        target.holding(task.blob().id().value(), SMALL);
        assertThat(attempt(task).condition()).isEqualTo(Condition.DONE);
        assertThat(target.blobs()).isEmpty();
        assertThat(attempt(task).condition()).isEqualTo(Condition.ALREADY);
    }

    @Test
    void has_a_copy_verified_and_tells_a_bad_one_from_a_missing_one() {
        TaskMessage copy = task(1, SMALL, source.url(), target.url());
        var task = Tasks.ticketed(new TaskMessage(
                "t1", 1, TaskMessage.Kind.VERIFY, copy.blob(), copy.address(), Optional.empty(), copy.target()));
        assertFailed(attempt(task), Condition.HTTP, Side.TARGET, 404);
        target.holding(task.blob().id().value(), SMALL);
        assertThat(attempt(task).condition()).isEqualTo(Condition.DONE);
        target.holding(task.blob().id().value(), Tasks.bytes(999));
        assertFailed(attempt(task), Condition.HTTP, Side.TARGET, 422);
    }

    @Test
    void a_delete_that_fails_blames_the_target() throws IOException {
        assertFailed(attempt(Tasks.delete("t1", nowhere())), Condition.REFUSED, Side.TARGET, 0);
        assertFailed(attemptInVain(Tasks.delete("t1", rude(RudeNode::readHead))), Condition.TIMEOUT, Side.TARGET, 0);
        String busy = rude(connection -> {
            RudeNode.readHead(connection);
            RudeNode.say(connection, "HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n");
        });
        Outcome outcome = attempt(Tasks.delete("t1", busy));
        assertFailed(outcome, Condition.HTTP, Side.TARGET, 503);
        assertThat(outcome.retryAfter()).contains(Duration.ofSeconds(3));
    }

    private Outcome attempt(TaskMessage task) {
        return carryOutTask.attempt(task, transfer(task));
    }

    private Outcome attemptInVain(TaskMessage task) {
        return impatient.attempt(task, transfer(task));
    }

    private Transfer transfer(TaskMessage task) {
        return board.put(task.taskId(), task.attempt(), task.blob().sizeBytes());
    }

    private TaskMessage task(int attempt, byte[] content, String sourceUrl, String targetUrl) {
        TaskMessage task = Tasks.replicate("t1", attempt, content, sourceUrl, targetUrl);
        source.holding(task.blob().id().value(), content);
        return task;
    }

    private String rude(RudeNode.Script script) throws IOException {
        var node = new RudeNode(script);
        rude.add(node);
        return node.url();
    }

    private static String nowhere() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + probe.getLocalPort();
        }
    }

    private static void assertFailed(Outcome outcome, Condition condition, Side side, int status) {
        assertThat(outcome.condition()).as(outcome.detail()).isEqualTo(condition);
        assertThat(outcome.side()).as(outcome.detail()).isEqualTo(side);
        assertThat(outcome.status()).isEqualTo(status);
        assertThat(outcome.detail())
                .startsWith(side == Side.SOURCE ? "source sn1: " : "target sn2: ")
                .doesNotContain("ticket=");
    }
}
