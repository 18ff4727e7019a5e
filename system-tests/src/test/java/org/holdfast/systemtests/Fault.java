package org.holdfast.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What may happen to a cluster at any time: {@link #strike} does it, {@link #mend} does what a person would do then. */
enum Fault {
    NODE_KILLED {
        @Override
        String strike(TestCluster cluster, SplittableRandom random) {
            return killed(cluster, oneOf(components(cluster, "sn\\d+"), random));
        }
    },
    NODE_FROZEN {
        @Override
        String strike(TestCluster cluster, SplittableRandom random) {
            return frozen(cluster, oneOf(components(cluster, "sn\\d+"), random));
        }

        @Override
        void mend(TestCluster cluster, String victim) {
            cluster.node("resume", victim);
        }
    },
    MASTER_KILLED {
        @Override
        String strike(TestCluster cluster, SplittableRandom random) {
            return killed(cluster, oneOf(components(cluster, "m\\d+"), random));
        }
    },
    MASTER_FROZEN {
        @Override
        String strike(TestCluster cluster, SplittableRandom random) {
            return frozen(cluster, oneOf(components(cluster, "m\\d+"), random));
        }

        @Override
        void mend(TestCluster cluster, String victim) {
            cluster.node("resume", victim);
        }
    },
    WORKER_KILLED {
        @Override
        String strike(TestCluster cluster, SplittableRandom random) {
            return killed(cluster, oneOf(components(cluster, "worker\\d+"), random));
        }
    },
    BROKER_KILLED {
        @Override
        String strike(TestCluster cluster, SplittableRandom random) {
            return killed(cluster, "broker");
        }
    },
    BROKER_LOSES_ITS_JOURNAL {
        @Override
        String strike(TestCluster cluster, SplittableRandom random) {
            String victim = killed(cluster, "broker");
            delete(cluster.data().resolve("broker"));
            return victim;
        }
    },
    DATABASE_KILLED {
        @Override
        String strike(TestCluster cluster, SplittableRandom random) {
            return killed(cluster, "mariadb");
        }
    },
    BLOB_CORRUPTED {
        @Override
        String strike(TestCluster cluster, SplittableRandom random) {
            String node = oneOf(components(cluster, "sn\\d+"), random);
            someBlob(cluster, node, random).forEach(Fault::flipABit);
            return node;
        }

        @Override
        void mend(TestCluster cluster, String victim) {
            // Nobody knows of it: the scrub, or the next one who copies it, finds it.
        }
    },
    BLOB_TRUNCATED {
        @Override
        String strike(TestCluster cluster, SplittableRandom random) {
            String node = oneOf(components(cluster, "sn\\d+"), random);
            someBlob(cluster, node, random).forEach(Fault::halve);
            return node;
        }

        @Override
        void mend(TestCluster cluster, String victim) {
            // As above.
        }
    };

    /** Does the harm; returns the name of the component that it was done to. */
    abstract String strike(TestCluster cluster, SplittableRandom random);

    /** Undoes it, as a person with the scripts would; what heals by itself needs nobody. */
    void mend(TestCluster cluster, String victim) {
        cluster.node("start", victim);
    }

    private static String killed(TestCluster cluster, String victim) {
        cluster.kill(victim);
        return victim;
    }

    private static String frozen(TestCluster cluster, String victim) {
        cluster.node("pause", victim);
        return victim;
    }

    private static List<String> components(TestCluster cluster, String pattern) {
        return cluster.status().entrySet().stream()
                .filter(component -> component.getValue().pid() > 0)
                .map(java.util.Map.Entry::getKey)
                .filter(name -> name.matches(pattern))
                .sorted()
                .toList();
    }

    private static <T> T oneOf(List<T> all, SplittableRandom random) {
        return all.get(random.nextInt(all.size()));
    }

    /** At most one: a committed blob of this node with a byte or more. */
    private static List<Path> someBlob(TestCluster cluster, String node, SplittableRandom random) {
        try (Stream<Path> files =
                Files.walk(cluster.data().resolve("nodes").resolve(node).resolve("blobs"))) {
            List<Path> blobs = files.filter(file -> !file.toString().endsWith(".json"))
                    .filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() > 0)
                    .sorted()
                    .toList();
            return blobs.isEmpty() ? List.of() : List.of(oneOf(blobs, random));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void flipABit(Path blob) {
        try (FileChannel file = FileChannel.open(blob, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            long position = file.size() / 2;
            file.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 1)).rewind();
            file.write(one, position);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void halve(Path blob) {
        try (FileChannel file = FileChannel.open(blob, StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
