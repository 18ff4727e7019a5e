package org.holdfast.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Objects;

/** The sample catalog of {@code sample.sql}, which a schema without quotas and locks takes as well, and what came with them. */
final class Sample {
    private Sample() {}

    /** A database with the sample in it, and statistics, so that the optimizer decides as in a real catalog. */
    static TestDatabase database() {
        TestDatabase database = TestDatabase.migrated();
        try {
            run(database, "/sample.sql");
            run(database, "/sample-people.sql");
            database.run("ANALYZE TABLE account, namespace, folder, file, file_version, blob_, replica, storage_node,"
                    + " task, task_attempt");
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the sample does not fit the schema", e);
        }
        return database;
    }

    /** Runs a file of statements. */
    static void run(TestDatabase database, String resource) throws IOException, SQLException {
        try (InputStream sql = Objects.requireNonNull(Sample.class.getResourceAsStream(resource))) {
            database.run(new String(sql.readAllBytes(), UTF_8));
        }
    }
}
