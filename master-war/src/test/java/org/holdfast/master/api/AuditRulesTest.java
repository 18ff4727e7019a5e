package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditRulesTest {
    @ParameterizedTest
    @CsvSource({
        "GET, files/anna/docs/a%20b.txt, files.get, anna/docs/a b.txt",
        "HEAD, files/anna/a, files.head, anna/a",
        "PUT, files/anna/a, files.put, anna/a",
        "DELETE, files/anna/a, files.delete, anna/a",
        "POST, files/anna/a, files.move, anna/a",
        "POST, uploads/anna/a, uploads.open, anna/a",
        "GET, folders/anna/, folders.list, anna",
        "PUT, folders/anna/b, folders.make, anna/b",
        "GET, archives/anna/b, archives.get, anna/b",
        "GET, search, search, ''",
        "GET, replicas/anna/a, replicas.get, anna/a",
        "GET, access/anna/a, access.get, anna/a",
        "PUT, access/anna/a, access.grant, anna/a",
        "DELETE, access/anna/a, access.revoke, anna/a",
        "POST, locks/anna/a, locks.take, anna/a",
        "GET, versions/anna/a, versions.get, anna/a",
        "POST, versions/anna/a, versions.restore, anna/a",
        "POST, session, session.open, ''",
        "DELETE, session, session.close, ''",
        "GET, users, users.get, ''",
        "POST, users, users.create, ''",
        "PATCH, users/anna, users.change, anna",
        "POST, users/anna/password, users.password, anna",
        "POST, users/anna/password-link, users.password-link, anna",
        "GET, users/anna/usage, users.usage.get, anna",
        "DELETE, users/anna/throttle, users.unthrottle, anna",
        "DELETE, users/anna/sessions/01M7, users.sign-out, anna/01M7",
        "POST, password-links/c2VjcmV0, password-links.use, ''",
        "GET, shared/c2VjcmV0/kelp.txt, shared.read, ''",
        "POST, shared/c2VjcmV0, shared.enter, ''",
        "POST, links/anna/projects, links.make, anna/projects",
        "DELETE, links/anna/projects, links.end, anna/projects",
        "POST, namespaces, namespaces.create, ''",
        "PUT, namespaces/team/members/bob, namespaces.members.grant, team/bob",
        "PATCH, nodes/sn1, nodes.change, sn1",
        "POST, nodes, nodes.join, ''",
        "DELETE, workers/w2, workers.remove, w2",
        "POST, tasks/01M7XJ/retry, tasks.retry, 01M7XJ",
        "POST, tasks/pause, tasks.pause, ''",
        "POST, scrubs, scrubs.create, ''",
        "POST, cluster/rebalance, cluster.rebalance, ''",
        "DELETE, cluster/rebalance, cluster.rebalance.stop, ''",
        "GET, audit, audit.get, ''"
    })
    void everyRequestHasANameAndAnObject(String method, String path, String action, String object) {
        AuditRecord.What what = AuditRules.what(method, "/api/v1/" + path, null);
        assertThat(what).isEqualTo(new AuditRecord.What(action, object));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/files/anna/a, 307, true",
        "GET, /api/v1/users, 200, true",
        "POST, /api/v1/session, 201, true",
        "PATCH, /api/v1/nodes/sn1, 200, true",
        "POST, /api/v1/tasks/X/retry, 409, true",
        "GET, /api/v1/nodes, 200, false",
        "GET, /api/v1/tasks, 200, false",
        "GET, /api/v1/cluster, 200, false",
        "GET, /api/v1/alarms, 200, false",
        "GET, /api/v1/stream, 200, false",
        "GET, /api/v1/archives/anna/a, 200, true",
        "GET, /api/v1/events, 503, false",
        "GET, /health/ready, 200, false",
        "GET, /metrics, 200, false",
        "GET, /, 200, false",
        "POST, /internal/v1/commits, 201, false",
        "POST, /api/v1/unheard-of, 404, false",
        "GET, /api/v1/nodes, 401, true",
        "GET, /api/v1/tasks, 403, true",
        "POST, /internal/v1/commits, 401, true",
        "GET, /anything, 429, true",
        "PUT, /api/v1/files/anna/a, 423, true"
    })
    void accessesChangesAndRefusalsAreRecorded(String method, String path, int status, boolean recorded) {
        assertThat(AuditRules.isRecorded(method, path, status, Optional.empty()))
                .isEqualTo(recorded);
    }

    @Test
    void aMembersWrongClockIsNoRefusal() {
        assertThat(AuditRules.isRecorded("POST", "/internal/v1/commits", 401, Optional.of("clock-skew")))
                .isFalse();
    }

    @Test
    void theQuerySaysWhatElseThereIsToKnowButNoSecrets() {
        assertThat(AuditRules.what("POST", "/api/v1/files/anna/a", "move-to=bob%2Fb%0Ac&ticket=x&on-conflict=rename")
                        .detail())
                .contains("move-to=bob/b\\u000ac on-conflict=rename");
        assertThat(AuditRules.what("GET", "/api/v1/files/anna/a", "ticket=x&%zz")
                        .detail())
                .isEmpty();
    }

    @Test
    void aSearchTellsWhatWasLookedFor() {
        assertThat(AuditRules.what("GET", "/api/v1/search", "namespace=anna&name=kelp&limit=5")
                        .detail())
                .contains("namespace=anna name=kelp");
    }

    @Test
    void whatCanNotBeReadIsShownAsItCame() {
        assertThat(AuditRules.what("GET", "/api/v1/files/ANNA/%zz", null).object())
                .isEqualTo("ANNA/%zz");
        assertThat(AuditRules.what("GET", "/api/v1/users/a%0Ab", null).object()).isEqualTo("a\\u000ab");
        assertThat(AuditRules.what("TRACE", "/x/%zz", null)).isEqualTo(new AuditRecord.What("http.trace", "/x/%zz"));
    }
}
