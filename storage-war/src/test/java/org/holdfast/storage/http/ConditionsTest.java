package org.holdfast.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.holdfast.storage.http.Conditions.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final String ETAG = "\"abc\"";
    private static final Instant MODIFIED = Instant.parse("2026-03-01T12:00:00.750Z");
    private static final String SAME = "Sun, 1 Mar 2026 12:00:00 GMT";
    private static final String BEFORE = "Sun, 1 Mar 2026 11:59:59 GMT";

    private static Verdict judge(
            @Nullable String match, @Nullable String noneMatch, @Nullable String since, @Nullable String unmodified) {
        return new Conditions(match, noneMatch, since, unmodified, null).judge(ETAG, MODIFIED);
    }

    private static boolean ranged(@Nullable String ifRange) {
        return new Conditions(null, null, null, null, ifRange).rangeCounts(ETAG, MODIFIED);
    }

    @Test
    void withoutConditionsAllIsSent() {
        assertThat(judge(null, null, null, null)).isEqualTo(Verdict.SEND);
        assertThat(ranged(null)).isTrue();
    }

    @Test
    void ifNoneMatchSavesWhatTheClientHas() {
        assertThat(judge(null, ETAG, null, null)).isEqualTo(Verdict.NOT_MODIFIED);
        assertThat(judge(null, "\"x\", W/\"abc\"", null, null)).isEqualTo(Verdict.NOT_MODIFIED);
        assertThat(judge(null, "*", null, null)).isEqualTo(Verdict.NOT_MODIFIED);
        assertThat(judge(null, "\"x\"", null, null)).isEqualTo(Verdict.SEND);
    }

    @Test
    void ifNoneMatchOutweighsIfModifiedSince() {
        assertThat(judge(null, "\"x\"", SAME, null)).isEqualTo(Verdict.SEND);
    }

    @Test
    void datesCountInWholeSeconds() {
        assertThat(judge(null, null, SAME, null)).isEqualTo(Verdict.NOT_MODIFIED);
        assertThat(judge(null, null, BEFORE, null)).isEqualTo(Verdict.SEND);
        assertThat(judge(null, null, null, SAME)).isEqualTo(Verdict.SEND);
        assertThat(judge(null, null, null, BEFORE)).isEqualTo(Verdict.FAILED);
        assertThat(judge(null, null, "yesterday", null)).isEqualTo(Verdict.SEND);
    }

    @Test
    void ifMatchRefusesAnotherVersion() {
        assertThat(judge("\"x\"", null, null, null)).isEqualTo(Verdict.FAILED);
        assertThat(judge("\"x\", \"abc\"", null, null, null)).isEqualTo(Verdict.SEND);
        assertThat(judge("*", null, null, null)).isEqualTo(Verdict.SEND);
        assertThat(judge(ETAG, null, null, BEFORE)).isEqualTo(Verdict.SEND);
    }

    @Test
    void ifRangeResumesOnlyTheSameBytes() {
        assertThat(ranged(ETAG)).isTrue();
        assertThat(ranged("\"x\"")).isFalse();
        assertThat(ranged("W/\"abc\"")).isFalse();
        assertThat(ranged(SAME)).isTrue();
        assertThat(ranged(BEFORE)).isFalse();
    }

    @Test
    void theDateIsWrittenAsHttpWantsIt() {
        assertThat(Conditions.format(MODIFIED)).isEqualTo("Sun, 01 Mar 2026 12:00:00 GMT");
    }
}
