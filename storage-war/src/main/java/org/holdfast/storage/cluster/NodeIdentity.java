package org.holdfast.storage.cluster;

import java.net.URI;
import java.util.regex.Pattern;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/**
 * Who this node is.
 *
 * @param name unique in the cluster; 1 to 64 of {@code a-z 0-9 . _ -}, starting with a letter or a digit
 * @param url base URL at which members reach it, without trailing slash
 * @param publicUrl base URL that clients are redirected to, without trailing slash
 * @param zone failure domain
 * @param host failure domain within the zone: the machine
 */
public record NodeIdentity(String name, String url, String publicUrl, String zone, String host) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    public NodeIdentity {
        if (!NAME.matcher(name).matches()) {
            throw invalid("holdfast.node.name must be 1 to 64 of the characters a-z 0-9 . _ - and not " + name);
        }
        url = baseUrl("holdfast.node.url", url);
        publicUrl = baseUrl("holdfast.node.public-url", publicUrl);
    }

    /** Whether members reach it within TLS, and therefore show certificates. */
    public boolean isSecure() {
        return url.startsWith("https:");
    }

    /** Whether a URL leads to this node. */
    public boolean owns(URI location) {
        String text = location.toString();
        return text.startsWith(publicUrl + "/") || text.startsWith(url + "/");
    }

    /** Checks a base URL and takes its trailing slash away; {@code setting} is named in the failure. */
    static String baseUrl(String setting, String text) {
        try {
            URI uri = URI.create(text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getQuery() == null) {
                return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
            }
        } catch (IllegalArgumentException e) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", setting + " is not a URL: " + text, e);
        }
        throw invalid(setting + " must look like http://host:port and not " + text);
    }

    private static HoldfastException invalid(String sentence) {
        return HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence);
    }
}
