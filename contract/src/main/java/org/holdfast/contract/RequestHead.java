package org.holdfast.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a request before it is looked at what is asked for: a path that the container can't read, two
 * {@code Host} headers (RFC 9112, section 3.2), a header that goes on in the next line (section 5.2), which another server
 * in between may read otherwise.
 */
public final class RequestHead {
    private static final int BAD_REQUEST = 400;
    private static final int HEX = 16;

    private RequestHead() {}

    /**
     * Why a request can't be answered, if it can't.
     *
     * @param servletRequest as the container gave it, in no wrapper
     * @param headers the values of all its headers of a name
     */
    public static Optional<Problem> refusal(Object servletRequest, Function<String, List<String>> headers) {
        try {
            String path = String.valueOf(Grizzly.call(servletRequest, "getRequestURI"));
            return refusal(Grizzly.head(servletRequest), path, headers);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the head of a request can't be read", e);
        }
    }

    /**
     * As above.
     *
     * @param path what the container says that is asked for
     */
    static Optional<Problem> refusal(String head, String path, Function<String, List<String>> headers) {
        if (!isReadable(head)) {
            return problem("This path can't be read: a percent sign stands before two hexadecimal digits, the bytes are"
                    + " UTF-8, and there are no backslashes, zero bytes, names that begin with three dots, and no way"
                    + " out of the root.");
        }
        if (!isWhole(path(head), path)) {
            return problem("This path would lose a part of it on the way: write every ';' in a name as %3B.");
        }
        if (headers.apply("Host").size() > 1) {
            return problem("A request has one Host header.");
        }
        return isFolded(head, headers) ? problem("A header is one line.") : Optional.empty();
    }

    private static Optional<Problem> problem(String detail) {
        return Optional.of(new Problem(BAD_REQUEST, "Bad request", detail, "bad-request", Optional.empty()));
    }

    /** Whether the container hands the path of a request on, rather than refusing it by itself. */
    static boolean isReadable(String head) {
        String path = decoded(path(head));
        return path != null
                && path.indexOf('\\') < 0
                && path.indexOf('\0') < 0
                && !path.contains("/...")
                && staysInside(path);
    }

    /**
     * Whether the container hands on what was sent. It takes {@code ;jsessionid=…}, {@code ;jsessionidversion=…} and {@code
     * ;jreplica=…} out of a path, up to the end of the name, before anybody sees it.
     */
    private static boolean isWhole(String sent, String handedOn) {
        return handedOn.equals(sent)
                // Bytes that are no ASCII are refused where a name is read; here they only have to be the same.
                || Arrays.equals(sent.getBytes(ISO_8859_1), handedOn.getBytes(UTF_8));
    }

    /** The second word of the first line, without scheme, host and query. */
    private static String path(String head) {
        int begin = head.indexOf(' ') + 1;
        int end = begin;
        while (end < head.length() && " ?\r\n".indexOf(head.charAt(end)) < 0) {
            end++;
        }
        String target = head.substring(begin, end);
        int authority = target.startsWith("/") ? -1 : target.indexOf("://");
        if (authority < 0) {
            return target;
        }
        int path = target.indexOf('/', authority + "://".length());
        return path < 0 ? "/" : target.substring(path);
    }

    private static @Nullable String decoded(String path) {
        var bytes = new ByteArrayOutputStream(path.length());
        byte[] raw = path.getBytes(ISO_8859_1);
        for (int at = 0; at < raw.length; at++) {
            if (raw[at] != '%') {
                bytes.write(raw[at]);
                continue;
            }
            int high = at + 2 < raw.length ? Character.digit(raw[at + 1], HEX) : -1;
            int low = at + 2 < raw.length ? Character.digit(raw[at + 2], HEX) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.write(high * HEX + low);
            at += 2;
        }
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean staysInside(String path) {
        int depth = 0;
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                depth--;
            } else if (!name.isEmpty() && !name.equals(".")) {
                depth++;
            }
            if (depth < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The container joins the lines of a folded header in its buffer, over the line break: then the line there is longer
     * than the value. A header that it has dropped has no value, and one that is no ASCII may have another one.
     */
    private static boolean isFolded(String head, Function<String, List<String>> headers) {
        int begin = head.indexOf('\n') + 1;
        while (begin > 0 && begin < head.length()) {
            int end = head.indexOf('\n', begin);
            String line = head.substring(begin, end < 0 ? head.length() : end);
            if (line.startsWith(" ") || line.startsWith("\t")) {
                return true;
            }
            int colon = line.indexOf(':');
            if (colon > 0 && line.chars().allMatch(octet -> octet < 0x7F)) {
                String written = line.substring(colon + 1).strip();
                List<String> values = headers.apply(line.substring(0, colon).strip());
                if (!values.isEmpty()
                        && values.stream().noneMatch(value -> value.strip().equals(written))) {
                    return true;
                }
            }
            begin = end + 1;
        }
        return false;
    }
}
