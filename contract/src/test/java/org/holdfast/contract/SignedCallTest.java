package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

class SignedCallTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final String PATH = "/internal/v1/commits?x=%2F";
    private static final SecretKeys KEYS = SecretKeys.parse(List.of("k1:" + "cd".repeat(32)));

    private final SignedCall call = callAt(NOW);

    @Property
    void a_call_passes_as_it_was_signed(@ForAll byte[] body) {
        call.verify(call.authorize("POST", PATH, body), "POST", PATH, body);
    }

    @Property
    void another_body_is_refused(@ForAll byte[] body, @ForAll int at, @ForAll byte flip) {
        byte[] other = body.clone();
        if (body.length == 0 || flip == 0) {
            other = new byte[body.length + 1];
        } else {
            other[Math.floorMod(at, body.length)] ^= flip;
        }
        assertRefused(call, call.authorize("POST", PATH, body), "POST", PATH, other);
    }

    @Property
    void another_method_or_path_is_refused(@ForAll String other) {
        String header = call.authorize("POST", PATH, new byte[0]);
        if (!other.equals("POST")) {
            assertRefused(call, header, other, PATH, new byte[0]);
        }
        assertRefused(call, header, "POST", PATH + "x" + other, new byte[0]);
    }

    /** Method, path and time are joined by line ends; none of them may lend a part to its neighbour. */
    @Example
    void the_parts_can_not_be_shifted_against_each_other() {
        String header = call.authorize("POST\n/a", "/b", new byte[0]);
        assertRefused(call, header, "POST", "/a\n/b/", new byte[0]);
    }

    @Example
    void every_field_of_the_header_counts() {
        String header = call.authorize("GET", "/x", new byte[0]);
        long at = NOW.toEpochMilli();
        for (String changed : List.of(
                header.replace("member=sn1", "member=sn2"),
                header.replace("key=k1", "key=k2"),
                header.replace("at=" + at, "at=" + (at + 1)),
                header.replaceFirst("body=.", "body=_"),
                header.replaceFirst("signature=..", "signature=00").replaceFirst("00(..)", "01$1"),
                header.replaceFirst("signature=.*", "signature="),
                header.replaceFirst("signature=", "signature=zz"),
                header.replaceFirst(",body=[0-9a-f]*", ""),
                header.replaceFirst("at=[0-9]*", "at=soon"),
                header.replace("Holdfast", "Bearer"),
                "Holdfast ",
                "")) {
            assertThat(changed).isNotEqualTo(header);
            assertRefused(call, changed, "GET", "/x", new byte[0]);
        }
        assertRefused(call, null, "GET", "/x", new byte[0]);
    }

    @Example
    void a_call_lives_five_minutes_to_both_sides() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        String header = call.authorize("POST", PATH, body);
        Duration tolerance = SignedCall.TOLERANCE;
        for (Instant there : List.of(NOW.plus(tolerance), NOW.minus(tolerance))) {
            assertThatCode(() -> callAt(there).verify(header, "POST", PATH, body))
                    .doesNotThrowAnyException();
        }
        for (Instant there :
                List.of(NOW.plus(tolerance).plusMillis(1), NOW.minus(tolerance).minusMillis(1))) {
            assertThatExceptionOfType(HoldfastException.class)
                    .isThrownBy(() -> callAt(there).verify(header, "POST", PATH, body))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(SignedCall.CLOCK_SKEW));
        }
    }

    @Example
    void a_key_that_only_verifies_still_lets_calls_pass() {
        var old = SecretKeys.parse(List.of("old:" + "01".repeat(32)));
        var rotated = SecretKeys.parse(List.of("new:" + "02".repeat(32), "old:" + "01".repeat(32)));
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        String header = new SignedCall("sn1", old, clock).authorize("GET", "/x", new byte[0]);
        assertThatCode(() -> new SignedCall("sn1", rotated, clock).verify(header, "GET", "/x", new byte[0]))
                .doesNotThrowAnyException();
        assertThat(new SignedCall("sn1", rotated, clock).authorize("GET", "/x", new byte[0]))
                .contains("key=new,");
    }

    @Example
    void a_call_says_who_calls_and_is_nobody_elses() {
        String header = call.authorize("GET", "/x", new byte[0]);
        assertThat(SignedCall.memberOf(header)).contains("sn1");
        assertThat(SignedCall.memberOf("Bearer member=sn1")).isEmpty();
        assertThat(SignedCall.memberOf(null)).isEmpty();
        var keys = new MasterKeys(KEYS);
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        var sn1 = keys.ofNode("sn1", "disk-1");
        String own = new SignedCall("sn1", sn1.callsToMasters(), clock).authorize("GET", "/x", new byte[0]);
        assertThatCode(() -> new SignedCall("sn1", sn1.callsToMasters(), clock).verify(own, "GET", "/x", new byte[0]))
                .doesNotThrowAnyException();
        for (SignedCall other : List.of(
                new SignedCall("sn1", sn1.callsOfMasters(), clock),
                new SignedCall("sn2", sn1.callsToMasters(), clock),
                new SignedCall("sn1", keys.ofNode("sn1", "disk-2").callsToMasters(), clock),
                new SignedCall("sn1", keys.ofNode("sn2", "disk-1").callsToMasters(), clock))) {
            assertRefused(other, own, "GET", "/x", new byte[0]);
        }
    }

    private static void assertRefused(
            SignedCall call, @Nullable String header, String method, String path, byte[] body) {
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> call.verify(header, method, path, body))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.UNAUTHENTICATED))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("cluster-signature-required"));
    }

    private static SignedCall callAt(Instant now) {
        return new SignedCall("sn1", KEYS, Clock.fixed(now, ZoneOffset.UTC));
    }
}
