package org.holdfast.setup;

import java.nio.file.Path;

/** What a person reads when the cluster is up: where it is, who may enter, what to try. */
final class Welcome {
    private Welcome() {}

    static String text(Path checkout, String url, Secrets secrets, StartOptions options) {
        String masters = url.endsWith(":" + Ports.DEFAULT_BASE) ? "" : " HOLDFAST_MASTERS=" + url;
        boolean isInCheckout = checkout.equals(Path.of("").toAbsolutePath());
        String scripts = isInCheckout ? "setup" : checkout + "/setup";
        String readme = isInCheckout ? "README.md" : checkout + "/README.md";
        String data = options.data().equals(checkout.resolve("data")) ? "" : " --data " + options.data();
        return """

                console:  %1$s/
                user:     admin
                password: %2$s

                try, in another shell:
                  export HOLDFAST_USER=admin HOLDFAST_PASSWORD=%2$s%3$s
                  %4$s/client/holdfast put %5$s
                  %4$s/client/holdfast where admin/README.md
                  %4$s/client/holdfast get admin/README.md -

                Ctrl-C or %4$s/stop%6$s ends it; the data stays in %7$s""".formatted(
                        url, Secrets.read(secrets.adminPassword()), masters, scripts, readme, data, options.data());
    }
}
