package org.holdfast.master.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Role;
import org.holdfast.master.api.EndpointServlet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleServletTest {
    private static final String NODE = "https://n1:7401";

    private final ConsoleServlet servlet = new ConsoleServlet() {
        @Override
        List<String> origins() {
            return List.of(NODE);
        }
    };
    private final Map<String, String> headers = new TreeMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status = 200;

    @BeforeEach
    void start() throws Exception {
        ServletContext context = proxy(ServletContext.class, (proxy, called, arguments) -> switch (called.getName()) {
            case "getResourcePaths" -> below((String) arguments[0]);
            case "getResourceAsStream" -> Files.newInputStream(packed((String) arguments[0]));
            default -> throw new UnsupportedOperationException(called.toString());
        });
        servlet.init(proxy(
                ServletConfig.class,
                (proxy, called, arguments) -> called.getName().equals("getServletContext") ? context : null));
    }

    /** Where the build puts what the archive will have in WEB-INF. */
    private static Path packed(String path) {
        return Path.of(path.replace("/WEB-INF/classes", "target/classes"));
    }

    private static Set<String> below(String folder) {
        File[] files = packed(folder).toFile().listFiles();
        return Arrays.stream(files == null ? new File[0] : files)
                .map(file -> folder + file.getName() + (file.isDirectory() ? "/" : ""))
                .collect(Collectors.toSet());
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(ConsoleServletTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private void ask(String method, String uri, Map<String, String> asked) throws IOException {
        headers.clear();
        body.reset();
        status = 200;
        HttpServletRequest request =
                proxy(HttpServletRequest.class, (proxy, called, arguments) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getRequestURI" -> uri;
                    case "getHeader" -> asked.get((String) arguments[0]);
                    default -> throw new UnsupportedOperationException(called.toString());
                });
        HttpServletResponse response = proxy(HttpServletResponse.class, (proxy, called, arguments) -> {
            switch (called.getName()) {
                case "setHeader" -> headers.put((String) arguments[0], (String) arguments[1]);
                case "setContentType" -> headers.put("Content-Type", (String) arguments[0]);
                case "setStatus" -> status = (Integer) arguments[0];
                case "isCommitted" -> {
                    return false;
                }
                case "setContentLength", "resetBuffer" -> {}
                case "getOutputStream" -> {
                    return new Kept();
                }
                default -> throw new UnsupportedOperationException(called.toString());
            }
            return null;
        });
        servlet.handle(
                new EndpointServlet.Exchange(new Caller(-1, "nobody", Role.USER, 0), request, response, new byte[0]));
    }

    private final class Kept extends ServletOutputStream {
        @Override
        public void write(int octet) {
            body.write(octet);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UncheckedIOException(new IOException("nobody listens"));
        }
    }

    /** The folder that the page names. */
    private String folder() throws IOException {
        ask("GET", "/console/", Map.of());
        return body.toString(UTF_8).replaceFirst("(?s).*href=\"(/console/[0-9a-f]{16}/)app.css\".*", "$1");
    }

    @Test
    void the_page_is_asked_for_each_time_and_brings_its_policy() throws IOException {
        ask("GET", "/console/", Map.of());

        assertThat(headers)
                .containsEntry("Cache-Control", "no-cache")
                .containsEntry("Content-Type", "text/html;charset=UTF-8")
                .containsEntry("Vary", "Accept-Encoding")
                .hasEntrySatisfying(
                        "Content-Security-Policy",
                        policy -> assertThat(policy)
                                .startsWith("default-src 'none'")
                                .contains(NODE));
        assertThat(body.toString(UTF_8)).contains("<hf-app>");
    }

    @Test
    void who_knows_the_page_gets_no_second_one() throws IOException {
        ask("GET", "/console/", Map.of("Accept-Encoding", "gzip"));
        String packed = headers.get("ETag");

        ask("GET", "/console/", Map.of("Accept-Encoding", "gzip", "If-None-Match", packed));
        assertThat(status).isEqualTo(304);
        assertThat(body.size()).isZero();

        ask("GET", "/console/", Map.of("If-None-Match", packed));
        assertThat(status).as("the plain one is another representation").isEqualTo(200);
    }

    @Test
    void files_are_kept_for_ever_under_the_name_of_their_version() throws IOException {
        ask("GET", folder() + "app.js", Map.of("Accept-Encoding", "br, gzip"));

        assertThat(headers)
                .containsEntry("Cache-Control", "public, max-age=31536000, immutable")
                .containsEntry("Content-Encoding", "gzip")
                .containsEntry("Content-Type", "text/javascript;charset=UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate, gzip;q=0.5", "br,GZIP ; q=1.0"})
    void who_takes_gzip_gets_it(String accepted) throws IOException {
        ask("GET", folder() + "app.js", Map.of("Accept-Encoding", accepted));
        assertThat(headers).containsEntry("Content-Encoding", "gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip;q=0", "br, gzip; q=0.000, *", "x-gzipped"})
    void who_does_not_take_gzip_gets_it_plain(String accepted) throws IOException {
        ask("GET", folder() + "app.js", Map.of("Accept-Encoding", accepted));
        assertThat(headers).doesNotContainKey("Content-Encoding");
    }

    @Test
    void another_versions_files_are_not_here() {
        assertThatThrownBy(() -> ask("GET", "/console/0000000000000000/app.js", Map.of()))
                .isInstanceOf(HoldfastException.class);
        assertThatThrownBy(() -> ask("GET", folder() + "../index.html", Map.of()))
                .isInstanceOf(HoldfastException.class);
    }

    @Test
    void head_tells_the_same_without_the_bytes() throws IOException {
        ask("HEAD", "/console/", Map.of());

        assertThat(headers).containsKeys("ETag", "Content-Security-Policy");
        assertThat(body.size()).isZero();
    }

    @Test
    void browsers_are_led_to_the_console() throws IOException {
        ask("GET", "/", Map.of("Accept", "text/html,*/*;q=0.8"));
        assertThat(status).isEqualTo(302);
        assertThat(headers).containsEntry("Location", "/console/");

        ask("GET", "/console", Map.of());
        assertThat(headers).containsEntry("Location", "/console/");

        ask("GET", "/", Map.of("Accept", "*/*"));
        assertThat(status).isEqualTo(200);
        assertThat(body.toString(UTF_8)).contains("/console/", "/api/v1");
    }

    @Test
    void nothing_is_sent_to_it() throws IOException {
        ask("POST", "/console/", Map.of());

        assertThat(status).isEqualTo(405);
        assertThat(headers).containsEntry("Allow", "GET, HEAD");
    }
}
