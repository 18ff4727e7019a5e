package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.Query;
import org.holdfast.contract.Ulid;
import org.holdfast.master.audit.ListAudit;
import org.holdfast.master.audit.StoreAudit;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditListingTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private void store(String actor, String object, int status) {
        master.get(StoreAudit.class)
                .store(List.of(new AuditRecord(
                        Ulid.next(master.clock()),
                        master.clock().instant(),
                        "m1",
                        new AuditRecord.Who(Optional.empty(), actor, AuditRecord.Via.SESSION, "192.0.2.7"),
                        new AuditRecord.What("files.get", object),
                        new AuditRecord.Result(status, Optional.empty(), Optional.empty(), Duration.ZERO))));
    }

    private Listing page(String query, Optional<String> actor) {
        return AuditListing.page(
                master.get(ListAudit.class), Query.parse(query), actor, Optional.empty(), master.clock());
    }

    private List<String> objects(String query) {
        return objects(page(query, Optional.empty()));
    }

    private static List<String> objects(Listing listing) {
        return listing.rows().stream().map(row -> row.getString("object")).toList();
    }

    @Test
    void whatWasEarlierThanAnAccountIsNotItsOwners() {
        store("anna", "of another Anna", 200);
        master.clock().forward(Duration.ofDays(1));
        Optional<Instant> made = Optional.of(master.clock().instant());
        store("anna", "hers", 200);
        for (String query : List.of("", "since=P7D", "until=2030-01-01")) {
            assertThat(objects(AuditListing.page(
                            master.get(ListAudit.class),
                            Query.parse(query),
                            Optional.of("anna"),
                            made,
                            master.clock())))
                    .as(query)
                    .containsExactly("hers");
        }
        master.clock().forward(Duration.ofHours(2));
        assertThat(objects(AuditListing.page(
                        master.get(ListAudit.class),
                        Query.parse("since=PT1H"),
                        Optional.of("anna"),
                        made,
                        master.clock())))
                .isEmpty();
    }

    @Test
    void timesAreInstantsDaysOrHowLongAgo() {
        // The clock begins on 2026-03-01 at noon.
        store("anna", "early", 200);
        master.clock().forward(Duration.ofDays(1));
        store("anna", "late", 200);
        assertThat(objects("since=2026-03-01T12:00:00Z")).containsExactly("late", "early");
        assertThat(objects("since=2026-03-01T13:00:00%2B01:00&until=2026-03-02"))
                .containsExactly("early");
        assertThat(objects("since=2026-03-02")).containsExactly("late");
        assertThat(objects("since=PT1H")).containsExactly("late");
        assertThat(objects("until=PT1H")).containsExactly("early");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "since=yesterday",
                "until=2026-13-01",
                "since=P",
                "since=2026-03-01T12:00",
                "outcome=good",
                "status=7",
                "status=x",
                "before=x",
                "limit=0",
                "limit=5001"
            })
    void whatCanNotBeMeantIsRefused(String query) {
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> page(query, Optional.empty()));
    }

    @Test
    void aFullPageSaysWhereTheNextOneBegins() {
        for (int number = 0; number < 3; number++) {
            store("anna", "o" + number, 200);
        }
        Listing first = page("limit=2", Optional.empty());
        assertThat(objects(first)).containsExactly("o2", "o1");
        JsonObject envelope = first.envelope();
        Listing second = page("limit=2&before=" + envelope.getJsonNumber("next"), Optional.empty());
        assertThat(objects(second)).containsExactly("o0");
        assertThat(second.envelope().isNull("next")).isTrue();
    }

    @Test
    void whoMaySeeOnlyTheirOwnCanNotAskForOthers() {
        store("anna", "hers", 200);
        store("bob", "his", 403);
        assertThat(objects(page("actor=bob", Optional.of("anna")))).containsExactly("hers");
        assertThat(objects("actor=bob")).containsExactly("his");
        assertThat(objects("outcome=refused&object=h")).containsExactly("his");
        assertThat(objects("status=200")).containsExactly("hers");
    }

    @Test
    void aRecordIsOneLineOfCsv() {
        store("=cmd()", "anna/a,b \"c\"\nd", 200);
        assertThat(page("", Optional.empty()).toCsv().lines())
                .hasSize(2)
                .last()
                .asString()
                .contains(",m1,'=cmd(),session,192.0.2.7,files.get,200,,,0,,\"anna/a,b \"\"c\"\"\\u000ad\"");
    }
}
