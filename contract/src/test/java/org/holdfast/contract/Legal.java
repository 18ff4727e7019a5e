package org.holdfast.contract;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary legal values of the contract, with the awkward ones often among them. */
final class Legal {
    private static final String ULID_CHARACTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private Legal() {}

    /** Names of a path: any Unicode but slashes and control characters, up to 255 bytes. */
    static Arbitrary<String> names() {
        Arbitrary<String> awkward = Arbitraries.of(
                "%",
                "%2F",
                "%00",
                "?",
                "#",
                ";x=1",
                "\\",
                "\"",
                "-rf",
                "...",
                "a b",
                "+",
                "*~",
                "Grüße",
                "e\u0301",
                "🐙🪸",
                "\u202e",
                "\ufeff",
                "n".repeat(255));
        Arbitrary<String> any = Arbitraries.strings()
                .withCharRange(' ', '~')
                .withCharRange('\u00a0', '\ud7ff')
                .ofMinLength(1)
                .ofMaxLength(80);
        return Arbitraries.oneOf(awkward, any).filter(Legal::isName);
    }

    private static boolean isName(String text) {
        return !text.contains("/")
                && !text.equals(".")
                && !text.equals("..")
                && text.getBytes(StandardCharsets.UTF_8).length <= 255;
    }

    static Arbitrary<FileAddress> addresses() {
        Arbitrary<String> namespaces = Arbitraries.strings()
                .withChars("abcxyz0189._@-")
                .ofMaxLength(63)
                .map(rest -> "n" + rest);
        Arbitrary<String> paths = names().list()
                .ofMaxSize(6)
                .map(names -> String.join("/", names))
                .filter(path -> path.getBytes(StandardCharsets.UTF_8).length <= 4096);
        return Combinators.combine(namespaces, paths).as(FileAddress::new);
    }

    static Arbitrary<BlobId> blobIds() {
        return Arbitraries.strings()
                .withChars(ULID_CHARACTERS.toCharArray())
                .ofLength(26)
                .map(BlobId::new);
    }

    static Arbitrary<Digests> digests() {
        return Arbitraries.maps(Arbitraries.of(DigestAlgorithm.class), octets(32))
                .ofMaxSize(4)
                .map(octets -> {
                    var values = new java.util.EnumMap<DigestAlgorithm, String>(DigestAlgorithm.class);
                    octets.forEach((algorithm, value) ->
                            values.put(algorithm, HexFormat.of().formatHex(value, 0, algorithm.octets())));
                    return new Digests(values);
                });
    }

    static Arbitrary<BlobFacts> blobs() {
        Arbitrary<Long> sizes = Arbitraries.longs().between(BlobFacts.UNKNOWN_SIZE, Long.MAX_VALUE);
        return Combinators.combine(blobIds(), sizes, digests()).as(BlobFacts::new);
    }

    /** Blobs with MD5 and SHA-256 known, as they are once they have landed. */
    static Arbitrary<BlobFacts> landed() {
        Arbitrary<Digests> complete = Combinators.combine(octets(16), octets(32))
                .as((md5, sha) -> new Digests(Map.of(
                        DigestAlgorithm.MD5, HexFormat.of().formatHex(md5),
                        DigestAlgorithm.SHA_256, HexFormat.of().formatHex(sha))));
        return Combinators.combine(blobIds(), Arbitraries.longs().greaterOrEqual(0), complete)
                .as(BlobFacts::new);
    }

    static Arbitrary<PutTerms> putTerms() {
        Arbitrary<Optional<String>> tags = texts().optional();
        return Combinators.combine(
                        texts(),
                        Arbitraries.of(OnConflict.class),
                        Combinators.combine(tags, tags, tags)
                                .as((match, noneMatch, since) -> new Conditions(
                                        match.orElse(null), noneMatch.orElse(null), null, since.orElse(null), null)),
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.of(DigestAlgorithm.class).set().ofMaxSize(4),
                        instants().optional(),
                        decided())
                .as(PutTerms::new);
    }

    private static Arbitrary<PutTerms.Decided> decided() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        texts().map(name -> new TaskMessage.Member(name, "http://127.0.0.1:7401"))
                                .list()
                                .ofMaxSize(3),
                        writeLocks().optional(),
                        Arbitraries.longs().greaterOrEqual(0).optional(),
                        keptShares())
                .as(PutTerms.Decided::new);
    }

    private static Arbitrary<PutTerms.KeptShare> keptShares() {
        Arbitrary<Optional<Long>> bytes = Arbitraries.longs().greaterOrEqual(0).optional();
        return Combinators.combine(Arbitraries.longs(), bytes, Arbitraries.longs(), bytes)
                .as(PutTerms.KeptShare::new);
    }

    static Arbitrary<WriteLock> writeLocks() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, Long.MAX_VALUE),
                        Arbitraries.longs().between(1, 100_000))
                .as((token, seconds) -> new WriteLock(token, Duration.ofSeconds(seconds)));
    }

    /** Tickets that expire after 2026-01-01. */
    static Arbitrary<Ticket> tickets() {
        Arbitrary<Instant> expiries = Arbitraries.longs()
                .between(1, 1_000_000_000L)
                .map(millis -> Instant.parse("2026-01-01T00:00:00Z").plusMillis(millis));
        return Combinators.combine(
                        Arbitraries.of(Ticket.Operation.class), blobs(), addresses(), texts(), expiries, putTerms())
                .as((operation, blob, address, type, expiry, terms) -> new Ticket(
                        operation,
                        blob,
                        address,
                        type,
                        expiry,
                        Optional.of(terms).filter(put -> operation.makesVersion())));
    }

    static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withCharRange('\u0000', '\ud7ff')
                .ofMinLength(1)
                .ofMaxLength(40);
    }

    static Arbitrary<Instant> instants() {
        return Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
    }

    private static Arbitrary<byte[]> octets(int count) {
        return Arbitraries.bytes().array(byte[].class).ofSize(count);
    }
}
