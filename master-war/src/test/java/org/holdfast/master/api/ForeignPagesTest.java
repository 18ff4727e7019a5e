package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.holdfast.contract.FailureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignPagesTest {
    private static final String BASIC = "basic YW5uYTpzZWNyZXQ=";

    private static HttpServletRequest request(String method, Map<String, String> headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                ForeignPagesTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getHeader" -> headers.get((String) arguments[0]);
                    case "getAttribute" -> null;
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }

    private static HttpServletRequest signedIn(String method, String... headers) {
        var all = new HashMap<>(Map.of("Authorization", BASIC, "Host", "files.example.org:7400"));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return request(method, all);
    }

    private static void assertForeign(HttpServletRequest request) {
        assertRefused(FailureKind.FORBIDDEN, "foreign-page", () -> ForeignPages.refuse(request));
    }

    private static void assertPasses(HttpServletRequest request) {
        assertThatCode(() -> ForeignPages.refuse(request)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"POST", "PUT", "PATCH", "DELETE"})
    void whatAnotherSiteMakesABrowserChangeIsRefused(String method) {
        assertForeign(signedIn(method, "Sec-Fetch-Site", "cross-site"));
        assertForeign(signedIn(method, "Sec-Fetch-Site", "same-site"));
        assertForeign(signedIn(method, "Sec-Fetch-Site", "whatever comes next"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example",
        "null",
        "https://files.example.org",
        "https://files.example.org:7401",
        "not a URI"
    })
    void olderBrowsersTellTheOrigin(String origin) {
        assertForeign(signedIn("POST", "Origin", origin));
    }

    @Test
    void pagesOfThisServerMayChangeThings() {
        assertPasses(signedIn("POST", "Sec-Fetch-Site", "same-origin", "Origin", "https://files.example.org:7400"));
        assertPasses(signedIn("POST", "Sec-Fetch-Site", "none"));
        assertPasses(signedIn("DELETE", "Origin", "https://Files.Example.org:7400"));
    }

    @Test
    void whatIsNotAddedByABrowserItselfPasses() {
        var foreign = Map.of("Sec-Fetch-Site", "cross-site", "Host", "files.example.org");
        assertPasses(request("POST", foreign));
        var withToken = new HashMap<>(foreign);
        withToken.put("Authorization", "Bearer x");
        assertPasses(request("POST", withToken));
    }

    @Test
    void programsTellNothingAndReadingChangesNothing() {
        assertPasses(signedIn("POST"));
        assertPasses(signedIn("GET", "Sec-Fetch-Site", "cross-site"));
        assertPasses(signedIn("HEAD", "Origin", "https://evil.example"));
    }
}
