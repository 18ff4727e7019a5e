package org.holdfast.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.SecretKeys;
import org.holdfast.db.TestDatabase;
import org.holdfast.master.fixture.LocalBroker;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a master needs before it can boot: an empty database, a broker, secrets in files. Told as system properties, in the
 * argument file that {@code arquillian.xml} names.
 */
final class Surroundings implements BeforeAllCallback, AfterAllCallback {
    static final String ADMIN_PASSWORD = "the-administrators-password";
    static final String JOIN_TOKEN = "the-join-token";
    private static final String KEY = "k1:" + "cd".repeat(32);
    static final MasterKeys KEYS = new MasterKeys(SecretKeys.parse(List.of(KEY)));

    private static final LocalBroker BROKER = new LocalBroker();
    private static @Nullable TestDatabase database;

    static TestDatabase database() {
        if (database == null) {
            throw new IllegalStateException("the test has not begun");
        }
        return database;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        BROKER.beforeAll(context);
        TestDatabase empty = TestDatabase.empty();
        database = empty;
        Path secrets = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "secrets-");
        List<String> options = new ArrayList<>(List.of(
                "-Xmx512m",
                "-Dholdfast.db.url=" + empty.jdbcUrl(),
                "-Dholdfast.db.user=" + empty.user(),
                "-Dholdfast.broker.url=" + BROKER.config().url(),
                "-Dholdfast.broker.user=" + BROKER.config().user()));
        options.add(secret(secrets, "holdfast.db.password-file", empty.password()));
        options.add(
                secret(secrets, "holdfast.broker.password-file", BROKER.config().password()));
        options.add(secret(secrets, "holdfast.master.key-file", KEY));
        options.add(secret(secrets, "holdfast.cluster.join-token-file", JOIN_TOKEN));
        options.add(secret(secrets, "holdfast.admin.password-file", ADMIN_PASSWORD));
        options.add("-XX:TieredStopAtLevel=1");
        Files.write(Path.of("target", "master-it.args"), options);
    }

    private static String secret(Path folder, String setting, String secret) throws IOException {
        return "-D" + setting + "=" + Files.writeString(folder.resolve(setting), secret + "\n");
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        BROKER.afterAll(context);
    }
}
