package org.holdfast.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A catalog from before there were accounts to make, quotas, roles, locks and an audit log, brought to what is now. */
class UpgradeTest {
    private static final String BEFORE = "7";
    private static final String BEFORE_VERSIONS_ARE_KEPT = "19";

    @AutoClose
    private static final TestDatabase DATABASE = TestDatabase.empty();

    /** Every table from before, with all rows, as far as it had columns then. */
    private static final Map<String, List<Map<String, String>>> ROWS_BEFORE = new LinkedHashMap<>();

    @BeforeAll
    static void upgrade() throws IOException, SQLException {
        DATABASE.migrateTo(BEFORE);
        Sample.run(DATABASE, "/sample.sql");
        Sample.run(DATABASE, "/before-accounts.sql");
        for (var table : DATABASE.run("SELECT table_name AS name FROM information_schema.tables"
                + " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'flyway%'"
                + " ORDER BY table_name")) {
            String name = Objects.requireNonNull(table.get("name"));
            ROWS_BEFORE.put(name, DATABASE.run("SELECT * FROM " + name + " ORDER BY 1, 2, 3"));
        }
        DATABASE.migrateTo(BEFORE_VERSIONS_ARE_KEPT);
        DATABASE.run(
                "INSERT INTO audit_log (record, at, component, actor, via, address, action, object, detail, status,"
                        + " millis) VALUES "
                        + saysVersions("A", "mara", "replicas=2 versionsKept=0 quotaFiles=null", 200) + ", "
                        + saysVersions("B", "empty", "versionsKept=0", 403) + ", "
                        + saysVersions("C", "empty", "replicas=2", 200));
        DATABASE.flyway().migrate();
        DATABASE.run("DELETE FROM audit_log");
    }

    private static String saysVersions(String record, String namespace, String detail, int status) {
        return "('01K200000000000000000000" + record + "0', '2026-11-20', 'm1', 'admin', 'PASSWORD', '127.0.0.1',"
                + " 'namespaces.change', '" + namespace + "', '" + detail + "', " + status + ", 1)";
    }

    private static String cell(String sql) throws SQLException {
        var rows = DATABASE.run(sql);
        assertThat(rows).as(sql).hasSize(1);
        return rows.get(0).values().iterator().next();
    }

    @Test
    void every_row_is_still_there_as_it_was() throws SQLException {
        assertThat(ROWS_BEFORE).containsKeys("account", "namespace", "file", "replica", "task", "change_log", "lease");
        for (var table : ROWS_BEFORE.entrySet()) {
            var before = table.getValue();
            assertThat(before).as("the sample of %s", table.getKey()).isNotEmpty();
            // Sessions of the old form end; their tokens could not be read any more.
            if (!table.getKey().equals("session")) {
                String columns = String.join(", ", before.get(0).keySet());
                assertThat(DATABASE.run("SELECT " + columns + " FROM " + table.getKey() + " ORDER BY 1, 2, 3"))
                        .as(table.getKey())
                        .isEqualTo(before);
            }
        }
        assertThat(cell("SELECT COUNT(*) FROM session")).isEqualTo("0");
    }

    @Test
    void accounts_stay_valid_and_without_limits() throws SQLException {
        var accounts = DATABASE.run("SELECT name, email, display_name, valid_from, valid_until, suspended,"
                + " must_set_password, quota_bytes, quota_files, epoch, deleted_at FROM account ORDER BY id");
        assertThat(accounts)
                .extracting(row -> row.get("name"))
                .containsExactly("admin", "mara", "nils", "without.files");
        assertThat(accounts)
                .allSatisfy(row -> assertThat(row)
                        .contains(
                                entry("email", "NULL"),
                                entry("display_name", ""),
                                entry("valid_from", "NULL"),
                                entry("valid_until", "NULL"),
                                entry("suspended", "0"),
                                entry("must_set_password", "0"),
                                entry("quota_bytes", "NULL"),
                                entry("quota_files", "NULL"),
                                entry("epoch", "0"),
                                entry("deleted_at", "NULL")));
    }

    @Test
    void namespaces_keep_their_owner_and_what_they_hold_is_counted() throws SQLException {
        assertThat(DATABASE.run("SELECT n.name, a.name AS owner, n.quota_bytes, n.quota_files, u.files, u.bytes"
                        + " FROM namespace n JOIN account a ON a.id = n.owner_id"
                        + " LEFT JOIN namespace_usage u ON u.namespace_id = n.id WHERE n.id > 1 ORDER BY n.id"))
                .containsExactly(
                        row("name", "mara", "owner", "mara", "files", "1", "bytes", "7340032"),
                        row("name", "empty", "owner", "admin", "files", "0", "bytes", "0"));
        // Of a.txt both versions: 23 bytes and not 12.
        assertThat(cell("SELECT bytes FROM namespace_usage WHERE namespace_id = 1"))
                .isEqualTo(cell("SELECT SUM(b.size) FROM file f JOIN folder d ON d.id = f.folder_id"
                        + " JOIN file_version v ON v.file_id = f.id JOIN blob_ b ON b.id = v.blob_id"
                        + " WHERE d.namespace_id = 1"));
        assertThat(DATABASE.run("SELECT v.user_name FROM user_usage v JOIN account a ON a.name = v.user_name"
                        + " LEFT JOIN account_usage u ON u.account_id = a.id"
                        + " WHERE COALESCE(u.files, 0) <> v.files OR COALESCE(u.bytes, 0) <> v.all_versions_bytes"))
                .isEmpty();
    }

    @Test
    void older_versions_are_kept_where_nobody_said_that_they_are_not() throws SQLException {
        assertThat(DATABASE.run("SELECT name, versions_kept FROM namespace ORDER BY name"))
                .extracting(row -> row.get("name") + " " + row.get("versions_kept"))
                .containsExactly("admin 10", "empty 10", "mara 0");
    }

    private static Map<String, String> row(String... cells) {
        var row = new LinkedHashMap<String, String>();
        for (int cell = 0; cell < cells.length; cell += 2) {
            row.put(cells[cell], cells[cell + 1]);
        }
        row.put("quota_bytes", "NULL");
        row.put("quota_files", "NULL");
        return row;
    }

    @Test
    void nobody_but_the_owner_may_anything_and_nothing_is_locked_or_linked() throws SQLException {
        for (String table :
                List.of("grant_", "who_may", "file_lock", "share_link", "audit_log", "mail", "revocation")) {
            assertThat(cell("SELECT COUNT(*) FROM " + table)).as(table).isEqualTo("0");
        }
    }

    @Test
    void what_is_new_takes_rows_about_what_is_old() throws SQLException {
        DATABASE.run("INSERT INTO grant_ (account_id, folder_id, role, granted_by, granted_at)"
                + " VALUES (2, 2, 'READER', 1, NOW());"
                + " INSERT INTO file_lock (namespace_id, path_sha256, path, token, account_id, kind, writer, acquired_at,"
                + " expires_at) VALUES (1, SHA2('docs/a.txt', 256), 'docs/a.txt', NEXTVAL(file_lock_seq), 1, 'EXPLICIT',"
                + " '', NOW(), NOW());"
                + " INSERT INTO share_link (id, file_id, made_by, made_at, expires_at)"
                + " VALUES ('01K2000000000000000000000A', 1, 1, NOW(), NOW())");
        assertThat(DATABASE.run("SELECT user_name, namespace, path, granted_by FROM who_may"))
                .containsExactly(
                        Map.of("user_name", "mara", "namespace", "admin", "path", "docs", "granted_by", "admin"));
        DATABASE.run("DELETE FROM grant_; DELETE FROM file_lock; DELETE FROM share_link");
    }
}
