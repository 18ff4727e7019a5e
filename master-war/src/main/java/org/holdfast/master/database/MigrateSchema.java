package org.holdfast.master.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings the schema to this release's state. Flyway is its only author; its lock lets several masters start at once. */
public final class MigrateSchema {
    private MigrateSchema() {}

    /** Idempotent; fails when the database is newer than this release. */
    public static void run(DataSource catalog) {
        Flyway.configure(MigrateSchema.class.getClassLoader())
                .dataSource(catalog)
                .locations("classpath:db/migration")
                // A schema of a later release is no place for this one to write to.
                .ignoreMigrationPatterns(new String[0])
                .load()
                .migrate();
    }
}
