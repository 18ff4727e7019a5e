package org.holdfast.setup;

import java.nio.file.Path;
import java.util.List;

/** What a person reads when the cluster is up: where it is, who may enter, what to try. */
final class Welcome {
    private Welcome() {}

    /** @param urls of the masters, at least one */
    static String text(Path checkout, List<String> urls, Secrets secrets, StartOptions options) {
        boolean isDefault = urls.size() == 1 && urls.get(0).endsWith(":" + Ports.DEFAULT_BASE);
        String masters = isDefault ? "" : " HOLDFAST_MASTERS=" + String.join(",", urls);
        String consoles = String.join("/\n          ", urls);
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
                consoles, Secrets.read(secrets.adminPassword()), masters, scripts, readme, data, options.data());
    }
}
