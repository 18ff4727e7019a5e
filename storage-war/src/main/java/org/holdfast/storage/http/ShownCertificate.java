package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.holdfast.contract.CertifiedName;

/** The certificate that a client has shown; the container has checked it against the cluster's authority. */
final class ShownCertificate {
    /** Jakarta Servlet 6.0, section 3.10. */
    private static final String ATTRIBUTE = "jakarta.servlet.request.X509Certificate";

    private ShownCertificate() {}

    static Optional<CertifiedName> of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof X509Certificate[] chain && chain.length > 0
                ? CertifiedName.of(chain[0])
                : Optional.empty();
    }
}
