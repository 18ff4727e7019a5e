package org.holdfast.contract;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands a request in chunks on before its first chunk is there, when its sender waits for {@code 100 Continue}.
 *
 * <p>Grizzly hands the head of a request on together with the first bytes of a body in chunks. A sender with {@code Expect:
 * 100-continue} waits for an answer before it sends any, and gives up or loses a second. For a body of known length, Grizzly
 * does it right. So the decoder of chunks is wrapped: where there is no byte yet and somebody waits, the head goes on.
 */
public final class EarlyContinue {
    private static final Logger LOG = System.getLogger(EarlyContinue.class.getName());
    private static final String DECODER = "org.glassfish.grizzly.http.ChunkedTransferEncoding";
    private static final String RESULT = "org.glassfish.grizzly.http.ParsingResult";

    /** The listener of this process whose decoder is wrapped; a process has one. */
    private static final AtomicReference<@Nullable Object> WRAPPED = new AtomicReference<>();

    private EarlyContinue() {}

    /**
     * Sees to it that from now on it is so at the listener that a request came by. Costs nothing after the first time.
     *
     * @param servletRequest as the container gave it, in no wrapper
     */
    public static void atListenerOf(Object servletRequest) {
        try {
            Object request = Grizzly.request(servletRequest);
            Object listener = Grizzly.call(request, "getHttpFilter");
            if (WRAPPED.getAndSet(listener) != listener) {
                Object filters = Grizzly.call(Grizzly.call(request, "getContext"), "getFilterChain");
                for (Object filter : (Iterable<?>) filters) {
                    wrapDecoder(filter);
                }
            }
        } catch (ReflectiveOperationException | ClassCastException e) {
            LOG.log(Level.ERROR, "who sends chunks waits for 100 Continue in vain", e);
        }
    }

    private static void wrapDecoder(Object filter) throws ReflectiveOperationException {
        for (Method method : filter.getClass().getMethods()) {
            if (method.getName().equals("getTransferEncodings")) {
                for (Object encoding : (Object[]) Grizzly.call(filter, method.getName())) {
                    if (encoding.getClass().getName().equals(DECODER)) {
                        replace(filter, encoding, method.getReturnType().getComponentType());
                    }
                }
            }
        }
    }

    /** The new one first, so that there is one at any time. */
    private static void replace(Object codec, Object decoder, Class<?> type) throws ReflectiveOperationException {
        ClassLoader loader = decoder.getClass().getClassLoader();
        Object impatient =
                Proxy.newProxyInstance(loader, new Class<?>[] {type}, new Impatient(decoder, result(loader)));
        Class<?>[] types = {type};
        Object unused = Grizzly.run(codec, "addTransferEncoding", types, impatient);
        unused = Grizzly.run(codec, "removeTransferEncoding", types, decoder);
    }

    private static Method result(ClassLoader loader) throws ReflectiveOperationException {
        for (Method method : Class.forName(RESULT, true, loader).getMethods()) {
            if (method.getName().equals("create") && method.getParameterCount() == 3) {
                return method;
            }
        }
        throw new NoSuchMethodException(RESULT);
    }

    /**
     * The decoder, but for the one case.
     *
     * @param result makes what the decoder returns: content, the rest, whether the head is handed on
     */
    private record Impatient(Object decoder, Method result) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (arguments != null && method.getName().equals("parsePacket") && isWaiting(arguments[1], arguments[2])) {
                return result.invoke(null, null, null, true);
            }
            try {
                return method.invoke(decoder, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }

        private static boolean isWaiting(Object head, Object bytes) throws ReflectiveOperationException {
            return Grizzly.call(bytes, "hasRemaining").equals(false)
                    && Grizzly.call(head, "isRequest").equals(true)
                    && Grizzly.call(head, "requiresAcknowledgement").equals(true);
        }
    }
}
