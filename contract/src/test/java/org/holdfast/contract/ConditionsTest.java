package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.Conditions.Verdict;
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

    private static Optional<String> unmet(Map<String, List<String>> headers, Conditions.@Nullable Current there) {
        return Conditions.of(name -> headers.getOrDefault(name, List.of())).unmet(there);
    }

    @Test
    void aListInSeveralLinesIsOne() {
        var there = new Conditions.Current(ETAG, MODIFIED);
        assertThat(unmet(Map.of("If-Match", List.of("\"x\"", ETAG)), there)).isEmpty();
        assertThat(unmet(Map.of("If-None-Match", List.of("\"x\"", ETAG)), there))
                .contains("If-None-Match");
    }

    @Test
    void aChangeIsJudgedByWhatIsThere() {
        var there = new Conditions.Current(ETAG, MODIFIED);
        assertThat(unmet(Map.of(), there)).isEmpty();
        assertThat(unmet(Map.of("If-Match", List.of("\"x\"")), there)).contains("If-Match");
        assertThat(unmet(Map.of("If-Match", List.of("W/\"abc\"")), there)).contains("If-Match");
        assertThat(unmet(Map.of("If-None-Match", List.of("*")), there)).contains("If-None-Match");
        assertThat(unmet(Map.of("If-None-Match", List.of("\"x\"")), there)).isEmpty();
        assertThat(unmet(Map.of("If-Unmodified-Since", List.of(BEFORE)), there)).contains("If-Unmodified-Since");
        assertThat(unmet(Map.of("If-Unmodified-Since", List.of(SAME)), there)).isEmpty();
        assertThat(unmet(Map.of("If-Match", List.of(ETAG), "If-Unmodified-Since", List.of(BEFORE)), there))
                .as("If-Match outweighs it")
                .isEmpty();
        assertThat(unmet(Map.of("If-Modified-Since", List.of(SAME)), there))
                .as("for GET and HEAD alone")
                .isEmpty();
    }

    @Test
    void whereNothingIsOnlyNewThingsMayBeMade() {
        assertThat(unmet(Map.of(), null)).isEmpty();
        assertThat(unmet(Map.of("If-Match", List.of("*")), null)).contains("If-Match");
        assertThat(unmet(Map.of("If-None-Match", List.of("*")), null)).isEmpty();
        assertThat(unmet(Map.of("If-Unmodified-Since", List.of(BEFORE)), null)).isEmpty();
    }

    @Test
    void aFolderIsThereAndHasNoTag() {
        var folder = Conditions.Current.WITHOUT_VALIDATORS;
        assertThat(unmet(Map.of("If-Match", List.of("*")), folder)).isEmpty();
        assertThat(unmet(Map.of("If-Match", List.of(ETAG)), folder)).contains("If-Match");
        assertThat(unmet(Map.of("If-None-Match", List.of("*")), folder)).contains("If-None-Match");
        assertThat(unmet(Map.of("If-None-Match", List.of(ETAG)), folder)).isEmpty();
        assertThat(unmet(Map.of("If-Unmodified-Since", List.of(BEFORE)), folder))
                .isEmpty();
    }
}
