package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Query;
import org.holdfast.master.cluster.NodeView;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a stranger writes in the query or the body of a request: a value or a refusal with its code, and a record of the
 * request in the audit log. What was found once stays as a value of the test beside its search.
 */
class StrangersTextsTest {
    private static Arbitrary<String> madeOf(String... pieces) {
        return Arbitraries.frequencyOf(
                        Tuple.of(8, Arbitraries.of(pieces)),
                        Tuple.of(
                                2,
                                Arbitraries.of(
                                        "\0", "\u0661", "\u212a", "\ud800", "%", "%f", "%00", "%ff", "+", "\"", "\\",
                                        "/", "..")),
                        Tuple.of(1, Arbitraries.strings().ofMaxLength(5)),
                        Tuple.of(1, Arbitraries.of(pieces).map(piece -> piece.repeat(40))))
                .list()
                .ofMaxSize(14)
                .map(list -> String.join("", list));
    }

    @Provide
    Arbitrary<String> queries() {
        return madeOf("limit=", "names=", "&", "=", ",", "a", "%41", "1", "-1", "99999999999999999999", ",,", "&&");
    }

    @Provide
    Arbitrary<String> targets() {
        return madeOf(
                "/api/v1/",
                "files",
                "/",
                "admin",
                "tasks",
                "users",
                "shared/",
                "password-links",
                "a.b",
                "%2f",
                ";x=y",
                "nodes/",
                "workers");
    }

    @Provide
    Arbitrary<String> bodies() {
        return madeOf(
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "\"name\":",
                "\"flag\":",
                "\"size\":",
                "\"at\":",
                "\"x\"",
                "\"\\ud800\"",
                "true",
                "null",
                "1",
                "1e400",
                "1e999999999",
                "-0.0",
                "9".repeat(400),
                "\"2027-01-31T12:00:00Z\"",
                "\"+999999999-01-01T00:00:00+18:00\"",
                "{\"adminState\":",
                "\"draining\"",
                "\"force\":",
                "\"heal\":",
                "\"bandwidthBytesPerSecond\":",
                "{\"name\":\"x\",");
    }

    @Property(tries = Integer.MAX_VALUE, edgeCases = EdgeCasesMode.NONE, generation = GenerationMode.RANDOMIZED)
    @Tag("night")
    @Tag("fuzz")
    void a_query(@ForAll("targets") String path, @ForAll("queries") String query) {
        checkTarget(path, query);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "names=,", "names=,,", "names=a,a", "limit=%", "limit=1e3", "%ff=%00"})
    void aQueryOfOldFindings(String query) {
        checkTarget("/api/v1/files/" + query, query);
    }

    private static void checkTarget(String path, String query) {
        refusedOr(() -> {
            var read = Query.parse(query);
            refusedOr(() -> assertThat(read.number("limit", 7, 1, 10)).isBetween(1L, 10L));
            assertThat(read.names("names")).isNotNull();
        });
        for (String method : List.of("GET", "POST", "X")) {
            assertThat(AuditRules.what(method, path, query)).isNotNull();
            assertThat(AuditRules.isRecorded(method, path, 200, Optional.empty()))
                    .isIn(true, false);
        }
    }

    @Property(tries = Integer.MAX_VALUE, edgeCases = EdgeCasesMode.NONE, generation = GenerationMode.RANDOMIZED)
    @Tag("night")
    @Tag("fuzz")
    void a_body(@ForAll("bodies") String body) {
        checkBody(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"size\":1e999999999}",
                "{\"at\":\"+999999999-12-31T23:59:59-18:00\"}",
                "{\"bandwidthBytesPerSecond\":1e999999999}",
                "{\"adminState\":null}",
                "{\"name\":\"\\ud800\"}"
            })
    void aBodyOfOldFindings(String body) {
        checkBody(body);
    }

    private static void checkBody(String body) {
        refusedOr(() -> assertThat(NodeWish.read(body, new NodeView.Terms(Optional.empty(), Optional.empty())))
                .isNotNull());
        refusedOr(() -> {
            var read = JsonBody.read(body, Set.of("name", "flag", "size", "at"));
            assertThat(read.told()).isNotNull();
            refusedOr(() -> assertThat(read.text("name")).isNotNull());
            refusedOr(() -> assertThat(read.flag("flag", true)).isIn(true, false));
            refusedOr(() -> assertThat(read.number("size", Optional.empty())).isNotNull());
            refusedOr(() -> assertThat(read.instant("at", Optional.empty())).isNotNull());
        });
    }

    private static void refusedOr(Runnable reading) {
        try {
            reading.run();
        } catch (HoldfastException refusal) {
            assertThat(refusal.code()).isEqualTo("invalid-parameter");
        }
    }
}
