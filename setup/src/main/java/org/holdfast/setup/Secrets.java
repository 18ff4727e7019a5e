package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The secrets of one cluster, one file each (mode 0600) in {@code DATA/secrets}: made at the first start, never changed
 * afterwards, never shown on a command line. Whoever wants another value writes the file before the first start.
 *
 * @param directory where the files are
 */
public record Secrets(Path directory) {
    /** No 0, o, 1, l, i: a person types this password. */
    private static final String LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int KEY_BYTES = 32;

    /** Makes the secrets that are not there yet. */
    public static Secrets ensure(Path directory, SecureRandom random) {
        Secrets secrets = new Secrets(directory);
        secrets.forgetClusterKey();
        ensure(secrets.masterKey(), "k1:" + hex(random));
        ensure(secrets.joinToken(), hex(random));
        ensure(secrets.adminPassword(), legible(random));
        ensure(secrets.databasePassword(), hex(random));
        ensure(secrets.brokerPassword(), hex(random));
        return secrets;
    }

    /** Lines {@code keyId:hex64}; the first signs, all verify. For masters alone. */
    public Path masterKey() {
        return directory.resolve("master.key");
    }

    /** What a new storage node shows when it asks to join. */
    public Path joinToken() {
        return directory.resolve("join.token");
    }

    /** The password of the first administrator, {@code admin}. */
    public Path adminPassword() {
        return directory.resolve("admin.password");
    }

    /** The password of the database user {@code holdfast}. */
    public Path databasePassword() {
        return directory.resolve("db.password");
    }

    /** The password of the broker user {@code holdfast}. */
    public Path brokerPassword() {
        return directory.resolve("broker.password");
    }

    /** The first line of a secret's file. */
    public static String read(Path file) {
        try {
            return Files.readString(file, UTF_8).strip();
        } catch (IOException e) {
            throw Refusal.failed("cannot read the secret " + file, e);
        }
    }

    /** Earlier releases had one key for everything, which nodes and workers had too. It opens nothing any more. */
    private void forgetClusterKey() {
        Path file = directory.resolve("cluster.key");
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Refusal.failed("cannot delete " + file + ", which is of no use any more", e);
        }
    }

    private static void ensure(Path file, String fresh) {
        if (!Files.exists(file)) {
            PrivateFile.write(file, fresh + "\n");
        }
    }

    private static String hex(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return HexFormat.of().formatHex(key);
    }

    /** Four groups of five legible characters: almost 100 bits, and still dictated over a phone. */
    private static String legible(SecureRandom random) {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            if (i > 0 && i % 5 == 0) {
                password.append('-');
            }
            password.append(LEGIBLE.charAt(random.nextInt(LEGIBLE.length())));
        }
        return password.toString();
    }
}
