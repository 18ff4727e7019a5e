package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Folders with more names than one answer holds. */
@Order(6)
@SharedCluster.Of
class ListingIT {
    private static final int FILES = 100_000;
    /** Far above what the sequences of a test's cluster reach. */
    private static final long BASE_ID = 1_000_000_000L;

    private final TestCluster cluster;

    ListingIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void pagesGoOnBehindTheLastNameInByteOrder() {
        var names = List.of("B", "a", "a b", "a%", "z", "Ä", "ä", "🚀");
        names.forEach(name -> cluster.http()
                .put(cluster.api("folders", "admin/pages/" + name), new byte[0])
                .expect(201));
        for (String name : names) {
            cluster.http()
                    .put(cluster.api("files", "admin/pages/" + name + ".txt"), new byte[0])
                    .expect(201);
        }
        var listed = listAll(cluster.api("folders", "admin/pages"), 3);
        var expected = new ArrayList<>(names);
        names.forEach(name -> expected.add(name + ".txt"));
        assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
        assertThat(listed)
                .isSortedAccordingTo((a, b) -> Arrays.compareUnsigned(
                        a.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        b.getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        var first = cluster.http()
                .get(URI.create(cluster.api("folders", "admin/pages") + "?limit=3"))
                .expect(200);
        assertThat(first.requireHeader("Holdfast-Next")).isEqualTo(TestCluster.encode(listed.get(2)));
        // A name that went meanwhile still says where to go on.
        cluster.holdfast("rm", "-r", "admin/pages/" + listed.get(2));
        assertThat(page(cluster.api("folders", "admin/pages"), listed.get(2), 1).getString("next"))
                .isEqualTo(listed.get(3));
    }

    @Tag("slow")
    @Test
    void aPageInTheMiddleOfAHundredThousandNamesCostsAsMuchAsTheFirst() {
        cluster.http().put(cluster.api("folders", "admin/crowd"), new byte[0]).expect(201);
        insertFiles();
        try {
            URI crowd = cluster.api("folders", "admin/crowd");
            assertThat(page(crowd, name(FILES / 2), 1_000).getJsonArray("entries"))
                    .hasSize(1_000)
                    .first()
                    .extracting(entry -> entry.asJsonObject().getString("name"))
                    .isEqualTo(name(FILES / 2 + 1));
            long firstMicros = medianMicros(crowd, "");
            long middleMicros = medianMicros(crowd, name(FILES / 2));
            long lastMicros = medianMicros(crowd, name(FILES - 1_001));
            // Twice allows for noise; walking over the 50,000 names before it would cost 20 times as much.
            assertThat(middleMicros).as("first: %d µs", firstMicros).isLessThan(2 * firstMicros + 20_000);
            assertThat(lastMicros).as("first: %d µs", firstMicros).isLessThan(2 * firstMicros + 20_000);
            assertThat(listAll(crowd, 10_000))
                    .hasSize(FILES)
                    .doesNotHaveDuplicates()
                    .isSorted();
        } finally {
            deleteFiles();
        }
    }

    private static String name(int number) {
        return String.format("file-%06d", number);
    }

    private long medianMicros(URI folder, String after) {
        long[] took = new long[9];
        for (int round = 0; round < took.length; round++) {
            long begin = System.nanoTime();
            page(folder, after, 1_000);
            took[round] = (System.nanoTime() - begin) / 1_000;
        }
        Arrays.sort(took);
        return took[took.length / 2];
    }

    private JsonObject page(URI folder, String after, int limit) {
        return cluster.http()
                .get(URI.create(folder + "?limit=" + limit + "&after=" + TestCluster.encode(after)))
                .expect(200)
                .json();
    }

    private List<String> listAll(URI folder, int limit) {
        var names = new ArrayList<String>();
        String after = "";
        while (true) {
            JsonObject page = page(folder, after, limit);
            page.getJsonArray("entries")
                    .forEach(entry -> names.add(entry.asJsonObject().getString("name")));
            if (page.get("next") == JsonValue.NULL) {
                return names;
            }
            after = page.getString("next");
        }
    }

    /** Names only, without bytes: the listing reads nothing but the catalog. */
    private void insertFiles() {
        String folder = "(SELECT fo.id FROM folder fo JOIN namespace ns ON ns.id = fo.namespace_id"
                + " WHERE ns.name = 'admin' AND fo.path = 'crowd')";
        String numbers = " FROM seq_1_to_" + FILES;
        sql("INSERT INTO blob_ (id, size, md5, sha256, created_at)"
                + " SELECT CONCAT('ZZZZ', LPAD(seq, 22, '0')), seq, MD5(seq), SHA2(seq, 256), UTC_TIMESTAMP(6)"
                + numbers);
        sql("INSERT INTO file (id, folder_id, name, version_id, created_at) SELECT " + BASE_ID + " + seq, " + folder
                + ", CONCAT('file-', LPAD(seq, 6, '0')), " + BASE_ID + " + seq, UTC_TIMESTAMP(6)" + numbers);
        sql("INSERT INTO file_version (id, file_id, number, blob_id, content_type, account_id, created_at)"
                + " SELECT " + BASE_ID + " + seq, " + BASE_ID + " + seq, 1, CONCAT('ZZZZ', LPAD(seq, 22, '0')),"
                + " 'text/plain', (SELECT id FROM account WHERE name = 'admin'), UTC_TIMESTAMP(6)" + numbers);
    }

    private void deleteFiles() {
        sql("DELETE FROM file WHERE id > " + BASE_ID);
        sql("DELETE FROM blob_ WHERE id LIKE 'ZZZZ%'");
    }

    private void sql(String statement) {
        cluster.setup("sql", statement).run().ok();
    }
}
