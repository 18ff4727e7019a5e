package org.holdfast.contract;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.NoSuchElementException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the listener of a process within the bounds of {@link OpenConnections}. The container knows none for an address,
 * and waits for ever for a head that comes byte by byte; of both the application sees nothing, so Grizzly is asked to tell
 * what happens to its connections.
 */
public final class WatchConnections {
    private static final Logger LOG = System.getLogger(WatchConnections.class.getName());
    private static final String CONNECTIONS = "org.glassfish.grizzly.ConnectionProbe";
    private static final String REQUESTS = "org.glassfish.grizzly.http.server.HttpServerProbe";
    private static final int SWEEP_SECONDS = 5;
    private static final Class<?>[] NOTHING = {};
    private static final Class<?>[] PROBES = {Object[].class};

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "connections");
        thread.setDaemon(true);
        return thread;
    });

    /** The listener of this process that is watched; a process has one. */
    private static final AtomicReference<@Nullable Object> WATCHED = new AtomicReference<>();

    private WatchConnections() {}

    /**
     * Sees to it that from now on it is so at the listener that a request came by. Costs nothing after the first time.
     *
     * @param servletRequest as the container gave it
     * @param perAddress how many connections an address may have
     */
    public static void atListenerOf(Object servletRequest, int perAddress) {
        try {
            Object listener = Grizzly.call(Grizzly.request(servletRequest), "getHttpFilter");
            if (WATCHED.getAndSet(listener) != listener) {
                var open = new OpenConnections(perAddress, System::nanoTime);
                var probe = new Probe(open);
                Object transport = Grizzly.call(Grizzly.connection(servletRequest), "getTransport");
                // Of a new connection its server's probes hear; of what becomes of it, those of the transport.
                addProbe(Grizzly.call(transport, "getConnectionMonitoringConfig"), CONNECTIONS, probe);
                for (Object server : (Iterable<?>) serversOf(transport)) {
                    addProbe(Grizzly.call(server, "getMonitoringConfig"), CONNECTIONS, probe);
                }
                addProbe(Grizzly.call(listener, "getMonitoringConfig"), REQUESTS, probe);
                var unused = TIMER.scheduleWithFixedDelay(
                        () -> open.overdue().forEach(WatchConnections::end),
                        SWEEP_SECONDS,
                        SWEEP_SECONDS,
                        TimeUnit.SECONDS);
            }
        } catch (ReflectiveOperationException | ClassCastException e) {
            LOG.log(Level.ERROR, "connections are not bounded", e);
        }
    }

    private static void addProbe(Object monitoring, String type, Probe probe) throws ReflectiveOperationException {
        ClassLoader loader = monitoring.getClass().getClassLoader();
        Class<?> kind = Class.forName(type, true, loader);
        Object probes = Array.newInstance(kind, 1);
        Array.set(probes, 0, Proxy.newProxyInstance(loader, new Class<?>[] {kind}, probe));
        Object unused = Grizzly.run(monitoring, "addProbes", PROBES, probes);
    }

    private static Object serversOf(Object transport) throws ReflectiveOperationException {
        for (Class<?> type = transport.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals("serverConnections")) {
                    field.setAccessible(true);
                    return field.get(transport);
                }
            }
        }
        throw new NoSuchFieldException("serverConnections");
    }

    private static void end(Object connection) {
        try {
            Object unused = Grizzly.run(connection, "terminateSilently", NOTHING);
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.ERROR, "a connection that is over its bounds stays open", e);
        }
    }

    /** Hears of connections and of requests. */
    private record Probe(OpenConnections open) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (arguments == null) {
                return method.getName().equals("hashCode") ? System.identityHashCode(proxy) : method.getName();
            }
            switch (method.getName()) {
                case "equals" -> {
                    return proxy == arguments[0];
                }
                case "onAcceptEvent" -> accepted(arguments[1]);
                case "onCloseEvent" -> open.closed(arguments[0]);
                case "onRequestReceiveEvent" -> open.asked(arguments[1]);
                case "onRequestCompleteEvent" -> open.answered(arguments[1]);
                default -> {
                    // Reads and writes.
                }
            }
            return null;
        }

        private void accepted(Object connection) throws ReflectiveOperationException {
            try {
                var peer = (InetSocketAddress) Grizzly.call(connection, "getPeerAddress");
                if (!open.opened(connection, peer.getAddress().getHostAddress())) {
                    end(connection);
                }
            } catch (NoSuchElementException e) {
                LOG.log(Level.DEBUG, "a connection has gone before it was seen", e);
            }
        }
    }
}
