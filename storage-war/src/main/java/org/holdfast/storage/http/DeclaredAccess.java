package org.holdfast.storage.http;

import java.util.Collection;
import java.util.List;

/** The check that no endpoint without a declared access level can be served. */
final class DeclaredAccess {
    /** What the container itself brings along: default servlet, JSP, health, metrics. */
    private static final List<String> CONTAINER =
            List.of("org.apache.", "org.glassfish.", "com.sun.", "fish.payara.", "org.eclipse.microprofile.");

    private DeclaredAccess() {}

    /**
     * Ends the boot when an endpoint has no level.
     *
     * @param servlets class names of all servlets that are registered
     * @throws IllegalStateException names the culprits
     */
    static void require(Collection<String> servlets, ClassLoader loader) {
        var undeclared = servlets.stream()
                .filter(name -> CONTAINER.stream().noneMatch(name::startsWith))
                .filter(name -> !isDeclared(name, loader))
                .toList();
        if (!undeclared.isEmpty()) {
            throw new IllegalStateException("These servlets declare no @Access: " + undeclared);
        }
    }

    private static boolean isDeclared(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader).isAnnotationPresent(Access.class);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the servlet " + name + " can't be loaded", e);
        }
    }
}
