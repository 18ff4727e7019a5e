package org.holdfast.setup;

import java.nio.file.Path;

/** What a person reads when the cluster is up: where it is, who may enter, what to try. */
final class Welcome {
    private Welcome() {}

    static String text(Path checkout, String url, Secrets secrets, StartOptions options) {
        boolean isDefaultUrl = url.equals("https://127.0.0.1:" + Ports.DEFAULT_BASE);
        boolean isDefaultData = options.data().equals(checkout.resolve("data"));
        String masters = isDefaultUrl ? "" : " HOLDFAST_MASTERS=" + url;
        String authority = options.data().resolve("ca.pem").toString();
        String trust = isDefaultData || options.plaintext() ? "" : " HOLDFAST_CACERT=" + authority;
        boolean isInCheckout = checkout.equals(Path.of("").toAbsolutePath());
        String scripts = isInCheckout ? "setup" : checkout + "/setup";
        String readme = isInCheckout ? "README.md" : checkout + "/README.md";
        String data = isDefaultData ? "" : " --data " + options.data();
        return """

                console:  %1$s/
                user:     admin
                password: %2$s
                %8$s
                try, in another shell:
                  export HOLDFAST_USER=admin HOLDFAST_PASSWORD=%2$s%3$s%9$s
                  %4$s/client/holdfast put %5$s
                  %4$s/client/holdfast where admin/README.md
                  %4$s/client/holdfast get admin/README.md -

                Ctrl-C or %4$s/stop%6$s ends it; the data stays in %7$s""".formatted(
                url,
                Secrets.read(secrets.adminPassword()),
                masters,
                scripts,
                readme,
                data,
                options.data(),
                options.plaintext() ? "" : "trust:    " + authority + " (curl --cacert; or import it into a browser)\n",
                trust);
    }
}
