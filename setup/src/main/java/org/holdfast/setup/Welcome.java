package org.holdfast.setup;

import java.nio.file.Path;
import java.util.List;

/** What a person reads when the cluster is up: where it is, who may enter, what to try. */
final class Welcome {
    private Welcome() {}

    /** @param urls of the masters, at least one */
    static String text(Path checkout, List<String> urls, Secrets secrets, StartOptions options) {
        boolean isDefault = urls.equals(List.of("https://127.0.0.1:" + Ports.DEFAULT_BASE));
        boolean isDefaultData = options.data().equals(checkout.resolve("data"));
        String masters = isDefault ? "" : " HOLDFAST_MASTERS=" + String.join(",", urls);
        String consoles = String.join("/\n          ", urls);
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
                  export HOLDFAST_USER=admin HOLDFAST_PASSWORD=%2$s%9$s%3$s
                  %4$s/client/holdfast put %5$s
                  %4$s/client/holdfast where admin/README.md
                  %4$s/client/holdfast get admin/README.md -

                Ctrl-C or %4$s/stop%6$s ends it; the data stays in %7$s""".formatted(
                consoles,
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
