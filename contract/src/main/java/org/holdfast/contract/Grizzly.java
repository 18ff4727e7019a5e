package org.holdfast.contract;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way from a servlet's request into Payara's HTTP server (Grizzly, Payara 6.2025.10), for what the Servlet API has no
 * word for. Its methods are called by name, since its classes are the container's; each is looked up once.
 */
final class Grizzly {
    private static final ClassValue<Map<String, Method>> METHODS = new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    private static final Class<?>[] NOTHING = {};

    private Grizzly() {}

    /** The server's own request behind a servlet's, which is as the container gave it, in no wrapper. */
    static Object request(Object servletRequest) throws ReflectiveOperationException {
        return call(call(servletRequest, "getUnwrappedCoyoteRequest"), "getCoyoteRequest");
    }

    /** The connection that a request came by. */
    static Object connection(Object servletRequest) throws ReflectiveOperationException {
        return call(call(request(servletRequest), "getRequest"), "getConnection");
    }

    /** Calls a method that takes nothing. */
    static Object call(Object target, String name) throws ReflectiveOperationException {
        Object result = run(target, name, NOTHING);
        if (result == null) {
            throw new NoSuchElementException(name + " of a " + target.getClass().getName());
        }
        return result;
    }

    /** Calls a method that takes something. No class may have two of the same name that are called. */
    static @Nullable Object run(Object target, String name, Class<?>[] types, Object... arguments)
            throws ReflectiveOperationException {
        Map<String, Method> known = METHODS.get(target.getClass());
        Method method = known.get(name);
        if (method == null) {
            method = target.getClass().getMethod(name, types);
            known.put(name, method);
        }
        return method.invoke(target, arguments);
    }
}
