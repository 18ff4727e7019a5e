package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemovedMembersTest {
    private static final Instant REMOVED = Instant.parse("2026-11-30T12:00:00Z");
    private static final RemovedMembers MEMBERS = new RemovedMembers(Map.of("worker w2", REMOVED));

    /** Certificates begin a day before they are made. */
    private static Optional<CertifiedName> made(CertifiedName.Role role, String name, Instant at) {
        return Optional.of(new CertifiedName(role, name, at.minus(Duration.ofDays(1))));
    }

    @Test
    void aCertificateFromBeforeTheRemovalIsRefused() {
        for (Instant at : new Instant[] {REMOVED.minusSeconds(1), REMOVED}) {
            assertThatExceptionOfType(HoldfastException.class)
                    .isThrownBy(() -> MEMBERS.refuse(made(CertifiedName.Role.WORKER, "w2", at)))
                    .satisfies(refusal -> {
                        assertThat(refusal.code()).isEqualTo("certificate-removed");
                        assertThat(refusal.kind()).isEqualTo(FailureKind.FORBIDDEN);
                        assertThat(refusal.sentence()).contains("setup/certificates renew w2");
                    });
        }
    }

    @Test
    void aLaterOneAndThoseOfOthersAreGood() {
        assertThatNoException().isThrownBy(() -> {
            MEMBERS.refuse(made(CertifiedName.Role.WORKER, "w2", REMOVED.plusSeconds(1)));
            MEMBERS.refuse(made(CertifiedName.Role.WORKER, "w1", REMOVED));
            MEMBERS.refuse(made(CertifiedName.Role.NODE, "w2", REMOVED));
            MEMBERS.refuse(Optional.empty());
        });
    }

    @Test
    void itTravels() {
        assertThat(RemovedMembers.fromJson(MEMBERS.toJson())).isEqualTo(MEMBERS);
    }
}
