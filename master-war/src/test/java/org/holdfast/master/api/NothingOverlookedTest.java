package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.holdfast.contract.FailureKind;
import org.junit.jupiter.api.Test;

class NothingOverlookedTest {
    private static final URI AUDIT = URI.create("http://h/api/v1/audit");
    private static final URI FOLDER = URI.create("http://h/api/v1/folders/admin/a");
    private static final URI USER = URI.create("http://h/api/v1/users/anna");

    private static <T> T fake(Class<T> type, InvocationHandler answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answers));
    }

    private static Method method(Class<?> resource, String name) {
        return Arrays.stream(resource.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void filter(String verb, URI uri, Method method, Map<String, String> headers) {
        var known = new MultivaluedHashMap<String, String>();
        if (method.getDeclaringClass().equals(FoldersResource.class)) {
            known.add("address", "admin/a");
        }
        var told = new MultivaluedHashMap<String, String>();
        headers.forEach(told::add);
        UriInfo info = fake(UriInfo.class, (proxy, asked, arguments) -> switch (asked.getName()) {
            case "getRequestUri" -> uri;
            case "getPathParameters" -> known;
            default -> throw new UnsupportedOperationException(asked.getName());
        });
        var testee = new NothingOverlooked();
        testee.resource = fake(ResourceInfo.class, (proxy, asked, arguments) -> method);
        testee.filter(fake(ContainerRequestContext.class, (proxy, asked, arguments) -> switch (asked.getName()) {
            case "getUriInfo" -> info;
            case "getMethod" -> verb;
            case "getHeaders" -> told;
            default -> throw new UnsupportedOperationException(asked.getName());
        }));
    }

    @Test
    void parametersThatNobodyKnowsAreNamed() {
        Method list = method(AuditResource.class, "list");
        assertThatCode(() -> filter("GET", URI.create(AUDIT + "?actor=anna&limit=5"), list, Map.of()))
                .doesNotThrowAnyException();
        assertRefused(
                FailureKind.INVALID,
                "invalid-parameter",
                () -> filter("GET", URI.create(AUDIT + "?user=anna"), list, Map.of()));
        assertRefused(
                FailureKind.INVALID,
                "invalid-parameter",
                () -> filter("GET", URI.create(USER + "?limit=5"), method(UsersResource.class, "get"), Map.of()));
    }

    @Test
    void conditionsAreJudgedOrRefused() {
        Method change = method(UsersResource.class, "change");
        for (String header : List.of("If-Match", "If-None-Match")) {
            assertRefused(
                    FailureKind.PRECONDITION,
                    "precondition-failed",
                    () -> filter("PATCH", USER, change, Map.of(header, "\"x\"")));
            assertThatCode(() ->
                            filter("DELETE", FOLDER, method(FoldersResource.class, "remove"), Map.of(header, "\"x\"")))
                    .doesNotThrowAnyException();
            assertThatCode(() -> filter("GET", FOLDER, method(FoldersResource.class, "list"), Map.of(header, "\"x\"")))
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> filter("PATCH", USER, change, Map.of("If-Unmodified-Since", "today")))
                .doesNotThrowAnyException();
    }

    @Test
    void semicolonsStandInNamesOfFilesAlone() {
        assertRefused(
                FailureKind.INVALID,
                "invalid-name",
                () -> filter("DELETE", URI.create(USER + ";x"), method(UsersResource.class, "remove"), Map.of()));
        assertThatCode(() -> filter(
                        "DELETE",
                        URI.create(FOLDER + ";x?recursive=true"),
                        method(FoldersResource.class, "remove"),
                        Map.of()))
                .doesNotThrowAnyException();
    }

    /** Each resource's method that changes something by an address says so, or has nothing to look at. */
    @Test
    void filesAndFoldersAreChangedUnderConditions() {
        assertThat(ApiApplication.RESOURCES.stream()
                        .flatMap(resource -> Arrays.stream(resource.getDeclaredMethods()))
                        .filter(method -> method.isAnnotationPresent(LooksAtConditions.class))
                        .map(method -> method.getDeclaringClass().getSimpleName() + "." + method.getName()))
                .containsExactlyInAnyOrder(
                        "FoldersResource.make", "FoldersResource.remove", "VersionsResource.restore");
    }
}
