package org.holdfast.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;

/**
 * Gives every test class a cluster of the kind that it asks for: booted for the first class of its kind, closed when a class
 * of its lane wants another one or the run ends. Classes of one kind stand together in the order of classes.
 *
 * <p>Where classes run side by side, one lane has the plain cluster, and the other one all other kinds, one at a time: much
 * of what slow tests do is to wait.
 */
final class SharedCluster implements ParameterResolver {
    /** Of the directory of the tough cluster, for whoever mounts a disk there before it is booted. */
    static final String TOUGH_NAME = "tough";

    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(SharedCluster.class);

    /** A class of tests that are run on a cluster. */
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @ExtendWith(SharedCluster.class)
    @ResourceLock(providers = Lanes.class)
    @interface Of {
        Kind value() default Kind.PLAIN;
    }

    /** Who waits for whom. */
    static final class Lanes implements ResourceLocksProvider {
        private static final String PLAIN = "the plain cluster";
        /** Of a class that boots a cluster of its own, too. */
        static final String OTHERS = "the other clusters";

        static String of(Kind kind) {
            return kind == Kind.PLAIN ? PLAIN : OTHERS;
        }

        @Override
        public Set<Lock> provideForClass(Class<?> testClass) {
            return Set.of(new Lock(of(kindOf(testClass))));
        }
    }

    /** Of those but the first, tests kill components and want to see them dead. */
    enum Kind {
        /** As {@code setup/start} makes it. */
        UNTOUCHED {
            @Override
            TestCluster boot() {
                return TestCluster.boot("untouched", Map.of(), Map.of());
            }
        },
        /** What a dead worker had in hand is soon sent again, and a syslog receiver is to be told, which is seldom there. */
        PLAIN {
            @Override
            TestCluster boot() {
                String receiver = "://127.0.0.1:" + freePort();
                return TestCluster.boot(
                        "cluster",
                        Map.of(
                                "holdfast.task.resend-after", "PT8S",
                                "m1:holdfast.syslog.url", "tcp" + receiver,
                                "sn1:holdfast.syslog.url", "udp" + receiver),
                        TestCluster.SHORT_LIVED,
                        "--no-restart");
            }
        },
        /** Four nodes; who is away is soon given up. */
        HEALING {
            @Override
            TestCluster boot() {
                return TestCluster.boot(
                        "healing",
                        Map.of(
                                "holdfast.heal.hold-off", "PT3S",
                                "holdfast.delete.grace", "PT1S",
                                "holdfast.alarm.patience", "PT3S"),
                        TestCluster.SHORT_LIVED,
                        "--no-restart",
                        "--nodes",
                        "4");
            }
        },
        /** Nodes soon miss more than the log of changes holds, and nobody repairs what nobody has asked for. */
        FORGETFUL {
            @Override
            TestCluster boot() {
                return TestCluster.boot(
                        "return",
                        Map.of(
                                "holdfast.verify.heal", "manual",
                                "holdfast.delete.grace", "PT2S",
                                "holdfast.changes.keep-entries", "8",
                                "holdfast.changes.keep", "PT0S",
                                "holdfast.scrub.every", "PT0S"),
                        TestCluster.SHORT_LIVED,
                        "--no-restart");
            }
        },
        /** Whatever dies alone, there is another one; nobody is there who mends anything, and waiting is short. */
        TOUGH {
            @Override
            TestCluster boot() {
                TestCluster cluster = TestCluster.boot(
                        TOUGH_NAME,
                        Map.of(
                                "holdfast.heal.hold-off", "PT5S",
                                "holdfast.scrub.every", "PT10S",
                                "holdfast.scrub.bytes-per-second", "200000000",
                                "holdfast.task.resend-after", "PT8S",
                                "holdfast.alarm.patience", "PT3S"),
                        TestCluster.SHORT_LIVED,
                        "--no-restart",
                        "--masters",
                        "2",
                        "--nodes",
                        "4");
                cluster.node("start", "worker2");
                return cluster;
            }
        };

        abstract TestCluster boot();

        private static int freePort() {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The one that runs in a lane. */
    private static final class Running implements AutoCloseable {
        private @Nullable Kind kind;
        private @Nullable TestCluster cluster;

        TestCluster of(Kind wanted) {
            TestCluster found = cluster;
            if (found == null || kind != wanted) {
                close();
                found = wanted.boot();
                cluster = found;
                kind = wanted;
            }
            return found;
        }

        @Override
        public void close() {
            if (cluster != null) {
                cluster.close();
                cluster = null;
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestCluster.class;
    }

    @Override
    public TestCluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Kind kind = kindOf(context.getRequiredTestClass());
        // What the root store holds lives for the whole run; JUnit closes it in the end, whatever became of the tests.
        return context.getRoot()
                .getStore(HERE)
                .computeIfAbsent(Lanes.of(kind), lane -> new Running(), Running.class)
                .of(kind);
    }

    private static Kind kindOf(Class<?> testClass) {
        return testClass.getAnnotation(Of.class).value();
    }
}
