package org.holdfast.master.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * All files of the console, ready to be sent, in memory: 1.8 MB, most of it what plots are drawn with.
 *
 * <p>The page is asked for each time; all else lies below a folder that is called by the digest of all files, so that a
 * browser may keep it for ever and never mixes two versions.
 */
final class ConsoleFiles {
    static final String PAGE = "index.html";
    /** Stands in the page for the folder of the other files. */
    private static final String FOLDER_MARK = "@folder@";
    /** The one script within the page; a browser takes an import map from nowhere else. */
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    /** Characters of the digest in URLs: 64 bits tell versions of a console apart. */
    private static final int VERSION_CHARS = 16;

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "svg", "image/svg+xml",
            "txt", "text/plain;charset=UTF-8");

    /**
     * One file.
     *
     * @param type its media type
     * @param plain its bytes
     * @param gzipped the same, compressed
     * @param etag of the plain bytes, in quotes
     */
    @SuppressWarnings("ArrayRecordComponent") // carries the bytes, is never compared
    record File(String type, byte[] plain, byte[] gzipped, String etag) {}

    private final String version;
    private final File page;
    private final String importMapHash;
    private final Map<String, File> others = new HashMap<>();

    /**
     * Prepares the files.
     *
     * @param found bytes by path below the console, with {@value #PAGE} among them
     */
    ConsoleFiles(Map<String, byte[]> found) {
        MessageDigest all = sha256();
        new TreeMap<>(found).forEach((path, bytes) -> {
            all.update(path.getBytes(StandardCharsets.UTF_8));
            all.update(sha256().digest(bytes));
        });
        version = HexFormat.of().formatHex(all.digest()).substring(0, VERSION_CHARS);
        byte[] template = found.get(PAGE);
        if (template == null) {
            throw new IllegalStateException("The console has no " + PAGE + ".");
        }
        String html = new String(template, StandardCharsets.UTF_8).replace(FOLDER_MARK, "/console/" + version);
        importMapHash = importMapHash(html);
        page = file(PAGE, html.getBytes(StandardCharsets.UTF_8));
        found.forEach((path, bytes) -> {
            if (!path.equals(PAGE)) {
                others.put(path, file(path, bytes));
            }
        });
    }

    /**
     * The page and what it may do.
     *
     * @param file its bytes; another policy is another page to a browser that has asked before
     * @param policy for {@code Content-Security-Policy}
     */
    record Page(File file, String policy) {}

    /**
     * The page for a browser that asks now.
     *
     * @param nodes origins of the storage nodes, as {@code https://host:port}
     */
    Page page(List<String> nodes) {
        String policy = policy(nodes);
        String etag = etag((page.etag() + policy).getBytes(StandardCharsets.UTF_8));
        return new Page(new File(page.type(), page.plain(), page.gzipped(), etag), policy);
    }

    /** The name of the folder that the page's files are in. */
    String version() {
        return version;
    }

    /** A file of the page. */
    Optional<File> find(String path) {
        return Optional.ofNullable(others.get(path));
    }

    /**
     * The Content-Security-Policy (CSP level 3): the page's own files, this master's API and the bytes that nodes give;
     * no inline script but the import map, no inline style, no frame but what the page makes itself (a PDF), no string
     * that becomes a script or a document but through Lit's templates (Trusted Types).
     */
    private String policy(List<String> nodes) {
        String there = nodes.isEmpty() ? "" : " " + String.join(" ", nodes);
        return "default-src 'none'; script-src 'self' 'sha256-" + importMapHash + "'; style-src 'self';"
                + " img-src 'self' data:" + there + "; media-src 'self'" + there + "; connect-src 'self'" + there
                + "; frame-src blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none';"
                + " require-trusted-types-for 'script'; trusted-types lit-html";
    }

    private static String importMapHash(String html) {
        Matcher map = IMPORT_MAP.matcher(html);
        if (!map.find()) {
            throw new IllegalStateException("The console's page has no import map.");
        }
        return Base64.getEncoder().encodeToString(sha256().digest(map.group(1).getBytes(StandardCharsets.UTF_8)));
    }

    private static File file(String path, byte[] bytes) {
        String ending = path.substring(path.lastIndexOf('.') + 1);
        return new File(TYPES.getOrDefault(ending, "text/plain;charset=UTF-8"), bytes, gzip(bytes), etag(bytes));
    }

    private static String etag(byte[] bytes) {
        return '"' + HexFormat.of().formatHex(sha256().digest(bytes)).substring(0, 32) + '"';
    }

    private static byte[] gzip(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
