package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.Ticket;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.EditAccounts;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CountUsageTest {
    private static final int OPERATIONS = 150;
    private static final List<OnConflict> ON_CONFLICT = List.of(OnConflict.values());

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private Caller anna = new Caller(-1, "nobody", org.holdfast.master.account.Role.USER, 0);

    @BeforeEach
    void aNodeAndSomebody() throws Exception {
        var unused = TestNodes.running(master, "sn1");
        anna = master.user("anna");
        // So that a put gives back what it replaces; where older versions are kept, they count.
        assertThat(master.sql("UPDATE namespace SET versions_kept = 0")).isEqualTo(2);
    }

    private static PutTerms terms(OnConflict onConflict) {
        return new PutTerms("anna", onConflict, Optional.empty(), Optional.empty(), 1, Set.of());
    }

    private void put(String address, String text) {
        put(address, text, OnConflict.REPLACE);
    }

    private void put(String address, String text, OnConflict onConflict) {
        var unused = master.put(address, master.blob(text), terms(onConflict));
    }

    private void quota(String table, String name, String column, long most) throws Exception {
        assertThat(master.sql("UPDATE " + table + " SET " + column + " = ? WHERE name = ?", most, name))
                .isEqualTo(1);
    }

    private List<String> counted() throws Exception {
        return master.rows("SELECT n.name, u.files, u.bytes FROM namespace n JOIN namespace_usage u"
                + " ON u.namespace_id = n.id WHERE u.files > 0 ORDER BY 1");
    }

    private List<String> countedWrong() throws Exception {
        return master.rows(Files.readString(Path.of("../db/queries/usage-counted-wrong.sql")));
    }

    private void assertCountedRight() throws Exception {
        assertThat(countedWrong()).isEmpty();
        assertThat(master.rows("SELECT v.user_name FROM user_usage v JOIN account a ON a.name = v.user_name"
                        + " LEFT JOIN account_usage t ON t.account_id = a.id"
                        + " WHERE v.files <> COALESCE(t.files, 0) OR v.all_versions_bytes <> COALESCE(t.bytes, 0)"))
                .isEmpty();
    }

    @Test
    void everyChangeOfNamesIsCounted() throws Exception {
        put("anna/a", "12345");
        put("anna/b/c", "1234567890");
        assertThat(counted()).containsExactly("anna 2 15");
        put("anna/a", "123");
        assertThat(counted()).as("a version takes the place of the one before").containsExactly("anna 2 13");
        put("anna/a", "1", OnConflict.RENAME);
        assertThat(counted()).containsExactly("anna 3 14");
        master.namespace("team", 0);
        var unused = master.get(MoveNames.class)
                .move(
                        master.admin(),
                        new FileAddress("anna", "b"),
                        new FileAddress("team", "of/anna"),
                        OnConflict.FAIL);
        assertThat(counted()).containsExactly("anna 2 4", "team 1 10");
        unused = master.get(MoveNames.class)
                .move(
                        master.admin(),
                        new FileAddress("team", "of/anna/c"),
                        new FileAddress("anna", "a"),
                        OnConflict.REPLACE);
        assertThat(counted()).containsExactly("anna 2 11");
        assertCountedRight();
        master.get(ChangeNames.class).removeFile(anna, new FileAddress("anna", "a"), Conditions.NONE);
        assertThat(counted()).containsExactly("anna 1 1");
        master.get(RemoveTree.class).files(anna, new FileAddress("anna", ""));
        assertThat(counted()).isEmpty();
        assertCountedRight();
    }

    @Test
    void whateverHappensTheCountIsThatOfTheFiles() throws Exception {
        var random = new Random(42);
        master.namespace("team", 0);
        master.sql("UPDATE namespace SET versions_kept = IF(name = 'anna', 2, 0)");
        for (int i = 0; i < OPERATIONS; i++) {
            var address = new FileAddress(random.nextBoolean() ? "anna" : "team", name(random));
            var other = new FileAddress(random.nextBoolean() ? "anna" : "team", name(random));
            int kind = random.nextInt(10);
            try {
                if (kind < 5) {
                    var unused = master.put(
                            address.toString(),
                            master.blob("x".repeat(random.nextInt(50))),
                            TestMaster.terms(ON_CONFLICT.get(random.nextInt(3))));
                } else if (kind < 8) {
                    var unused = master.get(MoveNames.class)
                            .move(master.admin(), address, other, ON_CONFLICT.get(random.nextInt(3)));
                } else if (kind < 9) {
                    master.get(ChangeNames.class).removeFile(master.admin(), address, Conditions.NONE);
                } else {
                    master.get(RemoveTree.class).files(master.admin(), address.parent());
                }
            } catch (HoldfastException e) {
                assertThat(e.kind()).isIn(FailureKind.CONFLICT, FailureKind.NOT_FOUND, FailureKind.INVALID);
            }
        }
        assertThat(master.count("SELECT COUNT(*) FROM file")).isPositive();
        assertCountedRight();
    }

    private static String name(Random random) {
        String file = "f" + random.nextInt(4);
        return random.nextInt(3) == 0 ? file : "d" + random.nextInt(3) + "/" + file;
    }

    @Test
    void aNamespacesQuotaHoldsForFilesAndBytes() throws Exception {
        quota("namespace", "anna", "quota_bytes", 10);
        put("anna/a", "12345");
        put("anna/b", "12345");
        assertExceeded(() -> put("anna/c", "1"));
        assertExceeded(() -> put("anna/a", "123456"));
        put("anna/a", "1234");
        put("anna/c", "1");
        quota("namespace", "anna", "quota_files", 2);
        assertExceeded(() -> put("anna/d", ""));
        put("anna/c", "1");
        quota("namespace", "anna", "quota_bytes", 5);
        put("anna/a", "1");
        master.get(ChangeNames.class).removeFile(anna, new FileAddress("anna", "b"), Conditions.NONE);
        assertThat(counted()).containsExactly("anna 2 2");
        assertCountedRight();
    }

    @Test
    void anAccountsQuotaHoldsOverAllItsNamespaces() throws Exception {
        master.namespace("more", 0);
        master.sql("UPDATE namespace SET owner_id = ? WHERE name = 'more'", anna.accountId());
        quota("account", "anna", "quota_bytes", 10);
        put("anna/a", "12345");
        put("more/a", "12345");
        assertExceeded(() -> put("more/b", "1"));
        assertExceeded(() -> put("anna/b", "1"));
        assertThat(master.get(OwnedFiles.class).usage(anna, "anna").usage()).isEqualTo(new CountUsage.Usage(2, 10));
    }

    @Test
    void whatAnAccountOwnsIsListedInPagesHoweverItIsSpreadOverFolders() throws Exception {
        master.namespace("more", 0);
        master.sql("UPDATE namespace SET owner_id = ? WHERE name = 'more'", anna.accountId());
        var unused = master.user("bob");
        Set<String> all = new TreeSet<>();
        for (String folder : List.of("anna/", "anna/a/", "anna/a/b/", "more/", "more/ü/")) {
            for (String name : List.of("1", "2", "c", "日本 😀")) {
                put(folder + name, "12345");
                all.add(folder + name);
            }
        }
        assertThat(master.put("bob/not/annas").version()).isOne();
        var files = master.get(OwnedFiles.class);
        for (int limit : new int[] {1, 3, 4, 7, 100}) {
            List<String> found = new ArrayList<>();
            var at = OwnedFiles.Position.BEGINNING;
            var page = files.page(anna, "anna", at, limit);
            while (!page.isEmpty()) {
                assertThat(page).hasSizeLessThanOrEqualTo(limit);
                page.forEach(file -> found.add(file.address().toString()));
                at = OwnedFiles.Position.parse(
                        page.get(page.size() - 1).position().toString());
                page = files.page(anna, "anna", at, limit);
            }
            assertThat(found).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
        }
        assertThat(files.page(anna, "anna", OwnedFiles.Position.BEGINNING, 1)
                        .get(0)
                        .sizeBytes())
                .isEqualTo(5);
        for (String wrong : List.of("", "1", ".", "x.YQ", "1.%")) {
            assertRefused(FailureKind.INVALID, "invalid-parameter", () -> OwnedFiles.Position.parse(wrong));
        }
    }

    @Test
    void whatIsCountedWrongIsFound() throws Exception {
        put("anna/a", "12345");
        master.sql("UPDATE account_usage SET bytes = bytes + 1");
        assertThat(countedWrong()).containsExactly("account anna anna 1 1 6 5");
        master.sql("UPDATE namespace_usage SET bytes = bytes + 1 WHERE files = 1");
        assertThat(countedWrong()).containsExactly("namespace anna anna 1 1 6 5");
    }

    @Test
    void aMoveBetweenOnesOwnNamespacesNeedsNoRoom() throws Exception {
        master.namespace("more", 0);
        master.sql("UPDATE namespace SET owner_id = ? WHERE name = 'more'", anna.accountId());
        quota("account", "anna", "quota_bytes", 10);
        quota("account", "anna", "quota_files", 1);
        put("anna/a", "1234567890");
        var here = new FileAddress("anna", "a");
        var there = new FileAddress("more", "a");
        var move = master.get(MoveNames.class);
        assertThat(move.move(anna, here, there, OnConflict.FAIL)).isEqualTo(there);
        assertThat(move.move(anna, there, here, OnConflict.FAIL)).isEqualTo(here);
        assertThat(counted()).containsExactly("anna 1 10");
        quota("namespace", "more", "quota_bytes", 9);
        assertExceeded(() -> move.move(anna, here, there, OnConflict.FAIL));
        assertCountedRight();
    }

    @Test
    void putsThatRaceCantPassAQuotaTogether() throws Exception {
        quota("account", "anna", "quota_files", 3);
        var outcomes = AtOnce.run(8, i -> () -> {
            try {
                put("anna/d" + i % 3 + "/file " + i, "123");
                return "stored";
            } catch (HoldfastException e) {
                return e.code();
            }
        });
        assertThat(outcomes.stream().filter("stored"::equals).count()).isEqualTo(3);
        assertThat(outcomes.stream().filter("quota-exceeded"::equals).count()).isEqualTo(5);
        assertThat(counted()).containsExactly("anna 3 9");
        assertCountedRight();
    }

    @Test
    void whatIsHandedOnCountsForTheNewOwner() throws Exception {
        put("anna/a", "12345");
        var bob = master.user("bob");
        var outcomes = AtOnce.run(4, i -> () -> {
            if (i == 0) {
                Contention.retryRun(() -> master.get(EditAccounts.class).remove("anna", Optional.of("bob")));
            } else {
                var unused = master.put("anna/b" + i, master.blob("123"), TestMaster.terms(OnConflict.REPLACE));
            }
            return i;
        });
        assertThat(outcomes).hasSize(4);
        assertThat(master.get(OwnedFiles.class).usage(bob, "bob").usage()).isEqualTo(new CountUsage.Usage(4, 14));
        assertCountedRight();
    }

    @Test
    void anUploadIsRefusedBeforeItsFirstByte() throws Exception {
        quota("namespace", "anna", "quota_bytes", 10);
        put("anna/a", "12345");
        assertExceeded(() -> ask("b", 6));
        assertThat(ask("b", 5)).isEmpty();
        assertThat(ask("a", 10)).isEmpty();
        assertExceeded(() -> ask("a", 11));
        assertThat(ask("c", BlobFacts.UNKNOWN_SIZE)).contains(5L);
        quota("namespace", "anna", "quota_files", 1);
        assertExceeded(() -> ask("c", BlobFacts.UNKNOWN_SIZE));
    }

    @Test
    void anUploadOfUnknownLengthMayBringWhatTheQuotasHaveLeft() throws Exception {
        put("anna/a", "12345");
        assertThat(ask("b", BlobFacts.UNKNOWN_SIZE)).isEmpty();
        quota("namespace", "anna", "quota_bytes", 20);
        quota("account", "anna", "quota_bytes", 12);
        assertThat(ask("b", BlobFacts.UNKNOWN_SIZE)).contains(7L);
        assertThat(ask("a", BlobFacts.UNKNOWN_SIZE)).as("takes the place of 5").contains(12L);
        assertThat(ask("b", 7)).as("told").isEmpty();
        quota("account", "anna", "quota_bytes", 3);
        assertThat(ask("a", BlobFacts.UNKNOWN_SIZE)).contains(5L);
        assertExceeded(() -> ask("b", BlobFacts.UNKNOWN_SIZE));
    }

    @Test
    void whatANodeMayKeepOfABrokenPutIsItsPartOfWhatTheQuotasHaveLeft() throws Exception {
        put("anna/a", "12345");
        assertThat(terms("b", 2).keptShare().ofNamespaceBytes()).isEmpty();
        assertThat(terms("b", 2).keptShare().ofOwnerBytes()).isEmpty();
        quota("namespace", "anna", "quota_bytes", 20);
        quota("account", "anna", "quota_bytes", 65);
        PutTerms.KeptShare alone = terms("b", 2).keptShare();
        assertThat(alone.ofNamespaceBytes()).contains(15L);
        assertThat(alone.ofOwnerBytes()).contains(60L);
        assertThat(alone.ownerId()).isEqualTo(anna.accountId());
        assertThat(master.rows("SELECT name FROM namespace WHERE id = " + alone.namespaceId()))
                .containsExactly("anna");

        var nodes = new TestNodes(master);
        nodes.join("sn2", "");
        nodes.join("sn3", "");
        PutTerms.KeptShare shared = terms("b", BlobFacts.UNKNOWN_SIZE).keptShare();
        assertThat(shared.ofNamespaceBytes()).contains(5L);
        assertThat(shared.ofOwnerBytes()).contains(20L);
        assertThat(terms("a", 2).keptShare().ofNamespaceBytes())
                .as("takes the place of 5")
                .contains(6L);
        quota("namespace", "anna", "quota_bytes", 3);
        assertThat(terms("a", 2).keptShare().ofNamespaceBytes())
                .as("lowered below what is there")
                .contains(1L);
    }

    private Optional<Long> ask(String path, long size) {
        return terms(path, size).mostBytes();
    }

    private PutTerms terms(String path, long size) {
        var wish = new RequestUpload.Wish(
                new FileAddress("anna", path),
                size,
                Digests.NONE,
                Optional.empty(),
                terms(OnConflict.REPLACE),
                new RequestUpload.NodeChoice(Set.of(), Optional.empty()),
                Optional.of("one-writer"));
        var upload = master.get(RequestUpload.class).ask(anna, wish, Ticket.Operation.PUT);
        return upload.tickets().apply(upload.nodes().get(0)).terms().orElseThrow();
    }

    private static void assertExceeded(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertRefused(FailureKind.TOO_LARGE, "quota-exceeded", call);
    }
}
