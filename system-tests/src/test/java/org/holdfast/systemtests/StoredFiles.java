package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files that were acknowledged, and what must be true of them whatever happens to the nodes. */
final class StoredFiles {
    private final TestCluster cluster;
    private final Map<String, String> sha256ByName = new TreeMap<>();

    StoredFiles(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** Puts so many files of so many bytes into a namespace. */
    void put(String namespace, int count, int bytes) {
        for (int file = 0; file < count; file++) {
            String name = namespace + "/healing/" + file;
            byte[] content = Bytes.random(bytes, name.hashCode());
            cluster.http().put(cluster.api("files", name), content).expect(201);
            sha256ByName.put(name, Bytes.sha256(content));
        }
    }

    void forget(String name) {
        sha256ByName.remove(name);
    }

    /** Makes a namespace that wants so many copies besides the origin. */
    void namespace(String name, int replicas) {
        cluster.http()
                .post(
                        cluster.api("namespaces"),
                        "{\"name\":\"" + name + "\",\"replicas\":" + replicas + "}",
                        "Content-Type",
                        "application/json")
                .expect(201);
    }

    /** Waits until every file has all its copies, good ones, and nothing is on its way. */
    void awaitAllGood() {
        awaitAllGood(cluster);
    }

    /** As {@link #awaitAllGood()}, for whatever files there are. */
    static void awaitAllGood(TestCluster cluster) {
        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(cluster.sql("SELECT namespace, path, wanted, verified, missing, open_tasks,"
                                        + " last_reason FROM under_replicated LIMIT 5"))
                                .isEmpty());
    }

    /** Waits until every file has exactly its copies: what was too much is gone from the nodes. */
    void awaitExactlyWanted() {
        awaitAllGood();
        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(cluster.sql("SELECT f.name, COUNT(*), GROUP_CONCAT(r.state), n.replica_count"
                                        + " FROM replica r JOIN file_version v ON v.blob_id = r.blob_id"
                                        + " JOIN file f ON f.id = v.file_id JOIN folder d ON d.id = f.folder_id"
                                        + " JOIN namespace n ON n.id = d.namespace_id GROUP BY v.id"
                                        + " HAVING COUNT(*) <> n.replica_count + 1 LIMIT 5"))
                                .isEmpty());
    }

    /** Every file reads back as it was put. */
    void readBack() {
        var client = cluster.http();
        sha256ByName.forEach((name, sha256) -> assertThat(Bytes.sha256(
                        client.follow(cluster.api("files", name)).expect(200).bytes()))
                .as(name)
                .isEqualTo(sha256));
    }

    /** Copies in these states on a node. */
    long copiesOn(String node, String states) {
        return Long.parseLong(
                one("SELECT COUNT(*) FROM replica r JOIN storage_node n ON n.id = r.node_id WHERE n.name = '" + node
                        + "' AND r.state IN (" + states + ")"));
    }

    /** The only value of a query. */
    String one(String sql) {
        List<List<String>> rows = cluster.sql(sql);
        assertThat(rows).hasSize(1);
        return rows.get(0).get(0);
    }
}
