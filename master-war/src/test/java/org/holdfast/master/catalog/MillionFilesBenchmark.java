package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.account.Caller;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What questions about many files cost, of an account with ten thousand of them and of one with a million. The files are
 * rows only. Run {@code system-tests/benchmark-million}; the tests of the build leave it out.
 */
@Timeout(300)
class MillionFilesBenchmark {
    private static final int FEW = 10_000;
    private static final int MANY = 1_000_000;
    private static final int FILES_A_FOLDER = 100;
    private static final int PAGE = 1_000;
    private static final int ROUNDS = 5;

    /** Rows of one insert: more in one transaction only fill the undo log. */
    private static final int AT_ONCE = 100_000;

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private interface Question {
        void ask() throws Exception;
    }

    @Test
    void aMillionNextToTenThousand() throws Exception {
        Map<String, Double> few = measure(load("few", 0, FEW), FEW);
        Map<String, Double> many = measure(load("many", FEW, MANY), MANY);
        System.out.printf("%n%-50s %12s %14s %8s%n", "milliseconds", "10,000 files", "1,000,000 files", "ratio");
        few.forEach((question, millis) -> System.out.printf(
                Locale.ROOT,
                "%-50s %12.1f %14.1f %8.1f%n",
                question,
                millis,
                many.getOrDefault(question, 0.0),
                many.getOrDefault(question, 0.0) / millis));
    }

    private Map<String, Double> measure(Caller owner, int files) throws Exception {
        var owned = master.get(OwnedFiles.class);
        String name = owner.name();
        var middle = new OwnedFiles.Position(
                master.count(
                        "SELECT d.id FROM folder d JOIN namespace n ON n.id = d.namespace_id WHERE n.name = ?"
                                + " ORDER BY d.id LIMIT 1 OFFSET ?",
                        name,
                        files / FILES_A_FOLDER / 2),
                "");
        String check = Files.readString(Path.of("../db/queries/usage-counted-wrong.sql"));
        Map<String, Double> millis = new LinkedHashMap<>();
        millis.put(
                "what an account keeps",
                median(() ->
                        assertThat(owned.usage(owner, name).usage().files()).isEqualTo(files)));
        millis.put(
                "its files, the first page of 1,000",
                median(() -> assertThat(owned.page(owner, name, OwnedFiles.Position.BEGINNING, PAGE))
                        .hasSize(PAGE)));
        millis.put(
                "its files, a page in the middle",
                median(() -> assertThat(owned.page(owner, name, middle, PAGE)).hasSize(PAGE)));
        millis.put(
                "comparing the counts with all files",
                median(() -> assertThat(master.rows(check)).isEmpty()));
        var changes = master.get(ChangeNames.class);
        var folders = changes.beginRemoval(owner, new FileAddress(name, "")).iterator();
        millis.put(
                "removing the 100 files of a folder",
                median(() -> assertThat(
                                changes.removeSomeFiles(owner, folders.next()).mayBeMore())
                        .isFalse()));
        return millis;
    }

    private static double median(Question question) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            long began = System.nanoTime();
            question.ask();
            millis.add((System.nanoTime() - began) / 1e6);
        }
        millis.sort(null);
        return millis.get(ROUNDS / 2);
    }

    /** Somebody with so many files of one byte, in folders of a hundred. */
    private Caller load(String name, int before, int files) throws SQLException {
        Caller owner = master.user(name);
        long root = master.count(
                "SELECT d.id FROM folder d JOIN namespace n ON n.id = d.namespace_id WHERE n.name = ?", name);
        try (Connection connection = master.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET foreign_key_checks = 0, unique_checks = 0");
            int folder = 10_000_000 + before;
            statement.execute("INSERT INTO folder (id, namespace_id, parent_id, name, path, path_sha256, created_at)"
                    + " SELECT " + folder + " + seq, namespace_id, id, CONCAT('d', seq), CONCAT('d', seq),"
                    + " SHA2(CONCAT('d', seq), 256), created_at FROM folder, seq_0_to_" + (files / FILES_A_FOLDER - 1)
                    + " WHERE id = " + root);
            for (int from = before; from < before + files; from += AT_ONCE) {
                String rows = " FROM seq_" + from + "_to_" + (Math.min(from + AT_ONCE, before + files) - 1);
                String blob = "LPAD(seq, 26, '0')";
                statement.execute("INSERT INTO blob_ (id, size, md5, sha256, created_at) SELECT " + blob
                        + ", 1, MD5(seq), SHA2(seq, 256), '2026-01-01'" + rows);
                statement.execute(
                        "INSERT INTO file (id, folder_id, name, version_id, created_at) SELECT 10000000 + seq,"
                                + " " + folder + " + (seq - " + before + ") DIV " + FILES_A_FOLDER
                                + ", CONCAT('file ', seq), 10000000 + seq, '2026-01-01'" + rows);
                statement.execute("INSERT INTO file_version (id, file_id, number, blob_id, content_type, account_id,"
                        + " created_at) SELECT 10000000 + seq, 10000000 + seq, 1, " + blob + ", 'text/plain', "
                        + owner.accountId() + ", '2026-01-01'" + rows);
            }
            statement.execute("UPDATE namespace_usage SET files = " + files + ", bytes = " + files
                    + " WHERE namespace_id = (SELECT id FROM namespace WHERE name = '" + name + "')");
            statement.execute("INSERT INTO account_usage (account_id, files, bytes) VALUES (" + owner.accountId() + ", "
                    + files + ", " + files + ")");
            statement.execute("ANALYZE TABLE folder, file, file_version, blob_");
        }
        return owner;
    }
}
