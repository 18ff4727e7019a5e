package org.holdfast.systemtests;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests as no client writes them, out of the pieces that requests have: each is nearly right, and wrong in a few places.
 * The same seed gives the same request. One byte per char.
 */
final class OddRequests {
    private static final List<String> METHODS = List.of(
            "GET",
            "HEAD",
            "PUT",
            "POST",
            "DELETE",
            "PATCH",
            "OPTIONS",
            "TRACE",
            "CONNECT",
            "PROPFIND",
            "get",
            "G(T",
            "");

    private static final List<String> PATHS = List.of(
            "/health/live",
            "/health/ready",
            "/metrics",
            "/api/v1/files/admin/odd/x",
            "/api/v1/uploads/admin/odd/x?size=3",
            "/api/v1/folders/admin?limit=5&after=x",
            "/api/v1/session",
            "/api/v1/nodes",
            "/api/v1/password-links/a.b.c",
            "/api/v1/shared/a.b.c/x",
            "/api/v1/tasks?state=done&limit=1",
            "/api/v1/search/admin?q=x",
            "/blobs/01KJMZ2M00ABCDEFGHJKMNPQRS?ticket=e30.k1.AAAA",
            "/internal/v1/ping",
            "/internal/v1/commits",
            "/internal/v1/inventory?after=&limit=5",
            "/internal/v1/blobs/01KJMZ2M00ABCDEFGHJKMNPQRS/verify",
            "/console/",
            "/openapi",
            "/",
            "*",
            "http://127.0.0.1/health/live");

    private static final List<String> VERSIONS =
            List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/9.9", "http/1.1", "");

    private static final List<String> HEADERS = List.of(
            "Accept: text/plain",
            "Accept: ;q=,*/*;q=2",
            "Accept-Encoding: gzip;q=1,identity;q=0",
            "Authorization: Bearer e30.k1.AAAA",
            "Authorization: Holdfast member=sn1,key=k1,at=1,body=00,signature=00",
            "Authorization: Basic",
            "Authorization: \u00ff\u00fe",
            "Connection: close",
            "Connection: keep-alive, Upgrade, Host",
            "Content-Encoding: gzip",
            "Content-Length: 3",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Content-Length: 0x10",
            "Content-MD5: ====",
            "Content-Range: bytes 0-2/3",
            "Content-Range: bytes 9-1/*",
            "Content-Type: application/json",
            "Content-Type: multipart/form-data; boundary=",
            "Content-Type: application/x-www-form-urlencoded;charset=\u00ff",
            "Cookie: JSESSIONID=\"; a=b",
            "Expect: 100-continue",
            "Expect: the-worst",
            "Holdfast-Writer: \"'",
            "Holdfast-Client-Address: 1.2.3.4.5",
            "If-Match: W/\"x\", \"",
            "If-None-Match: \"\\\",*",
            "If-Modified-Since: Thu, 99 Xxx 9999 99:99:99 GMT",
            "If-Range: \"x",
            "Origin: null",
            "Range: bytes=0-,-0,18446744073709551616-",
            "Range: bytes=5-1",
            "Repr-Digest: sha-256=:AAAA:, md5=::",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding : chunked",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
            "Want-Repr-Digest: sha-256=99,\u00e4=1",
            "X-Forwarded-For: ::1",
            ": no name",
            "No colon",
            " folded: yes");

    private static final List<String> BODIES = List.of(
            "",
            "abc",
            "{}",
            "{\"name\":\"x\",\"size\":1e999}",
            "[[[[[[",
            "{\"a\":\"\\ud800\"}",
            "3\r\nabc\r\n0\r\n\r\n",
            "ffffffffffffffff\r\nabc",
            "-1\r\n\r\n",
            "0\r\nX: y\r\n\r\n",
            "3;x=\"\r\nabc\r\n0\r\n\r\n");

    private static final List<String> DIRT = List.of(
            "\0",
            "\r",
            "\n",
            "\r\n",
            "\t",
            " ",
            "%",
            "%00",
            "%2e%2e/",
            "%zz",
            "%c0%ae",
            ";",
            "?",
            "#",
            "\\",
            "\"",
            "{",
            "\u007f",
            "\u0080",
            "\u00ff",
            ":",
            ",",
            "=",
            "&",
            "..",
            "//",
            "-1",
            "9223372036854775808",
            "1e309",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|.)");

    private final Random random;

    private OddRequests(long seed) {
        this.random = new Random(seed);
    }

    static String of(long seed) {
        return new OddRequests(seed).next();
    }

    private String next() {
        var text = new StringBuilder();
        text.append(any(METHODS)).append(' ').append(any(PATHS)).append(' ').append(any(VERSIONS));
        text.append("\r\n");
        if (random.nextInt(10) > 0) {
            text.append("Host: 127.0.0.1\r\n");
        }
        for (int count = random.nextInt(5); count > 0; count--) {
            text.append(any(HEADERS)).append("\r\n");
        }
        text.append("\r\n").append(any(BODIES));
        for (int count = random.nextInt(4); count > 0; count--) {
            spoil(text);
        }
        return text.toString();
    }

    private void spoil(StringBuilder text) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(5)) {
            case 0 -> text.setCharAt(at, (char) random.nextInt(256));
            case 1 -> text.insert(at, any(DIRT));
            case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
            case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
            default -> text.insert(at, any(DIRT).repeat(1 + random.nextInt(200)));
        }
        if (text.isEmpty()) {
            text.append('x');
        }
    }

    private String any(List<String> pieces) {
        return pieces.get(random.nextInt(pieces.size()));
    }

    /** As a seed is written: printable, in one line. */
    static String escaped(String request) {
        var text = new StringBuilder();
        request.chars().forEach(octet -> {
            switch (octet) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\\' -> text.append("\\\\");
                default ->
                    text.append(
                            octet >= ' ' && octet < 0x7f ? Character.toString(octet) : String.format("\\x%02x", octet));
            }
        });
        return text.toString();
    }

    static String unescaped(String line) {
        return ESCAPE.matcher(line)
                .replaceAll(escape -> Matcher.quoteReplacement(
                        switch (escape.group(1).charAt(0)) {
                            case 'r' -> "\r";
                            case 'n' -> "\n";
                            case 'x' ->
                                Character.toString(
                                        Integer.parseInt(escape.group(1).substring(1), 16));
                            default -> escape.group(1);
                        }));
    }
}
