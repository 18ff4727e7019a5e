package org.holdfast.storage.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.MemberKeys;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.SecretKeys;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.TicketSeal;

/** Blobs and tickets to test with. */
public final class Samples {
    public static final FileAddress ADDRESS = new FileAddress("admin", "dir/a file ü.txt");
    private static final MasterKeys MASTERS = new MasterKeys(SecretKeys.parse(List.of("k1:" + "ab".repeat(32))));
    /** Those of the node sn1. */
    public static final MemberKeys KEYS = keysOf("sn1");

    private Samples() {}

    public static MemberKeys keysOf(String node) {
        return MASTERS.ofNode(node, "the disk of " + node);
    }

    /** What masters alone know. */
    public static SecretKeys ofMasters() {
        return MASTERS.forPurpose("tickets");
    }

    /** A ticket for sn1, as masters seal it. */
    public static String sealed(Ticket ticket, Clock clock) {
        var seal = new TicketSeal("sn1", KEYS.tickets(), clock);
        return ticket.terms()
                .map(put -> seal.seal(
                        ticket,
                        ofMasters(),
                        put.partners().stream()
                                .map(partner -> keysOf(partner.name()).tickets())
                                .toList()))
                .orElseGet(() -> seal.seal(ticket));
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    public static Digests digests(byte[] bytes) {
        return new Digests(Map.of(
                DigestAlgorithm.MD5, hex(DigestAlgorithm.MD5, bytes),
                DigestAlgorithm.SHA_256, hex(DigestAlgorithm.SHA_256, bytes)));
    }

    public static String hex(DigestAlgorithm algorithm, byte[] bytes) {
        MessageDigest digest = RunningDigests.messageDigest(algorithm);
        return HexFormat.of().formatHex(digest.digest(bytes));
    }

    public static BlobFacts facts(BlobId id, byte[] bytes) {
        return new BlobFacts(id, bytes.length, digests(bytes));
    }

    public static Sidecar sidecar(BlobId id, byte[] bytes, Clock clock) {
        return new Sidecar(
                facts(id, bytes),
                ADDRESS,
                Optional.of("anna"),
                "text/plain",
                clock.instant(),
                clock.instant().plus(Duration.ofMinutes(15)));
    }

    /** A put of which size and digests were not told. */
    public static Ticket put(BlobId id, Clock clock) {
        return ticket(Ticket.Operation.PUT, new BlobFacts(id, BlobFacts.UNKNOWN_SIZE, Digests.NONE), clock);
    }

    public static Ticket ticket(Ticket.Operation operation, BlobFacts facts, Clock clock) {
        var terms = operation.makesVersion()
                ? Optional.of(
                        new PutTerms("admin", OnConflict.REPLACE, Optional.empty(), Optional.empty(), 1, Set.of()))
                : Optional.<PutTerms>empty();
        return new Ticket(
                operation, facts, ADDRESS, "text/plain", clock.instant().plus(Duration.ofMinutes(15)), terms);
    }

    /** A put that is to be on two nodes before it is acknowledged. */
    public static Ticket durable(BlobFacts facts, Clock clock, List<TaskMessage.Member> partners) {
        Ticket put = ticket(Ticket.Operation.PUT, facts, clock);
        var terms = put.terms().map(plain -> plain.with(2, partners));
        return new Ticket(put.operation(), facts, put.address(), put.contentType(), put.expiresAt(), terms);
    }

    /** The same put, of no more bytes than this. */
    public static Ticket upTo(long mostBytes, Ticket put) {
        var terms = put.terms().map(plain -> plain.upTo(Optional.of(mostBytes)));
        return new Ticket(put.operation(), put.blob(), put.address(), put.contentType(), put.expiresAt(), terms);
    }

    /** The same put, of which so much may be kept when it breaks off. */
    static Ticket keeping(PutTerms.KeptShare share, Ticket put) {
        var terms = put.terms().map(plain -> plain.keeping(share));
        return new Ticket(put.operation(), put.blob(), put.address(), put.contentType(), put.expiresAt(), terms);
    }

    /** A folder of its own for one test class. */
    public static Path freshFolder() {
        try {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "node-");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Lands bytes the short way. */
    public static Reception.Landed land(BlobStore store, BlobId id, byte[] bytes, Stage stage, Clock clock) {
        try (var reception = store.receive(bytes.length)) {
            reception.write(bytes, bytes.length);
            return reception.land(sidecar(id, bytes, clock), stage);
        }
    }
}
