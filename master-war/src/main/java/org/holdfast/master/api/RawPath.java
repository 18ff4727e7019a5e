package org.holdfast.master.api;

import jakarta.ws.rs.core.UriInfo;
import org.holdfast.contract.FileAddress;

/** Reads addresses out of JAX-RS requests: from the raw URI, since path parameters would lose everything behind a ';'. */
final class RawPath {
    private RawPath() {}

    /** The address behind a resource's own path, {@code /folders/}. */
    static FileAddress of(UriInfo uri, String resource) {
        String raw = uri.getRequestUri().getRawPath();
        return FileAddress.parse(raw.substring(raw.indexOf(resource) + resource.length()));
    }
}
