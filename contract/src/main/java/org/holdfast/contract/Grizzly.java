package org.holdfast.contract;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

    private static final String HEADER = "org.glassfish.grizzly.http.HttpHeader";
    /** Begin the names of wrappers: ours, and those in which the container dispatches a request to its error page. */
    private static final List<String> WRAPPERS = List.of("org.holdfast.", "org.apache.catalina.core.Application");

    private static final Class<?>[] NOTHING = {};

    private Grizzly() {}

    /** The server's own request behind a servlet's, which may be in wrappers. */
    static Object request(Object servletRequest) throws ReflectiveOperationException {
        Object inner = servletRequest;
        while (isWrapper(inner.getClass().getName())) {
            inner = call(inner, "getRequest");
        }
        return call(call(inner, "getUnwrappedCoyoteRequest"), "getCoyoteRequest");
    }

    private static boolean isWrapper(String className) {
        return WRAPPERS.stream().anyMatch(className::startsWith);
    }

    /** The connection that a request came by. */
    static Object connection(Object servletRequest) throws ReflectiveOperationException {
        return call(call(request(servletRequest), "getRequest"), "getConnection");
    }

    /** Request line and headers as they came, but for the case of their names; for it the server keeps no word either. */
    static String head(Object servletRequest) throws ReflectiveOperationException {
        return headOf(call(request(servletRequest), "getRequest"));
    }

    /** The same of the server's own packet. */
    static String headOf(Object packet) throws ReflectiveOperationException {
        for (Class<?> type = packet.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(HEADER)) {
                Field field = type.getDeclaredField("headerBuffer");
                field.setAccessible(true);
                Object buffer = field.get(packet);
                // It has been read: its position is its end.
                Class<?>[] part = {Charset.class, int.class, int.class};
                return String.valueOf(
                        run(buffer, "toStringContent", part, StandardCharsets.ISO_8859_1, 0, call(buffer, "limit")));
            }
        }
        throw new NoSuchFieldException(HEADER);
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
