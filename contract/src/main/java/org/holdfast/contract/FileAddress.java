package org.holdfast.contract;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a file or folder is: a namespace and a path of names below it. Made once, at the boundary; whoever holds one
 * may trust it.
 *
 * <p>A namespace is {@code [a-z0-9][a-z0-9._@-]{0,63}}. A path has at most {@value #MAX_PATH_BYTES} bytes of UTF-8, its
 * names are joined by {@code /}, each has 1 to {@value #MAX_NAME_BYTES} bytes, none is {@code .} or {@code ..}, and no
 * control character occurs. Every other character is allowed, including {@code % ? # ; \ "} and spaces; names are kept
 * as they were sent, with no Unicode normalisation, so that a folder comes back exactly as it was put. The empty path
 * is the namespace's root folder.
 *
 * <p>New folders lie at most {@value #MAX_LEVELS} levels deep, see {@link #requireMakeable}. An address may be deeper, and
 * by one name longer, all the same: earlier releases made such folders and files, and they are read, moved and removed like
 * others.
 *
 * @param namespace validated name
 * @param path names joined by {@code /}, decoded, without leading or trailing slash; empty for the root
 */
public record FileAddress(String namespace, String path) {
    public static final int MAX_PATH_BYTES = 4096;
    public static final int MAX_NAME_BYTES = 255;
    /** Of a file of an earlier release, in a folder whose own path is the longest: {@link #requireShort}. */
    private static final int MAX_KEPT_PATH_BYTES = MAX_PATH_BYTES + 1 + MAX_NAME_BYTES;
    /**
     * Folders below each other, the root not counted. Every folder's row holds its whole path, so that what one request of
     * 4 kB can make grows with the square of the depth: 4.2 MB for 2,040 levels, 0.3 MB for these.
     */
    public static final int MAX_LEVELS = 128;

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

    public FileAddress {
        requireNamespace(namespace);
        if (!path.isEmpty()) {
            requirePath(path);
        }
    }

    /**
     * Reads an address out of a request's URI.
     *
     * @param rawPath the part of a request's raw (still percent-encoded) URI path behind the resource's prefix:
     *     {@code ns/dir/na%20me}; one trailing slash is ignored
     * @throws HoldfastException INVALID {@code invalid-name}
     */
    public static FileAddress parse(String rawPath) {
        String text = rawPath.startsWith("/") ? rawPath.substring(1) : rawPath;
        if (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new FileAddress(decode(text), "");
        }
        if (slash == text.length() - 1) {
            throw invalid("A path can't contain an empty name, '.' or '..'.");
        }
        var names = List.of(text.substring(slash + 1).split("/", -1)).stream()
                .map(FileAddress::decodeName)
                .toList();
        return new FileAddress(decode(text.substring(0, slash)), String.join("/", names));
    }

    /** As {@link #parse(String)}, and the address must name something below the root. */
    public static FileAddress parseFile(String rawPath) {
        var address = parse(rawPath);
        if (address.isRoot()) {
            throw invalid("A file needs a path below its namespace, as in " + address.namespace + "/report.pdf.");
        }
        return address;
    }

    public boolean isRoot() {
        return path.isEmpty();
    }

    /** How many names the path has; 0 for the root. */
    public int levels() {
        return isRoot()
                ? 0
                : 1 + (int) path.chars().filter(character -> character == '/').count();
    }

    /** Checks that a folder may be made here, before it is; INVALID {@code path-too-deep} otherwise. */
    public void requireMakeable() {
        requireMakeable(levels());
    }

    /** As {@link #requireMakeable()}, for a folder of which only the depth is known. */
    public static void requireMakeable(int levels) {
        if (levels > MAX_LEVELS) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "path-too-deep",
                    "A folder can be made at most " + MAX_LEVELS + " levels deep; this would be one at level " + levels
                            + ".");
        }
    }

    /** Checks that something may get this name, before it does; INVALID {@code invalid-name} where the path is too long. */
    public void requireShort() {
        if (byteLength(path) > MAX_PATH_BYTES) {
            throw tooLong();
        }
    }

    /** The last name of the path; the empty string for the root. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The folder that holds this name; the root's parent is the root. */
    public FileAddress parent() {
        int slash = path.lastIndexOf('/');
        return new FileAddress(namespace, slash < 0 ? "" : path.substring(0, slash));
    }

    /** The address of a name within this folder. */
    public FileAddress child(String name) {
        return new FileAddress(namespace, isRoot() ? name : path + "/" + name);
    }

    /** Percent-encoded for use in a URI, {@code ns/dir/na%20me}; the inverse of {@link #parse}. */
    public String encoded() {
        return encode(isRoot() ? namespace : namespace + "/" + path);
    }

    /** Percent-encodes all but unreserved characters (RFC 3986) and slashes. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~")
                .replace("%2F", "/");
    }

    @Override
    public String toString() {
        return isRoot() ? namespace : namespace + "/" + path;
    }

    /** Checks that a text can name a namespace; throws INVALID {@code invalid-name} otherwise. */
    public static void requireNamespace(String namespace) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw invalid(
                    "A namespace has 1 to 64 of the characters a-z 0-9 . _ @ - and starts with a letter or a digit.");
        }
    }

    private static void requirePath(String path) {
        if (byteLength(path) > MAX_KEPT_PATH_BYTES) {
            throw tooLong();
        }
        for (String name : path.split("/", -1)) {
            requireName(name);
        }
    }

    private static void requireName(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw invalid("A path can't contain an empty name, '.' or '..'.");
        }
        if (byteLength(name) > MAX_NAME_BYTES) {
            throw invalid("A name in the path is longer than " + MAX_NAME_BYTES + " bytes.");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw invalid("A name can't contain control characters.");
        }
    }

    private static int byteLength(String text) {
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(java.nio.CharBuffer.wrap(text))
                    .remaining();
        } catch (CharacterCodingException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-name", "A name must be valid Unicode, encoded as UTF-8.", e);
        }
    }

    private static String decodeName(String raw) {
        String name = decode(raw);
        if (name.indexOf('/') >= 0) {
            throw invalid("A name can't contain a slash.");
        }
        return name;
    }

    private static String decode(String raw) {
        var bytes = ByteBuffer.allocate(raw.length() * 4);
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.put((byte) hexOctet(raw, i + 1));
                i += 2;
            } else if (c < 0x80) {
                bytes.put((byte) c);
            } else {
                throw invalid("A path in a URL must be percent-encoded.");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-name", "A name must be valid Unicode, encoded as UTF-8.", e);
        }
    }

    private static int hexOctet(String raw, int at) {
        // Not Character.digit, which takes the digits of every script.
        if (at + 1 >= raw.length()
                || !HexFormat.isHexDigit(raw.charAt(at))
                || !HexFormat.isHexDigit(raw.charAt(at + 1))) {
            throw invalid("A '%' in a URL must be followed by two hexadecimal digits.");
        }
        return HexFormat.fromHexDigits(raw, at, at + 2);
    }

    private static HoldfastException tooLong() {
        return invalid("The path is longer than " + MAX_PATH_BYTES + " bytes.");
    }

    private static HoldfastException invalid(String sentence) {
        return HoldfastException.of(FailureKind.INVALID, "invalid-name", sentence);
    }
}
