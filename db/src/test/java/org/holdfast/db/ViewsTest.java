package org.holdfast.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ViewsTest {
    @AutoClose
    private static final TestDatabase DATABASE = Sample.database();

    private static final String ONE_FILE = " WHERE namespace = 'admin' AND folder = 'docs' AND name = 'a.txt'";

    @Test
    void replica_location_tells_every_copy_of_the_current_version() throws SQLException {
        assertThat(lines("SELECT path, version, node, priority, role, state, node_status FROM replica_location"
                        + ONE_FILE + " ORDER BY priority"))
                .containsExactly(
                        "docs/a.txt 2 sn2 0 origin VERIFIED RUNNING",
                        "docs/a.txt 2 sn1 1 replica VERIFIED RUNNING",
                        "docs/a.txt 2 sn3 2 replica VERIFIED DOWN");
    }

    @Test
    void replica_location_finds_a_file_by_its_path_too() throws SQLException {
        assertThat(lines("SELECT folder, name, node FROM replica_location WHERE namespace = 'admin'"
                        + " AND path = 'docs/2026/bücher.pdf' ORDER BY priority"))
                .containsExactly("docs/2026 bücher.pdf sn1", "docs/2026 bücher.pdf sn2", "docs/2026 bücher.pdf sn3");
        assertThat(lines("SELECT folder, node FROM replica_location WHERE namespace = 'mara' AND path = 'report.pdf'"
                        + " ORDER BY priority"))
                .containsExactly(" sn2", " sn1");
    }

    @Test
    void under_replicated_tells_what_is_missing_what_is_done_about_it_and_what_went_wrong() throws SQLException {
        assertThat(lines(
                        "SELECT path, version, is_current, wanted, verified, readable, missing, open_tasks, last_reason FROM under_replicated"
                                + " WHERE path NOT LIKE 'pictures/%' OR verified < 3 ORDER BY path, version"))
                .containsExactly(
                        "docs/2026/bücher.pdf 1 1 3 2 2 1 1 REFUSED from the target: connection refused",
                        // What it was before counts for itself.
                        "docs/a.txt 1 0 3 1 1 2 0 NULL",
                        // Its third copy lies on a node that is down.
                        "docs/a.txt 2 1 3 3 2 1 0 NULL",
                        "only copy.iso 1 1 3 1 0 3 0 an answer that no retry can mend: HTTP 403 from the target: key",
                        "pictures/day 1/picture 2000.jpg 1 1 3 1 0 3 0 NULL");
    }

    @Test
    void under_replicated_tells_what_is_awaited_and_until_when() throws SQLException {
        String away = "UPDATE storage_node SET status = 'DOWN', status_since = %s, away_since = %s WHERE name = 'sn1'";
        String ask =
                "SELECT running, wanted, missing, TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), heals_at) FROM under_replicated"
                        + " WHERE namespace = 'mara' AND path = 'report.pdf'";
        try {
            DATABASE.run(away.formatted("UTC_TIMESTAMP(6)", "UTC_TIMESTAMP(6) - INTERVAL 90 SECOND"));
            assertThat(lines(ask)).containsExactly("1 2 0 8");
            DATABASE.run(away.formatted("UTC_TIMESTAMP(6)", "UTC_TIMESTAMP(6) - INTERVAL 601 SECOND"));
            assertThat(lines(ask)).containsExactly("1 2 1 NULL");
        } finally {
            DATABASE.run("UPDATE storage_node SET status = 'RUNNING', away_since = NULL WHERE name = 'sn1'");
        }
    }

    @Test
    void node_space_counts_only_good_copies() throws SQLException {
        // 1,999 whole pictures; the origin of the 2,000th is on sn3.
        assertThat(lines("SELECT node, status, admin_state, used_percent, copies FROM node_space ORDER BY node"))
                .containsExactly(
                        "sn1 RUNNING IN_SERVICE 40.0 2003",
                        "sn2 RUNNING IN_SERVICE 94.0 2002",
                        "sn3 DOWN DRAINING 35.0 2002");
    }

    @Test
    void dead_task_tells_the_reason_and_the_last_attempt() throws SQLException {
        assertThat(
                        lines(
                                "SELECT path, source, target, attempts, last_outcome, last_worker FROM dead_task ORDER BY task_id"))
                .containsExactly(
                        "admin/only copy.iso sn3 sn2 10 HTTP_TARGET_507 w1",
                        "admin/only copy.iso NULL sn1 1 HTTP_TARGET_403 w2");
    }

    @Test
    void user_usage_counts_old_versions_and_copies_apart_and_users_without_files_too() throws SQLException {
        long pictures = 2000 * 100_000L + 2000 * 2001 / 2;
        long current = 12 + 7_340_032 + 3_221_225_472L + pictures;
        long stored = 11 + 3 * 12 + 2 * 7_340_032 + 3_221_225_472L + 3 * pictures - 2 * 102_000;
        assertThat(lines("SELECT user_name, namespaces, files, bytes, all_versions_bytes, stored_bytes FROM user_usage"
                        + " ORDER BY user_name"))
                .containsExactly(
                        "admin 1 2003 " + current + " " + (current + 11) + " " + stored,
                        "mara 1 1 7340032 7340032 14680064",
                        "nils 0 0 0 0 0");
    }

    @Test
    void a_file_is_found_by_indexes_alone() throws SQLException {
        for (String view : List.of("replica_location", "under_replicated")) {
            List<Map<String, String>> plan = DATABASE.run("EXPLAIN SELECT * FROM " + view + ONE_FILE);
            assertThat(plan).as(view).extracting(step -> step.get("key")).contains("namespace_name", "file_name");
            assertThat(plan).as(view).allSatisfy(step -> {
                assertThat(step.get("type")).isIn("const", "eq_ref", "ref");
                assertThat(Long.parseLong(String.valueOf(step.get("rows")))).isLessThanOrEqualTo(3);
            });
        }
    }

    @Test
    void dead_tasks_and_one_users_usage_are_found_by_indexes_alone() throws SQLException {
        assertThat(DATABASE.run("EXPLAIN SELECT * FROM dead_task")).noneMatch(ViewsTest::isScan);
        assertThat(DATABASE.run("EXPLAIN SELECT * FROM user_usage WHERE user_name = 'mara'"))
                .hasSize(21)
                .noneMatch(ViewsTest::isScan);
    }

    private static boolean isScan(Map<String, String> step) {
        return List.of("ALL", "index").contains(String.valueOf(step.get("type")));
    }

    private static List<String> lines(String sql) throws SQLException {
        return DATABASE.run(sql).stream()
                .map(row -> String.join(" ", row.values()))
                .toList();
    }
}
