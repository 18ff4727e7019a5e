package org.holdfast.master.console;

import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.holdfast.contract.EntityTags;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.Access;
import org.holdfast.master.api.EndpointServlet;
import org.holdfast.master.cluster.ClusterView;
import org.jspecify.annotations.Nullable;

/**
 * {@code /console/}: the web console, and {@code /}, which leads browsers there. Nothing of it is secret: what people see
 * comes from the API, which asks who they are.
 */
@Access(Access.Level.PUBLIC)
@WebServlet(
        urlPatterns = {"", ConsoleServlet.FOLDER, ConsoleServlet.HOME + "*"},
        loadOnStartup = 1)
public class ConsoleServlet extends EndpointServlet {
    static final String HOME = "/console/";
    static final String FOLDER = "/console";
    private static final long serialVersionUID = 1L;
    private static final String PACKED = "/WEB-INF/classes/console/";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    /** Not with a weight of 0, which says no (RFC 9110, 12.5.3). */
    private static final Pattern GZIP = Pattern.compile("(?i)(^|,)\\s*gzip\\s*(,|$|;\\s*q=(1|0\\.0*[1-9]))");

    private static final String ASK_EACH_TIME = "no-cache";
    private static final String WELCOME = """
            This is a master of a Holdfast cluster.
            For people:   /console/
            For programs: /api/v1, described at /openapi; health at /health/ready; metrics at /metrics
            """;

    @Inject
    transient ClusterView cluster;

    private transient @Nullable ConsoleFiles files;

    @Override
    public void init() throws ServletException {
        Map<String, byte[]> found = new HashMap<>();
        try {
            collect(getServletContext(), PACKED, found);
        } catch (IOException e) {
            throw new ServletException("The console's files can't be read.", e);
        }
        files = new ConsoleFiles(found);
    }

    private static void collect(ServletContext context, String folder, Map<String, byte[]> found) throws IOException {
        Set<String> paths =
                Optional.ofNullable(context.getResourcePaths(folder)).orElse(Set.of());
        for (String path : paths) {
            if (path.endsWith("/")) {
                collect(context, path, found);
            } else {
                try (InputStream in = context.getResourceAsStream(path)) {
                    found.put(path.substring(PACKED.length()), in.readAllBytes());
                }
            }
        }
    }

    @Override
    protected void handle(Exchange exchange) throws IOException {
        if (!Set.of("GET", "HEAD").contains(exchange.request().getMethod())) {
            refuseMethod(exchange, "GET, HEAD");
            return;
        }
        String path = exchange.request().getRequestURI();
        if (!path.startsWith(HOME)) {
            lead(exchange, path);
            return;
        }
        String name = path.substring(HOME.length());
        ConsoleFiles known = java.util.Objects.requireNonNull(files, "init() comes first");
        if (name.isEmpty()) {
            ConsoleFiles.Page page = known.page(origins());
            exchange.response().setHeader("Content-Security-Policy", page.policy());
            send(exchange, page.file(), ASK_EACH_TIME);
            return;
        }
        String folder = known.version() + "/";
        send(
                exchange,
                Optional.of(name)
                        .filter(asked -> asked.startsWith(folder))
                        .flatMap(asked -> known.find(asked.substring(folder.length())))
                        .orElseThrow(() -> HoldfastException.of(
                                FailureKind.NOT_FOUND,
                                "not-found",
                                "The console has no such file; load its page again.")),
                FOR_EVER);
    }

    /** Of the nodes as clients know them. One that joins later gives its bytes to pages that are loaded later. */
    List<String> origins() {
        return cluster.nodes().stream()
                .map(node -> URI.create(node.publicUrl()))
                .map(url -> url.getScheme() + "://" + url.getRawAuthority())
                .distinct()
                .toList();
    }

    /** People are led to the console; programs are told where they are. */
    private static void lead(Exchange exchange, String path) throws IOException {
        String accept = exchange.header("Accept");
        HttpServletResponse response = exchange.response();
        if (path.equals(FOLDER) || (accept != null && accept.contains("text/html"))) {
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", HOME);
            return;
        }
        byte[] bytes = WELCOME.getBytes(StandardCharsets.UTF_8);
        response.setHeader("Vary", "Accept");
        response.setContentType("text/plain;charset=UTF-8");
        write(exchange, bytes);
    }

    private static void send(Exchange exchange, ConsoleFiles.File file, String caching) throws IOException {
        HttpServletResponse response = exchange.response();
        String accepted = exchange.header("Accept-Encoding");
        boolean packed = accepted != null && GZIP.matcher(accepted).find();
        // Two encodings are two representations, each with a tag of its own (RFC 9110, 8.8.3.3).
        String etag = packed ? file.etag().replaceFirst("\"$", "-gzip\"") : file.etag();
        response.setHeader("Cache-Control", caching);
        response.setHeader("Vary", "Accept-Encoding");
        response.setHeader("ETag", etag);
        String known = exchange.header("If-None-Match");
        if (known != null && EntityTags.ifNoneMatchNames(known, etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(file.type());
        if (packed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        write(exchange, packed ? file.gzipped() : file.plain());
    }

    private static void write(Exchange exchange, byte[] bytes) throws IOException {
        exchange.response().setContentLength(bytes.length);
        if (exchange.request().getMethod().equals("GET")) {
            exchange.response().getOutputStream().write(bytes);
        }
    }
}
