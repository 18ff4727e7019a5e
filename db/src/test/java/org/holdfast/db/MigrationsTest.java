package org.holdfast.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MigrationsTest {

    @Test
    void a_second_run_changes_nothing() throws SQLException {
        try (TestDatabase database = TestDatabase.empty()) {
            assertThat(database.flyway().migrate().migrationsExecuted).isGreaterThanOrEqualTo(2);
            assertThat(database.flyway().migrate().migrationsExecuted).isZero();
        }
    }

    @Test
    void all_text_compares_byte_by_byte() throws SQLException {
        try (TestDatabase database = TestDatabase.migrated()) {
            assertThat(database.run("SELECT table_name, column_name, collation_name FROM information_schema.columns"
                            + " WHERE table_schema = DATABASE() AND collation_name NOT LIKE '%bin'"
                            + " AND table_name NOT LIKE 'flyway%'"
                            // The word for origin or replica is put together by the view, nobody joins on it.
                            + " AND NOT (table_name = 'replica_location' AND column_name = 'role')"))
                    .isEmpty();
        }
    }

    @Test
    void names_that_look_alike_are_different_files_and_the_same_name_is_not() throws SQLException {
        try (TestDatabase database = Sample.database()) {
            String insert =
                    "INSERT INTO file (id, folder_id, name, version_id, created_at) VALUES (%s, 1, '%s', 0, NOW())";
            List<String> names = List.of("x", "X", "x ", " x", "ä", "a\u0308", "😀", "😁");
            for (int id = 0; id < names.size(); id++) {
                database.run(insert.formatted(id + 90_000, names.get(id)));
            }
            assertThatThrownBy(() -> database.run(insert.formatted(99_999, "x ")))
                    .isInstanceOf(SQLIntegrityConstraintViolationException.class);
            List<Map<String, String>> found = database.run("SELECT id FROM file WHERE folder_id = 1 AND name = 'x '");
            assertThat(found).containsExactly(Map.of("id", "90002"));
        }
    }

    @Test
    void every_index_that_is_neither_key_nor_constraint_says_which_question_it_answers() throws SQLException {
        try (TestDatabase database = TestDatabase.migrated()) {
            assertThat(database.run("SELECT DISTINCT s.table_name, s.index_name FROM information_schema.statistics s"
                            + " WHERE s.table_schema = DATABASE() AND s.non_unique = 1 AND s.index_comment = ''"
                            + " AND s.table_name NOT LIKE 'flyway%'"
                            + " AND NOT EXISTS (SELECT 1 FROM information_schema.table_constraints c"
                            + " WHERE c.constraint_schema = s.table_schema AND c.table_name = s.table_name"
                            + " AND c.constraint_name = s.index_name)"))
                    .isEmpty();
        }
    }
}
