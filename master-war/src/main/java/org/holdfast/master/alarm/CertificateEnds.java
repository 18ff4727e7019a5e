package org.holdfast.master.alarm;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.holdfast.master.access.TlsConfig;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.Membership;

/** When the certificates of masters and nodes end, as they show them themselves. Those of others are not known here. */
@ApplicationScoped
public class CertificateEnds {
    /** How often to call {@link #look}. */
    public static final Duration EVERY = Duration.ofMinutes(10);

    private static final int PATIENCE_MILLIS = 5_000;
    private static final int HTTPS_PORT = 443;
    private static final Logger LOG = Logger.getLogger(CertificateEnds.class.getName());

    private final Map<String, Instant> ends = new ConcurrentHashMap<>();

    @Inject
    TlsConfig tls;

    @Inject
    ClusterView cluster;

    @Inject
    Membership membership;

    /** Shakes hands with each of them; who does not answer is known as before. Does nothing without TLS. */
    public void look() {
        if (tls.identity().isPresent()) {
            look(servers());
        }
    }

    private Map<String, URI> servers() {
        Map<String, URI> servers = new HashMap<>();
        membership.masters().forEach(url -> servers.put(URI.create(url).getAuthority(), URI.create(url)));
        cluster.nodes().forEach(node -> servers.put(node.name(), URI.create(node.url())));
        return servers;
    }

    void look(Map<String, URI> servers) {
        ends.keySet().retainAll(servers.keySet());
        SSLContext seeing = Seeing.context();
        servers.forEach((name, url) -> look(name, url, seeing));
    }

    private void look(String name, URI url, SSLContext context) {
        int port = url.getPort() < 0 ? HTTPS_PORT : url.getPort();
        try (var plain = new Socket()) {
            plain.connect(new InetSocketAddress(url.getHost(), port), PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            try (var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, url.getHost(), port, true)) {
                socket.startHandshake();
                Stream.of(socket.getSession().getPeerCertificates())
                        .limit(1)
                        .map(X509Certificate.class::cast)
                        .forEach(own -> ends.put(name, own.getNotAfter().toInstant()));
            }
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "the certificate of " + name + " can't be seen");
        }
    }

    /** By name of the node, or by host and port of the master. */
    Map<String, Instant> known() {
        return Map.copyOf(ends);
    }

    /** Takes every certificate, or one that has ended would not be seen. Nothing is sent, and nothing is believed. */
    private static final class Seeing extends X509ExtendedTrustManager {
        static SSLContext context() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new Seeing()}, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has TLS", e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
