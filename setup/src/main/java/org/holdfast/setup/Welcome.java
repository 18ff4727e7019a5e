package org.holdfast.setup;

import java.nio.file.Path;

/** What a person reads when the cluster is up: where it is, who may enter, what to try. */
final class Welcome {
    private Welcome() {}

    static String text(Path checkout, String url, Secrets secrets, StartOptions options) {
        boolean isDefault = url.endsWith(":" + Ports.DEFAULT_BASE);
        String client = "setup/client/holdfast";
        String environment = isDefault ? "" : "HOLDFAST_MASTERS=" + url + " ";
        String password = Secrets.read(secrets.adminPassword());
        String dataOption = options.data().equals(checkout.resolve("data")) ? "" : " --data " + options.data();
        return """

                console:  %1$s/
                user:     admin
                password: %2$s

                try, in another shell:
                  export HOLDFAST_USER=admin HOLDFAST_PASSWORD=%2$s
                  %3$s%4$s put README.md
                  %3$s%4$s where admin/README.md
                  %3$s%4$s get admin/README.md -

                Ctrl-C or setup/stop%5$s ends it; the data stays in %6$s""".formatted(url, password, environment, client, dataOption, options.data());
    }
}
