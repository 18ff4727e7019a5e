package org.holdfast.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What may happen to a cluster at any time: {@link #strike} does it, {@link #mend} does what a person would do then. */
enum Fault {
    NODE_KILLED("sn\\d+", Harm.KILLED),
    NODE_FROZEN("sn\\d+", Harm.FROZEN),
    MASTER_KILLED("m\\d+", Harm.KILLED),
    MASTER_FROZEN("m\\d+", Harm.FROZEN),
    WORKER_KILLED("worker\\d+", Harm.KILLED),
    BROKER_KILLED("broker", Harm.KILLED),
    BROKER_LOSES_ITS_JOURNAL("broker", Harm.KILLED_AND_EMPTIED),
    DATABASE_KILLED("mariadb", Harm.KILLED),
    BLOB_CORRUPTED("sn\\d+", Harm.CORRUPTED),
    BLOB_TRUNCATED("sn\\d+", Harm.TRUNCATED),
    /** That of all components, where it is one of its own; the database is the one that can't do without. */
    DISK_FULL("mariadb", Harm.FILLED);

    /** Nobody knows of a damaged blob: the scrub, or the next one who copies it, finds it. */
    private static final String NOTHING = "";

    private final String victims;
    private final Harm harm;

    /** @param victims pattern of the names of components, one of which is struck */
    Fault(String victims, Harm harm) {
        this.victims = victims;
        this.harm = harm;
    }

    /** Does the harm; returns the name of the component that it was done to. */
    String strike(TestCluster cluster, SplittableRandom random) {
        List<String> running = cluster.status().entrySet().stream()
                .filter(component -> component.getValue().pid() > 0)
                .map(Map.Entry::getKey)
                .filter(name -> name.matches(victims))
                .sorted()
                .toList();
        String victim = oneOf(running, random);
        harm.strike(cluster, victim, random);
        return victim;
    }

    /** Undoes it, as a person with the scripts would; what heals by itself needs nobody. */
    void mend(TestCluster cluster, String victim) {
        harm.mend(cluster, victim);
    }

    private static <T> T oneOf(List<T> all, SplittableRandom random) {
        return all.get(random.nextInt(all.size()));
    }

    private enum Harm {
        KILLED("start") {
            @Override
            void strike(TestCluster cluster, String victim, SplittableRandom random) {
                cluster.kill(victim);
            }
        },
        KILLED_AND_EMPTIED("start") {
            @Override
            void strike(TestCluster cluster, String victim, SplittableRandom random) {
                cluster.kill(victim);
                TestCluster.delete(cluster.data().resolve(victim));
            }
        },
        FROZEN("resume") {
            @Override
            void strike(TestCluster cluster, String victim, SplittableRandom random) {
                cluster.node("pause", victim);
            }
        },
        FILLED(NOTHING) {
            @Override
            void strike(TestCluster cluster, String victim, SplittableRandom random) {
                onDisk(cluster, SmallDisk::fill);
            }

            /** Makes room, and starts who could not live without. */
            @Override
            void mend(TestCluster cluster, String victim) {
                onDisk(cluster, SmallDisk::makeRoom);
                cluster.heal();
            }
        },
        CORRUPTED(NOTHING) {
            @Override
            void strike(TestCluster cluster, String victim, SplittableRandom random) {
                damage(cluster, victim, random, BlobFiles::flipABit);
            }
        },
        TRUNCATED(NOTHING) {
            @Override
            void strike(TestCluster cluster, String victim, SplittableRandom random) {
                damage(cluster, victim, random, BlobFiles::truncate);
            }
        };

        private final String remedy;

        /** @param remedy what {@code setup/node} is told to do with the victim */
        Harm(String remedy) {
            this.remedy = remedy;
        }

        abstract void strike(TestCluster cluster, String victim, SplittableRandom random);

        void mend(TestCluster cluster, String victim) {
            if (!remedy.equals(NOTHING)) {
                cluster.node(remedy, victim);
            }
        }

        /** What is done to the disk of the whole cluster. */
        private interface DiskWork {
            void on(SmallDisk disk) throws IOException;
        }

        private static void onDisk(TestCluster cluster, DiskWork work) {
            try {
                work.on(SmallDisk.at(cluster.data()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What is done to one blob. */
        private interface Damage {
            void to(BlobFiles disk, String blob) throws IOException;
        }

        private static void damage(TestCluster cluster, String node, SplittableRandom random, Damage damage) {
            BlobFiles disk = BlobFiles.of(cluster, node);
            List<String> blobs = disk.withBytes();
            try {
                if (!blobs.isEmpty()) {
                    damage.to(disk, oneOf(blobs, random));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
