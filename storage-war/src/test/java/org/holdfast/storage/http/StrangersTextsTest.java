package org.holdfast.storage.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.Challenge;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.HttpDate;
import org.holdfast.contract.Ping;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a stranger writes in the headers of a request for bytes, or a member in a body: a value or a refusal with its code.
 * What was found once stays as a value of the test beside its search.
 */
class StrangersTextsTest {
    private static final String ETAG = "\"0123456789abcdef\"";
    private static final Instant MODIFIED = Instant.parse("2026-01-01T00:00:00.5Z");

    private static Arbitrary<String> madeOf(String... pieces) {
        return Arbitraries.frequencyOf(
                        Tuple.of(8, Arbitraries.of(pieces)),
                        Tuple.of(
                                2,
                                Arbitraries.of(
                                        "\0",
                                        "\u0661",
                                        "\u212a",
                                        "\ud800",
                                        "\t",
                                        " ",
                                        "-",
                                        "+",
                                        "9".repeat(30),
                                        "\"",
                                        ",",
                                        ";")),
                        Tuple.of(1, Arbitraries.longs().map(String::valueOf)),
                        Tuple.of(1, Arbitraries.strings().ofMaxLength(5)),
                        Tuple.of(1, Arbitraries.of(pieces).map(piece -> piece.repeat(70))))
                .list()
                .ofMaxSize(12)
                .map(list -> String.join("", list));
    }

    @Provide
    Arbitrary<String> ranges() {
        return madeOf("0", "7", "-", ",", " ", "999999999999999999", "1-2", "-5", "5-", "bytes=", "Bytes=")
                .map(text -> text.startsWith("b") || text.startsWith("B") ? text : "bytes=" + text);
    }

    @Provide
    Arbitrary<String> conditions() {
        return madeOf(
                ETAG,
                "W/",
                ", ",
                "*",
                "Thu, ",
                "01 Jan 2026 ",
                "00:00:00 ",
                "GMT",
                "31 Feb ",
                "1 Jan ",
                "+9999",
                "-1800",
                "Fri, 31 Dec 999999999 ",
                "24:00:00 ");
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
                "{\"digests\":[",
                "\"presence\":[]",
                "\"bytesPerSecond\":",
                "1e400",
                "1e999999999",
                "1",
                "null",
                "\"01KJMZ2M00ABCDEFGHJKMNPQRS\"",
                "{\"id\":",
                "\"size\":",
                "\"digests\":{}",
                "{\"leader\":\"m1\"",
                "\"token\":",
                "\"now\":",
                "\"headSeq\":",
                "\"masters\":[]",
                "\"peers\":[]",
                "\"keys\":[]",
                "\"removed\":{\"a\":",
                "\"x\"",
                "\"\\ud800\"",
                "true");
    }

    @Property(tries = Integer.MAX_VALUE, edgeCases = EdgeCasesMode.NONE, generation = GenerationMode.RANDOMIZED)
    @Tag("night")
    @Tag("fuzz")
    void ranges_of_bytes(@ForAll("ranges") String header, @ForAll long size) {
        checkRanges(header, Math.abs(Math.max(size, -Long.MAX_VALUE)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=",
                "bytes=-",
                "bytes=-0",
                "bytes=0-,-1",
                "bytes=9999999999999999999-",
                "bytes=\u0661-",
                "bytes=5-1"
            })
    void rangesOfOldFindings(String header) {
        for (long size : List.of(0L, 1L, Long.MAX_VALUE)) {
            checkRanges(header, size);
        }
    }

    private static void checkRanges(String header, long size) {
        ByteRanges.parse(header, size).ifPresent(asked -> {
            long total = 0;
            for (ByteRanges.Part part : asked.parts()) {
                assertThat(part.first()).isBetween(0L, part.last());
                assertThat(part.last()).isLessThan(size);
                total = Math.addExact(total, part.lengthBytes());
            }
            assertThat(total).isLessThanOrEqualTo(size);
        });
    }

    @Property(tries = Integer.MAX_VALUE, edgeCases = EdgeCasesMode.NONE, generation = GenerationMode.RANDOMIZED)
    @Tag("night")
    @Tag("fuzz")
    void conditions_of_a_request(@ForAll("conditions") String header) {
        checkConditions(header);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\"", "W/", "*,", "Thu, 31 Dec 999999999 23:59:59 GMT", "Thu, 01 Jan 2026 00:00:00 +9999"})
    void conditionsOfOldFindings(String header) {
        checkConditions(header);
    }

    private static void checkConditions(String header) {
        for (var asked : List.of(
                new Conditions(header, null, null, null, header),
                new Conditions(null, header, null, null, null),
                new Conditions(null, null, header, null, null),
                new Conditions(null, null, null, header, null))) {
            assertThat(asked.judge(ETAG, MODIFIED)).isNotNull();
            assertThat(asked.rangeCounts(ETAG, MODIFIED)).isIn(true, false);
        }
        String date = HttpDate.format(MODIFIED);
        assertThat(new Conditions(null, null, date, null, null).judge(ETAG, MODIFIED))
                .isEqualTo(Conditions.Verdict.NOT_MODIFIED);
    }

    @Property(tries = Integer.MAX_VALUE, edgeCases = EdgeCasesMode.NONE, generation = GenerationMode.RANDOMIZED)
    @Tag("night")
    @Tag("fuzz")
    void bodies_of_members(@ForAll("bodies") String body) {
        checkBody(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"id\":\"01KJMZ2M00ABCDEFGHJKMNPQRS\",\"size\":1e999999999,\"digests\":{}}",
                "{\"digests\":[],\"presence\":[1],\"bytesPerSecond\":1}",
                "{\"leader\":\"m1\",\"token\":1,\"now\":\"x\",\"headSeq\":1,\"masters\":[],\"peers\":[],\"keys\":[]}"
            })
    void bodiesOfOldFindings(String body) {
        checkBody(body);
    }

    private static void checkBody(String body) {
        List<Function<JsonObject, ?>> readers = List.of(BlobFacts::fromJson, Challenge::fromJson, Ping::fromJson);
        for (Function<JsonObject, ?> reading : readers) {
            try {
                assertThat(NodeServlet.<Object>read(body.getBytes(UTF_8), reading::apply))
                        .isNotNull();
            } catch (HoldfastException refusal) {
                assertThat(refusal.code()).isEqualTo("invalid-parameter");
            }
        }
    }
}
