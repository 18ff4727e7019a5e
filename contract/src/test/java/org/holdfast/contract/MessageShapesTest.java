package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is sent is what arrives: every shape survives being written as text and read again. */
class MessageShapesTest {
    @Property
    void task_messages(@ForAll("tasks") TaskMessage task) {
        assertThat(TaskMessage.fromJson(sent(task.toJson()))).isEqualTo(task);
    }

    @Property
    void task_results(@ForAll("results") TaskResult result) {
        assertThat(TaskResult.fromJson(sent(result.toJson()))).isEqualTo(result);
    }

    @Property
    void progress_and_orders(@ForAll("texts") String text, @ForAll int attempt, @ForAll long bytes) {
        var progress = new TaskProgress(text, attempt, text, bytes, bytes - 1, -bytes);
        assertThat(TaskProgress.fromJson(sent(progress.toJson()))).isEqualTo(progress);
        var cancel = new CancelMessage(text, attempt);
        assertThat(CancelMessage.fromJson(sent(cancel.toJson()))).isEqualTo(cancel);
        for (String name : cancel.toJson().keySet()) {
            assertThatExceptionOfType(HoldfastException.class)
                    .isThrownBy(() -> CancelMessage.fromJson(Json.createObjectBuilder(cancel.toJson())
                            .remove(name)
                            .build()));
        }
    }

    @Property
    void beats_of_locks(@ForAll List<Long> renew, @ForAll List<Long> release, @ForAll("texts") String proof) {
        var beat = new LockBeat(
                renew.stream().map(token -> new LockBeat.Held(token, proof)).toList(),
                release.stream().map(token -> new LockBeat.Held(token, proof)).toList());
        assertThat(LockBeat.fromJson(sent(beat.toJson()))).isEqualTo(beat);
    }

    @Example
    void a_beat_of_locks_is_bounded() {
        var one = new LockBeat.Held(1, "proof");
        List<LockBeat.Held> most = Collections.nCopies(LockBeat.MOST, one);
        assertThat(new LockBeat(most, List.of()).renew()).hasSize(LockBeat.MOST);
        assertThatExceptionOfType(HoldfastException.class).isThrownBy(() -> new LockBeat(most, List.of(one)));
    }

    @Property
    void landings_and_commits(
            @ForAll("landed") BlobFacts blob,
            @ForAll("addresses") FileAddress address,
            @ForAll String text,
            @ForAll int count,
            @ForAll boolean renamed) {
        String printable = text.replaceAll("\\p{Cs}", "");
        var landing = new Landing(List.of(printable, printable + "2"), blob);
        assertThat(Landing.fromJson(sent(landing.toJson()))).isEqualTo(landing);
        var request = new CommitRequest(printable, landing);
        assertThat(CommitRequest.fromJson(sent(request.toJson()))).isEqualTo(request);
        var reply = new CommitReply(address, count, count - 1, blob, 1, 3, renamed);
        assertThat(CommitReply.fromJson(sent(reply.toJson()))).isEqualTo(reply);
        var ofAnOlderMaster =
                Json.createObjectBuilder(reply.toJson()).remove("olderVersions").build();
        assertThat(CommitReply.fromJson(ofAnOlderMaster))
                .isEqualTo(new CommitReply(address, count, 0, blob, 1, 3, renamed));
    }

    @Property
    void blobs(@ForAll("blobs") BlobFacts blob) {
        assertThat(BlobFacts.fromJson(sent(blob.toJson()))).isEqualTo(blob);
    }

    @Property
    void joining(@ForAll("texts") String text, @ForAll long bytes) {
        var room = new NodeReport.Room(bytes, bytes - 1, Long.MAX_VALUE);
        var traffic = Optional.of(new NodeReport.Traffic(bytes, 1, 2, Long.MAX_VALUE));
        var report =
                new NodeReport(text, "uuid", room, new NodeReport.State("boot", bytes, Optional.of(text), 7), traffic);
        assertThat(NodeReport.fromJson(sent(report.toJson()))).isEqualTo(report);
        var well = new NodeReport(
                text, "uuid", room, new NodeReport.State("boot", bytes, Optional.empty(), 7), Optional.empty());
        assertThat(NodeReport.fromJson(sent(well.toJson()))).isEqualTo(well);
        var request = new JoinRequest("http://a:1", text, "zone", "host", report);
        assertThat(JoinRequest.fromJson(sent(request.toJson()))).isEqualTo(request);
        var reply = new JoinReply(List.of("k1:secret", text), List.of("http://m:1"));
        assertThat(JoinReply.fromJson(sent(reply.toJson()))).isEqualTo(reply);
        assertThat(reply.toString()).doesNotContain("secret");
    }

    @Property
    void checks_of_copies(@ForAll("blobs") BlobFacts blob, @ForAll("texts") String text, @ForAll boolean yes) {
        BlobId id = blob.id();
        long size = blob.sizeBytes();
        for (CopyProof.Found found : CopyProof.Found.values()) {
            var proof = new CopyProof(id, found, size, text);
            assertThat(CopyProof.fromJson(sent(proof.toJson()))).isEqualTo(proof);
        }
        var challenge = new Challenge(List.of(id), List.of(id, id), Math.abs(size));
        assertThat(Challenge.fromJson(sent(challenge.toJson()))).isEqualTo(challenge);
        var page = new InventoryPage(
                List.of(new InventoryPage.Item(id, size, yes)),
                List.of(text),
                yes ? Optional.of(id) : Optional.empty());
        assertThat(InventoryPage.fromJson(sent(page.toJson()))).isEqualTo(page);
        var change = new ChangePage.Change(
                7, "PUT", text, yes ? Optional.of(id) : Optional.empty(), Optional.of(id), yes, Instant.EPOCH);
        var changes = new ChangePage(size, List.of(change));
        assertThat(ChangePage.fromJson(sent(changes.toJson()))).isEqualTo(changes);
        var caughtUp = new CaughtUp(size, yes);
        assertThat(CaughtUp.fromJson(sent(caughtUp.toJson()))).isEqualTo(caughtUp);
    }

    @Example
    void a_challenge_names_no_more_blobs_than_fit() {
        BlobId id = new BlobId("01KJMZ2M00ABCDEFGHJKMNPQRS");
        List<BlobId> most = java.util.Collections.nCopies(Challenge.MAX_BLOBS, id);
        assertThat(new Challenge(most, List.of(), 0).toJson().toString()).hasSizeLessThan(64 * 1024);
        assertThatExceptionOfType(HoldfastException.class).isThrownBy(() -> new Challenge(most, List.of(id), 0));
    }

    @Property
    void heartbeats(@ForAll("texts") String text, @ForAll long number, @ForAll boolean canRead) {
        var peers = List.of(new Ping.Peer(text, "http://a:1", "running", canRead));
        var now = Instant.ofEpochMilli(number / 1_000_000);
        var removed = new RemovedMembers(Map.of(text, now));
        var cluster = new Ping.Cluster(List.of("http://m:1", text), peers, List.of(text), removed);
        for (Optional<Long> cap : List.of(Optional.of(number), Optional.<Long>empty())) {
            var ping = new Ping(new Ping.Leader(text, number), now, number, cluster, cap);
            assertThat(Ping.fromJson(sent(ping.toJson()))).isEqualTo(ping);
            // As a master of a release before sends it.
            var older =
                    Json.createObjectBuilder(ping.toJson()).remove("removed").build();
            assertThat(Ping.fromJson(older).cluster().removed()).isEqualTo(RemovedMembers.NONE);
        }
        assertThatExceptionOfType(HoldfastException.class).isThrownBy(() -> Ping.fromJson(JsonValue.EMPTY_JSON_OBJECT));
    }

    /** A master of another release, or a hand that typed: one kind of failure, whatever is wrong. */
    @Property(tries = 100)
    void a_task_of_another_shape_is_unknown(@ForAll("tasks") TaskMessage task) {
        JsonObject json = task.toJson();
        for (String name : json.keySet()) {
            if (!name.equals("source") && !name.endsWith("Ticket")) {
                assertUnknown(Json.createObjectBuilder(json).remove(name).build());
            }
            assertUnknown(Json.createObjectBuilder(json)
                    .add(name, JsonValue.EMPTY_JSON_ARRAY)
                    .build());
        }
        assertUnknown(Json.createObjectBuilder(json).add("version", 2).build());
        assertUnknown(Json.createObjectBuilder(json).add("kind", "TELEPORT").build());
        assertUnknown(Json.createObjectBuilder(json).add("path", "../x").build());
        JsonObject blob = json.getJsonObject("blob");
        assertUnknown(Json.createObjectBuilder(json)
                .add("blob", Json.createObjectBuilder(blob).add("id", "nonsense"))
                .build());
        assertUnknown(Json.createObjectBuilder(json)
                .add("blob", Json.createObjectBuilder(blob).add("size", 1.5))
                .build());
        assertUnknown(JsonValue.EMPTY_JSON_OBJECT);
    }

    @Example
    void a_task_ignores_fields_of_the_future() {
        TaskMessage task = tasks().sample();
        JsonObject more =
                Json.createObjectBuilder(task.toJson()).add("bandwidth", 7).build();
        assertThat(TaskMessage.fromJson(more)).isEqualTo(task);
    }

    @Example
    void a_conflict_rule_is_read_in_any_case_and_nothing_else_is() {
        assertThat(OnConflict.parse("Rename")).isEqualTo(OnConflict.RENAME);
        assertThat(OnConflict.parse("replace")).isEqualTo(OnConflict.REPLACE);
        assertThat(OnConflict.parse("fail")).isEqualTo(OnConflict.FAIL);
        assertThatExceptionOfType(HoldfastException.class).isThrownBy(() -> OnConflict.parse("overwrite"));
    }

    private static void assertUnknown(JsonObject json) {
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> TaskMessage.fromJson(json))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("unknown-message"));
    }

    private static JsonObject sent(JsonObject json) {
        try (var reader = Json.createReader(new StringReader(json.toString()))) {
            return reader.readObject();
        }
    }

    @Provide
    Arbitrary<TaskMessage> tasks() {
        Arbitrary<TaskMessage.Member> members =
                Legal.texts().map(name -> new TaskMessage.Member(name, "http://127.0.0.1:7401"));
        return Combinators.combine(
                        Legal.texts(),
                        Arbitraries.integers().greaterOrEqual(1),
                        Arbitraries.of(TaskMessage.Kind.class),
                        Legal.blobs(),
                        Legal.addresses(),
                        members.optional(),
                        members,
                        Combinators.combine(Legal.texts(), Legal.texts()).as(TaskMessage.Tickets::new))
                .as(TaskMessage::new);
    }

    @Provide
    Arbitrary<TaskResult> results() {
        Arbitrary<Optional<Duration>> waits = Arbitraries.longs()
                .between(0, 1_000_000)
                .map(Duration::ofSeconds)
                .optional();
        Arbitrary<Outcome> outcomes = Combinators.combine(
                        Arbitraries.of(Outcome.Condition.class),
                        Arbitraries.of(Outcome.Side.class),
                        Arbitraries.integers().between(0, 599),
                        waits,
                        Legal.texts(),
                        Legal.texts().optional())
                .as(Outcome::new);
        Arbitrary<Instant> instants = Legal.instants();
        return Combinators.combine(
                        Legal.texts(),
                        Arbitraries.integers().greaterOrEqual(1),
                        Legal.texts(),
                        outcomes,
                        Arbitraries.longs().greaterOrEqual(0),
                        instants,
                        instants)
                .as(TaskResult::new);
    }

    @Provide
    Arbitrary<BlobFacts> blobs() {
        return Legal.blobs();
    }

    @Provide
    Arbitrary<BlobFacts> landed() {
        return Legal.landed();
    }

    @Provide
    Arbitrary<FileAddress> addresses() {
        return Legal.addresses();
    }

    @Provide
    Arbitrary<String> texts() {
        return Legal.texts();
    }
}
