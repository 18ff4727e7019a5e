package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ListFolderTest {
    private static final FileAddress ROOT = new FileAddress("admin", "");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void oneNode() {
        var unused = TestNodes.running(master, "sn1");
    }

    private ListFolder.Page page(FileAddress folder, String after, int limit) {
        return master.get(ListFolder.class).page(master.admin(), folder, after, limit);
    }

    private List<String> walk(FileAddress folder, int limit) {
        List<String> names = new ArrayList<>();
        Optional<String> after = Optional.of("");
        while (after.isPresent()) {
            var page = page(folder, after.get(), limit);
            assertThat(page.entries().size()).isLessThanOrEqualTo(limit);
            page.entries().forEach(entry -> names.add(entry.name()));
            assertThat(names).as("the walk comes to an end").hasSizeLessThan(1_000);
            after = page.next();
        }
        return names;
    }

    @Test
    void pagesAreInByteOrderWithFilesAndFoldersMixed() {
        // U+FFFD sorts before an emoji in UTF-8 and behind it in UTF-16.
        List<String> files = List.of("Zebra", "a", "\u00e4", "\ufffd", "\ud83d\ude00", "a ", "~", "0");
        List<String> folders = List.of("b", "\u00dc", "\ud83d\ude01", "A", "\uffee");
        files.forEach(name -> assertThat(master.put("admin/" + name).version()).isEqualTo(1));
        folders.forEach(
                name -> master.get(ChangeNames.class).makeFolder(master.admin(), new FileAddress("admin", name)));
        List<String> all = new ArrayList<>(files);
        all.addAll(folders);
        all.sort((one, other) ->
                Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)));
        for (int limit : List.of(1, 2, 3, 5, all.size() - 1, all.size(), 100)) {
            assertThat(walk(ROOT, limit)).as("pages of %d", limit).containsExactlyElementsOf(all);
        }
    }

    @Test
    void anEntrySaysWhatIsThere() {
        var put = master.put("admin/dir/a.txt");
        var entry = page(new FileAddress("admin", "dir"), "", 10).entries().get(0);
        assertThat(entry.name()).isEqualTo("a.txt");
        assertThat(entry.modifiedAt()).isEqualTo(master.clock().instant());
        var file = entry.file().orElseThrow();
        assertThat(file.sizeBytes()).isEqualTo(put.blob().sizeBytes());
        assertThat('"' + file.sha256() + '"').isEqualTo(put.blob().digests().etag());
        assertThat(file.version()).isEqualTo(1);
        assertThat(file.contentType()).isEqualTo("text/plain");
        assertThat(page(ROOT, "", 10).entries().get(0).file()).isEmpty();
    }

    @Test
    void theLastFullPageHasNoNext() {
        var unused = master.put("admin/a");
        unused = master.put("admin/b");
        assertThat(page(ROOT, "", 2).next()).isEmpty();
        assertThat(page(ROOT, "", 1).next()).contains("a");
        assertThat(page(ROOT, "b", 1).entries()).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> page(new FileAddress("admin", "none"), "", 1));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> page(new FileAddress("none", ""), "", 1));
        var stranger = master.user("ute");
        assertRefused(
                FailureKind.NOT_FOUND,
                "not-found",
                () -> master.get(ListFolder.class).page(stranger, ROOT, "", 1));
    }

    @Test
    void aPageInTheMiddleOfAHundredThousandNamesReadsAsManyRowsAsTheFirst() throws Exception {
        var put = master.put("admin/big/seed");
        long folder = master.count("SELECT id FROM folder WHERE path = 'big'");
        master.sql("INSERT INTO blob_ (id, size, md5, sha256, created_at)"
                + " SELECT CONCAT('0000000000000000000', LPAD(seq, 7, '0')), 1, md5, sha256, created_at"
                + " FROM seq_1_to_100000, blob_ WHERE id = '" + put.blob().id() + "'");
        master.sql("INSERT INTO file (id, folder_id, name, version_id, created_at)"
                + " SELECT 1000000 + seq, " + folder + ", CONCAT('name', LPAD(seq, 7, '0')), 1000000 + seq, NOW()"
                + " FROM seq_1_to_100000");
        master.sql("INSERT INTO file_version (id, file_id, number, blob_id, content_type, account_id, created_at)"
                + " SELECT 1000000 + seq, 1000000 + seq, 1, CONCAT('0000000000000000000', LPAD(seq, 7, '0')), 'x/y',"
                + " (SELECT MIN(id) FROM account), NOW() FROM seq_1_to_100000");
        var big = new FileAddress("admin", "big");
        long first = rowsRead(() -> page(big, "", 1_000));
        long middle = rowsRead(() -> page(big, "name0050000", 1_000));
        long last = rowsRead(() -> page(big, "name0098999", 1_000));
        assertThat(first).isBetween(1_000L, 10_000L);
        assertThat(middle).isLessThanOrEqualTo(2 * first);
        assertThat(last).isLessThanOrEqualTo(2 * first);
        assertThat(page(big, "name0050000", 2).entries())
                .extracting(ListFolder.Entry::name)
                .containsExactly("name0050001", "name0050002");
    }

    /** Rows that the server's storage engine handed out meanwhile; tests run one after the other. */
    private long rowsRead(Runnable step) throws Exception {
        long before = handlerReads();
        step.run();
        return handlerReads() - before;
    }

    private long handlerReads() throws Exception {
        return master
                .rows("SHOW GLOBAL STATUS WHERE variable_name IN ('Handler_read_first', 'Handler_read_key',"
                        + " 'Handler_read_next', 'Handler_read_prev', 'Handler_read_rnd', 'Handler_read_rnd_next')")
                .stream()
                .filter(row -> !row.startsWith("Handler_read_rnd_deleted"))
                .mapToLong(row -> Long.parseLong(row.substring(row.indexOf(' ') + 1)))
                .sum();
    }
}
