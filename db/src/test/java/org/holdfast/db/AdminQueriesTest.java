package org.holdfast.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AdminQueriesTest {
    @AutoClose
    private static final TestDatabase DATABASE = Sample.database();

    private static final Path QUERIES = Path.of("queries");
    private static final Path DOCUMENTATION = Path.of("../docs/operations/queries.md");

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(QUERIES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void every_query_says_its_question_its_occasion_and_its_cost_and_is_documented(String name) throws IOException {
        assertThat(Files.readAllLines(QUERIES.resolve(name)).get(0)).matches("-- Question: .+\\?");
        assertThat(text(name)).contains("\n-- When:     ").contains("\n-- Cost:     ");
        assertThat(Files.readString(DOCUMENTATION, UTF_8)).contains("`" + name + "`");
    }

    @ParameterizedTest
    @MethodSource("names")
    void every_query_runs_and_finds_something_in_the_sample(String name) throws Exception {
        assertThat(DATABASE.run(text(name))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "admin/docs/a.txt, sn2 sn1 sn3",
        "mara/report.pdf, sn2 sn1",
        "admin/docs/2026/bücher.pdf, sn1 sn2 sn3",
        "admin/only copy.iso, sn3 sn2 sn1",
        "admin/docs/A.txt, ''",
        "admin, ''"
    })
    void where_is_a_file_takes_any_file(String file, String nodes) throws Exception {
        List<Map<String, String>> rows = DATABASE.run("SET @file = '" + file + "';\n" + text("where-is-a-file.sql"));
        assertThat(String.join(" ", column(rows, "node"))).isEqualTo(nodes);
    }

    @Test
    void where_is_a_file_is_found_by_indexes_with_its_variables_too() throws Exception {
        String explained = text("where-is-a-file.sql").replace("\nSELECT role", "\nEXPLAIN SELECT role");
        assertThat(column(DATABASE.run(explained), "type")).hasSize(7).isSubsetOf("const", "eq_ref", "ref");
    }

    @Test
    void a_dead_disk_lists_first_what_has_no_other_good_copy() throws Exception {
        List<Map<String, String>> rows = DATABASE.run("SET @node = 'sn3';\n" + text("what-was-on-this-disk.sql"));
        assertThat(column(rows, "file"))
                .startsWith(
                        "admin/only copy.iso", "admin/pictures/day 1/picture 2000.jpg", "admin/docs/2026/bücher.pdf");
        assertThat(column(rows, "good_elsewhere")).startsWith("0", "0", "2").hasSize(1000);
    }

    @Test
    void a_disk_that_holds_the_only_readable_copy_may_not_be_pulled() throws Exception {
        String query = text("may-i-pull-this-disk.sql");
        // Copies on sn3, which is down, count for nothing: a.txt version 1 is on sn1 alone.
        assertThat(DATABASE.run("SET @node = 'sn1';\n" + query))
                .containsExactly(Map.of(
                        "node", "sn1",
                        "good_copies_here", "2003",
                        "would_be_lost", "1",
                        "would_have_too_few", "2002",
                        "would_have_enough", "0"));
        assertThat(DATABASE.run("SET @node = 'nowhere';\n" + query))
                .extracting("good_copies_here")
                .containsExactly("0");
    }

    @Test
    void what_has_gone_wrong_comes_with_all_attempts() throws Exception {
        List<Map<String, String>> rows =
                DATABASE.run("SET @task = '01KT000000000000000000000B';\n" + text("attempts-of-a-task.sql"));
        assertThat(column(rows, "outcome")).containsExactly("HTTP_TARGET_507", "HTTP_TARGET_507");
        assertThat(column(rows, "attempt")).containsExactly("9", "10");
    }

    @Test
    void duplicates_are_files_with_the_same_bytes_and_not_the_same_size_alone() throws Exception {
        // Not committed, so that the other tests don't see it: a.txt gets the size of the two books, not their bytes.
        String sameSize =
                "START TRANSACTION; UPDATE blob_ SET size = 7340032 WHERE id = '01K0000000000000000000000B';\n";
        assertThat(column(DATABASE.run(sameSize + text("duplicates-by-digest.sql")), "names"))
                .containsExactly("admin/docs/2026/bücher.pdf = mara/report.pdf");
    }

    @Test
    void copies_that_were_never_verified_are_listed_and_good_ones_are_not() throws Exception {
        assertThat(column(DATABASE.run(text("copies-never-verified.sql")), "state"))
                .containsExactly("PLANNED", "SUSPECT", "COPYING");
    }

    private static List<String> column(List<Map<String, String>> rows, String name) {
        return rows.stream().map(row -> String.valueOf(row.get(name))).toList();
    }

    private static String text(String name) throws IOException {
        return Files.readString(QUERIES.resolve(name), UTF_8);
    }
}
