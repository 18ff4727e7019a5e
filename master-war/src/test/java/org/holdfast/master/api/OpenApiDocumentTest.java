package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The document at {@code /openapi} is written by hand (ADR 14): it must know every operation of every resource. */
class OpenApiDocumentTest {
    private static final Pattern NAME = Pattern.compile("- \\{?name: ([\\w-]+)");
    private static final String PREFIX = "/api/v1/";

    @Test
    void knows_every_operation_of_every_resource() throws IOException {
        Map<String, List<String>> documented = operations();

        for (Class<?> resource : ApiApplication.RESOURCES) {
            for (Method method : resource.getDeclaredMethods()) {
                verb(method)
                        .ifPresent(verb -> assertThat(documented.get(path(resource, method)))
                                .as("%s of %s", verb, path(resource, method))
                                .isNotNull()
                                .contains(verb));
            }
        }
    }

    @Test
    void knows_the_servlets() throws IOException {
        Map<String, List<String>> documented = operations();

        assertThat(documented.get(FilesServlet.PREFIX + "{namespace}/{path}"))
                .containsExactlyInAnyOrder("get", "head", "put", "delete", "post");
        assertThat(documented.get(UploadsServlet.PREFIX + "{namespace}/{path}")).containsExactly("post");
        assertThat(documented.get(ArchivesServlet.PREFIX + "{namespace}/{path}"))
                .containsExactly("get");
        assertThat(documented.get(StreamServlet.PATH)).containsExactly("get");
        assertThat(documented.get("/blobs/{blob}")).containsExactlyInAnyOrder("get", "head", "put");
    }

    /** What a method knows is what is written down: others are refused, and a client that reads this must not run into that. */
    @Test
    void knows_every_parameter_of_every_resource() throws IOException {
        Map<String, Set<String>> documented = parameters();

        for (Class<?> resource : ApiApplication.RESOURCES) {
            for (Method method : resource.getDeclaredMethods()) {
                Parameters known = method.getAnnotation(Parameters.class);
                verb(method)
                        .ifPresent(verb -> assertThat(
                                        documented.getOrDefault(path(resource, method) + " " + verb, Set.of()))
                                .as("%s of %s", verb, path(resource, method))
                                .isEqualTo(known == null ? Set.of() : Set.of(known.value())));
            }
        }
    }

    /** Names of query parameters by path and verb, those in components not counted. */
    private static Map<String, Set<String>> parameters() throws IOException {
        Map<String, Set<String>> parameters = new HashMap<>();
        String path = "";
        String verb = "";
        String name = "";
        for (String line : document()
                .lines()
                .takeWhile(text -> !text.equals("components:"))
                .toList()) {
            if (line.matches("  /.*:")) {
                path = line.substring(2, line.length() - 1);
            } else if (line.matches("    \\w+:")) {
                verb = line.strip().replace(":", "");
            }
            Matcher told = NAME.matcher(line);
            if (told.find()) {
                name = told.group(1);
            }
            if (line.contains("in: query")) {
                parameters
                        .computeIfAbsent(path + " " + verb, key -> new HashSet<>())
                        .add(name);
            }
        }
        return parameters;
    }

    private static Optional<String> verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(Objects::nonNull)
                .map(found -> found.value().toLowerCase(Locale.ROOT))
                .findFirst();
    }

    /** As people read it: an address is a namespace and a path. */
    private static String path(Class<?> resource, Method method) {
        String own = method.isAnnotationPresent(Path.class)
                ? "/" + method.getAnnotation(Path.class).value()
                : "";
        return (PREFIX + resource.getAnnotation(Path.class).value() + own)
                .replace("{address: .+}", "{namespace}/{path}")
                .replaceAll("\\{(\\w+): [^}]*}", "{$1}");
    }

    /** Verbs by path. The document indents paths by two spaces and their operations by four. */
    private static Map<String, List<String>> operations() throws IOException {
        Map<String, List<String>> operations = new HashMap<>();
        String path = "";
        for (String line : document().lines().toList()) {
            if (line.matches("  /.*:")) {
                path = line.substring(2, line.length() - 1);
                operations.put(path, new ArrayList<>());
            } else if (line.matches("    (get|head|put|post|patch|delete):")) {
                operations
                        .getOrDefault(path, new ArrayList<>())
                        .add(line.strip().replace(":", ""));
            }
        }
        return operations;
    }

    private static String document() throws IOException {
        try (var in = OpenApiDocumentTest.class.getResourceAsStream("/META-INF/openapi.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
