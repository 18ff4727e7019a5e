package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a stranger writes: a value or a refusal with its code, and no other failure. The texts are made of the pieces that
 * right ones have, with dirt in between. What was found once stays as a value of the test beside its search.
 */
class StrangersTextsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final TicketSeal SEAL =
            new TicketSeal("sn1", SecretKeys.parse(List.of("k1:" + "ab".repeat(32))), Clock.fixed(NOW, ZoneOffset.UTC));
    private static final SecretKeys MASTERS = SecretKeys.parse(List.of("k1:" + "fe".repeat(32)));

    private static final String GENUINE = SEAL.seal(new Ticket(
            Ticket.Operation.GET,
            new BlobFacts(new BlobId("01KJMZ2M00ABCDEFGHJKMNPQRS"), 3, Digests.NONE),
            new FileAddress("admin", "a/b"),
            "text/plain",
            NOW.plusSeconds(60),
            Optional.empty()));

    private static final List<String> DIRT = List.of(
            "",
            "\0",
            "\r\n",
            "\u0085",
            "\u2028",
            "\ud800",
            "\udc00",
            "\ud83d\ude00",
            "%",
            "%0",
            "%00",
            "%ff",
            "%c3%a4",
            "%2f",
            "%5C",
            "%u0041",
            "+",
            ";",
            "?",
            "#",
            "\\",
            "\"",
            "'",
            "..",
            "-1",
            "9223372036854775808",
            "1e400",
            "=",
            ",",
            ":",
            "*",
            "  ",
            "\u0661",
            "\u212a");

    static Arbitrary<String> madeOf(String... pieces) {
        return Arbitraries.frequencyOf(
                        Tuple.of(8, Arbitraries.of(pieces)),
                        Tuple.of(2, Arbitraries.of(DIRT)),
                        Tuple.of(1, Arbitraries.strings().ofMaxLength(5)),
                        Tuple.of(1, Arbitraries.of(pieces).map(piece -> piece.repeat(40))))
                .list()
                .ofMaxSize(12)
                .map(list -> String.join("", list));
    }

    @Provide
    Arbitrary<String> addresses() {
        return madeOf(
                "/",
                "ns",
                "a",
                "dir",
                "/a/",
                "%20",
                "%41",
                ".",
                "..",
                "%2e",
                "x".repeat(255),
                "/api/v1/files/",
                "~",
                "a@b.c");
    }

    @Provide
    Arbitrary<String> tickets() {
        String[] parts = GENUINE.split("\\.", -1);
        return Arbitraries.oneOf(
                madeOf(parts[0], ".", ".k1.", "k1", parts[2], GENUINE, "e30", "AAAA", "-_"),
                Arbitraries.integers()
                        .between(0, GENUINE.length() - 1)
                        .flatMap(at -> madeOf("A", "=", ".")
                                .map(text -> GENUINE.substring(0, at) + text + GENUINE.substring(at))));
    }

    @Provide
    Arbitrary<String> headers() {
        return madeOf(
                "sha-256",
                "md5",
                "=",
                ":",
                "=:",
                ":=",
                ",",
                ";q=1",
                "CRL8R46qnyoc8EytFCq+0A==",
                "AAAA",
                "W/\"",
                "\"",
                "*",
                "Basic ",
                "YWRtaW46eA==",
                "Holdfast ",
                "member=sn1",
                ",key=k1",
                ",at=1767225600000",
                ",body=00",
                ",signature=zz",
                "Bearer ",
                "10",
                "bytes",
                "replace",
                "fail");
    }

    @Property(tries = Integer.MAX_VALUE, edgeCases = EdgeCasesMode.NONE, generation = GenerationMode.RANDOMIZED)
    @Tag("night")
    @Tag("fuzz")
    void an_address(@ForAll("addresses") String raw) {
        checkAddress(raw);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "%",
                "ns/%",
                "ns/%4",
                "ns/\ud800",
                "ns/%ed%a0%80",
                "ns//",
                "ns/a//",
                "ns/%2e%2E",
                "\u212a/a"
            })
    void anAddressOfOldFindings(String raw) {
        checkAddress(raw);
    }

    private static void checkAddress(String raw) {
        refusedOr("invalid-name", () -> PlainPath.require(raw));
        refusedOr("invalid-name", () -> {
            var address = FileAddress.parse(raw);
            assertThat(FileAddress.parse(address.encoded())).isEqualTo(address);
            assertThat(address.isRoot()
                            || address.parent().child(address.name()).equals(address))
                    .isTrue();
        });
        assertThat(LocalName.is(raw)).isIn(true, false);
    }

    @Property(tries = Integer.MAX_VALUE, edgeCases = EdgeCasesMode.NONE, generation = GenerationMode.RANDOMIZED)
    @Tag("night")
    @Tag("fuzz")
    void a_ticket(@ForAll("tickets") String text) {
        checkTicket(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "e30.k1.", "e30.k1.AAAAAAAAAAAAAAAAAAAAAA", "\u212a.k1.x"})
    void aTicketOfOldFindings(String text) {
        checkTicket(text);
    }

    private static void checkTicket(String text) {
        refusedOr("ticket-invalid", () -> {
            var unused = SEAL.open(text);
            assertThat(text).isEqualTo(GENUINE);
        });
        refusedOr("ticket-invalid", () -> {
            var unused = SEAL.openOwn(text, MASTERS);
            assertThat(text).as("a ticket to read is none for a commit").isEmpty();
        });
        refusedOr("ticket-invalid", () -> {
            String ofPartner = SEAL.forPartner(text, 0);
            assertThat(ofPartner).as("there is no partner").isEmpty();
        });
    }

    @Property(tries = Integer.MAX_VALUE, edgeCases = EdgeCasesMode.NONE, generation = GenerationMode.RANDOMIZED)
    @Tag("night")
    @Tag("fuzz")
    void a_header(@ForAll("headers") String header, @ForAll("headers") String other) {
        checkHeader(header, other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "=",
                "md5=",
                "md5=:",
                "md5=::",
                "sha-256=:AAAA:",
                "Basic",
                "Basic =",
                "Holdfast ",
                "Holdfast at=,,="
            })
    void aHeaderOfOldFindings(String header) {
        checkHeader(header, header);
    }

    private static void checkHeader(String header, String other) {
        refusedOr("invalid-parameter", () -> {
            var told = Digests.fromHeaders(header, other);
            assertThat(told.values()).isNotNull();
        });
        refusedOr("invalid-parameter", () -> assertThat(Digests.wanted(header)).isNotNull());
        assertThat(EntityTags.ifMatchNames(header, "\"x\"")).isIn(true, false);
        assertThat(EntityTags.ifNoneMatchNames(header, "\"x\"")).isIn(true, false);
        assertThat(ToldName.of(header)).isNotNull();
        assertThat(SignedCall.memberOf(header)).isNotNull();
        var call = new SignedCall("sn1", MASTERS, Clock.fixed(NOW, ZoneOffset.UTC));
        List<String> verified = new ArrayList<>();
        refusedOr("cluster-signature-required", () -> {
            call.verify(header, "GET", "/x", new byte[0]);
            verified.add(header);
        });
        assertThat(verified).isEmpty();
        refusedOr(
                "invalid-parameter", () -> assertThat(OnConflict.parse(header)).isNotNull());
    }

    private static void refusedOr(String code, Runnable reading) {
        try {
            reading.run();
        } catch (HoldfastException refusal) {
            assertThat(refusal.code()).isEqualTo(code);
        }
    }
}
