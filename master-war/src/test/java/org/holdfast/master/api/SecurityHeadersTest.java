package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SecurityHeadersTest {
    private String host = "files.example";
    private final Map<String, String> headers = new TreeMap<>();

    private Map<String, String> answer(String uri, boolean secure, FilterChain chain) throws Exception {
        var request = (HttpServletRequest) Proxy.newProxyInstance(
                SecurityHeadersTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "getRequestURI" -> uri;
                    case "isSecure" -> secure;
                    case "getServerName" -> host;
                    default -> throw new UnsupportedOperationException(called.toString());
                });
        var response = (HttpServletResponse) Proxy.newProxyInstance(
                SecurityHeadersTest.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, called, arguments) -> {
                    switch (called.getName()) {
                        case "setHeader" -> headers.put((String) arguments[0], (String) arguments[1]);
                        case "reset" -> headers.clear();
                        default -> throw new UnsupportedOperationException(called.toString());
                    }
                    return null;
                });
        new SecurityHeaders().doFilter(request, response, chain);
        return headers;
    }

    @Test
    void everyAnswerHasThem() throws Exception {
        assertThat(answer("/", true, (asked, given) -> {}))
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("X-Frame-Options", "DENY")
                .containsEntry("Referrer-Policy", "no-referrer")
                .containsEntry("Cross-Origin-Opener-Policy", "same-origin")
                .containsEntry("Cross-Origin-Resource-Policy", "same-origin")
                .containsEntry("Strict-Transport-Security", "max-age=31536000")
                .hasEntrySatisfying(
                        "Content-Security-Policy",
                        policy -> assertThat(policy)
                                .contains(
                                        "default-src 'self'",
                                        "frame-ancestors 'none'",
                                        "base-uri 'none'",
                                        "form-action 'self'")
                                .doesNotContain("unsafe-inline", "unsafe-eval", "*"));
    }

    @Test
    void noOtherOriginIsLetIn() throws Exception {
        assertThat(answer("/api/v1/files/anna/a", true, (asked, given) -> {}).keySet())
                .noneMatch(name -> name.startsWith("Access-Control-"));
    }

    @Test
    void withoutTlsNobodyIsToldToKeepToIt() throws Exception {
        assertThat(answer("/", false, (asked, given) -> {})).doesNotContainKey("Strict-Transport-Security");
    }

    @Test
    void ofThisMachineNobodyIsToldEither() throws Exception {
        host = "localhost";
        assertThat(answer("/", true, (asked, given) -> {})).doesNotContainKey("Strict-Transport-Security");
    }

    @Test
    void answersOfTheApiAreNotKeptUnlessAnEndpointSaysSo() throws Exception {
        assertThat(answer("/api/v1/users", true, (asked, given) -> {})).containsEntry("Cache-Control", "no-store");
        assertThat(answer(
                        "/api/v1/users",
                        true,
                        (asked, given) -> ((HttpServletResponse) given).setHeader("Cache-Control", "private")))
                .containsEntry("Cache-Control", "private");
        headers.clear();
        assertThat(answer("/holdfast.css", true, (asked, given) -> {})).doesNotContainKey("Cache-Control");
    }

    @Test
    void theyOutlastAFailureThatThrowsAwayWhatWasPrepared() throws Exception {
        assertThat(answer("/api/v1/users", true, (asked, given) -> given.reset()))
                .containsKeys("X-Content-Type-Options", "Content-Security-Policy", "Cache-Control");
    }
}
