package org.holdfast.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The built files of the other modules. The launcher depends on no module, so that all can use it in their tests; it
 * finds what it runs by its place in the checkout.
 *
 * @param root the checkout
 */
record Checkout(Path root) {
    Path payaraMicro() {
        return root.resolve("setup/target/payara/payara-micro.jar");
    }

    Path masterWar() {
        return root.resolve("master-war/target/holdfast-master.war");
    }

    Path storageWar() {
        return root.resolve("storage-war/target/holdfast-storage.war");
    }

    Path workerJar() {
        return root.resolve("replicator-worker/target/holdfast-worker.jar");
    }

    /** Refuses to begin with something unbuilt. */
    void requireBuilt() {
        for (Path file : List.of(payaraMicro(), masterWar(), storageWar(), workerJar())) {
            if (!Files.isReadable(file)) {
                throw Refusal.failed(root.relativize(file) + " is not built; run mvn -DskipTests package in " + root);
            }
        }
    }
}
