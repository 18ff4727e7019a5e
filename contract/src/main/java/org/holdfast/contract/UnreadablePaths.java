package org.holdfast.contract;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands requests on to the application that the container would answer by itself, without a body or with a page that names
 * itself and its version: those whose path it can't read. They come as requests for the root, and {@link RequestHead}, which
 * looks at what was sent, refuses them.
 *
 * <p>Grizzly tells a probe of each request before it looks at the path.
 */
public final class UnreadablePaths {
    private static final Logger LOG = System.getLogger(UnreadablePaths.class.getName());
    private static final String PROBE = "org.glassfish.grizzly.http.server.HttpServerProbe";
    private static final String ROOT = "/";

    /** The listener of this process that has the probe; a process has one. */
    private static final AtomicReference<@Nullable Object> PROBED = new AtomicReference<>();

    private UnreadablePaths() {}

    /**
     * Sees to it that from now on it is so at the listener that a request came by. Costs nothing after the first time.
     *
     * @param servletRequest as the container gave it, in no wrapper
     */
    public static void atListenerOf(Object servletRequest) {
        try {
            Object listener = Grizzly.call(Grizzly.request(servletRequest), "getHttpFilter");
            if (PROBED.getAndSet(listener) != listener) {
                ClassLoader loader = listener.getClass().getClassLoader();
                Class<?> type = Class.forName(PROBE, true, loader);
                Object probes = Array.newInstance(type, 1);
                Array.set(probes, 0, Proxy.newProxyInstance(loader, new Class<?>[] {type}, new Probe()));
                Class<?>[] types = {Object[].class};
                Object unused = Grizzly.run(Grizzly.call(listener, "getMonitoringConfig"), "addProbes", types, probes);
            }
        } catch (ReflectiveOperationException | ClassCastException e) {
            LOG.log(Level.ERROR, "paths that can't be read are answered by the container", e);
        }
    }

    private static final class Probe implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (arguments == null) {
                return method.getName().equals("hashCode") ? System.identityHashCode(proxy) : method.getName();
            }
            if (method.getName().equals("equals")) {
                return proxy == arguments[0];
            }
            if (method.getName().equals("onRequestReceiveEvent")) {
                Object packet = Grizzly.call(arguments[2], "getRequest");
                if (!RequestHead.isReadable(Grizzly.headOf(packet))) {
                    Class<?>[] types = {String.class};
                    Object unused = Grizzly.run(packet, "setRequestURI", types, ROOT);
                }
            }
            return null;
        }
    }
}
