package org.holdfast.master.access;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Reads which level an endpoint declares; one that declares none can't be reached and can't boot. */
public final class DeclaredAccess {
    private DeclaredAccess() {}

    /** The level of a servlet or resource class. */
    public static Access.Level of(Class<?> endpoint) {
        return require(find(endpoint), endpoint.getName());
    }

    /** The level of a resource's method: its own, or its class's. */
    public static Access.Level of(Class<?> resource, Method method) {
        Access own = method.getAnnotation(Access.class);
        return require(own != null ? own : find(resource), resource.getName() + "." + method.getName());
    }

    private static @Nullable Access find(Class<?> endpoint) {
        for (Class<?> type = endpoint; type != null; type = type.getSuperclass()) {
            Access declared = type.getDeclaredAnnotation(Access.class);
            if (declared != null) {
                return declared;
            }
        }
        return null;
    }

    private static Access.Level require(@Nullable Access declared, String where) {
        if (declared == null) {
            throw new IllegalStateException(where + " declares no access level; annotate it with @Access");
        }
        return declared.value();
    }
}
