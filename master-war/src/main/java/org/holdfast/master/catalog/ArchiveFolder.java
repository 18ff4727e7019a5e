package org.holdfast.master.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.account.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Writes a folder with all that is in it as a zip while it is read: in memory is a page of names for each level, and no
 * transaction is open. What is put or goes meanwhile may be in it or not; each file is whole.
 */
@ApplicationScoped
public class ArchiveFolder {
    private static final int PAGE = 500;

    /** Begins the name of the entry that tells what is not in the archive. */
    private static final String MISSING = "MISSING";

    /** Bounds what a master keeps of a large folder on nodes that are away: some MB. */
    private static final int MOST_NAMED = 10_000;

    @Inject
    ListFolder listFolder;

    @Inject
    FindNames names;

    @Inject
    ReadFile readFile;

    @Inject
    FetchBytes fetch;

    @Inject
    Clock clock;

    /** NOT_FOUND unless there is this folder and the caller may list it. */
    public void require(Caller caller, FileAddress folder) {
        var unused = listFolder.page(caller, folder, "", 1);
    }

    /**
     * Writes what the caller may read. Files that can't be read are named in an entry of their own, and counted in the zip's
     * comment (ADR 55).
     *
     * @param out not closed
     * @throws HoldfastException when no file at all, or no listing, can be read; what has been written is then no zip
     * @throws IOException what {@code out} throws
     */
    public void write(Caller caller, FileAddress folder, OutputStream out) throws IOException {
        try (var zip = new ZipStream(out)) {
            var tree = new Tree(caller, folder, zip);
            tree.add(folder, clock.instant());
            zip.finish(tree.nameMissing());
        }
    }

    private final class Tree {
        private final Caller caller;
        private final FileAddress top;
        private final ZipStream zip;
        private final StringBuilder missing = new StringBuilder();
        private final Set<String> taken = new HashSet<>();
        private long missingFiles;
        private boolean hasWholeFiles;
        private @Nullable HoldfastException first;

        Tree(Caller caller, FileAddress top, ZipStream zip) {
            this.caller = caller;
            this.top = top;
            this.zip = zip;
        }

        void add(FileAddress folder, Instant modifiedAt) throws IOException {
            zip.folder(nameInZip(folder), modifiedAt);
            Optional<String> after = Optional.of("");
            while (after.isPresent()) {
                Optional<ListFolder.Page> page = page(folder, after.get());
                after = page.flatMap(ListFolder.Page::next);
                for (ListFolder.Entry entry : page.map(ListFolder.Page::entries).orElse(List.of())) {
                    FileAddress child = folder.child(entry.name());
                    if (folder.equals(top) && entry.name().startsWith(MISSING)) {
                        taken.add(entry.name());
                    }
                    if (entry.file().isPresent()) {
                        addFile(child);
                    } else {
                        add(child, entry.modifiedAt());
                    }
                }
            }
        }

        private void addFile(FileAddress address) throws IOException {
            Optional<ReadFile.Found> found;
            try {
                found = unlessGone(() -> readFile.locate(
                        caller.name(),
                        names.file(caller, address),
                        () -> names.file(caller, address),
                        Optional.empty()));
            } catch (HoldfastException e) {
                miss(address, e);
                return;
            }
            if (found.isPresent()) {
                send(address, found.get()).ifPresentOrElse(e -> miss(address, e), () -> hasWholeFiles = true);
            }
        }

        private Optional<HoldfastException> send(FileAddress address, ReadFile.Found found) throws IOException {
            FileView file = found.file();
            try (InputStream bytes = fetch.open(found.location())) {
                Instant time = file.fileTime().orElse(file.modifiedAt());
                return zip.file(nameInZip(address), time, file.blob().sizeBytes(), bytes);
            }
        }

        private void miss(FileAddress address, HoldfastException why) {
            if (why.kind() != FailureKind.UNAVAILABLE && why.kind() != FailureKind.CORRUPT) {
                throw why;
            }
            if (missingFiles == 0) {
                first = why;
            }
            if (++missingFiles <= MOST_NAMED) {
                missing.append(nameInZip(address))
                        .append(": ")
                        .append(why.getMessage())
                        .append('\n');
            }
        }

        /** Adds the entry that names what is missing; answers the same in a few words, nothing when all is there. */
        String nameMissing() throws IOException {
            if (missingFiles == 0) {
                return "";
            }
            if (!hasWholeFiles) {
                throw Objects.requireNonNull(first);
            }
            String name = MISSING + ".txt";
            for (int number = 2; taken.contains(name); number++) {
                name = MISSING + " (" + number + ").txt";
            }
            String text = "These files could not be read. They are not in this archive, or not whole and with a wrong"
                    + " checksum.\n\n" + missing
                    + (missingFiles > MOST_NAMED ? "and " + (missingFiles - MOST_NAMED) + " more\n" : "");
            byte[] bytes = text.getBytes(UTF_8);
            var unused = zip.file(
                    nameInZip(top.child(name)), clock.instant(), bytes.length, new ByteArrayInputStream(bytes));
            return missingFiles + " missing, see " + name;
        }

        private Optional<ListFolder.Page> page(FileAddress folder, String after) {
            return unlessGone(() -> listFolder.page(caller, folder, after, PAGE));
        }

        /** Below a folder of the same name as the one that is asked for, so that unpacking makes one thing. */
        private String nameInZip(FileAddress address) {
            String outer = top.isRoot() ? top.namespace() : top.name();
            int above = top.path().length();
            String inner = address.path().substring(above);
            return inner.isEmpty() || inner.startsWith("/") ? outer + inner : outer + "/" + inner;
        }
    }

    /** What was listed may have been deleted or moved since: then it is left out. */
    private static <T> Optional<T> unlessGone(Supplier<T> look) {
        try {
            return Optional.of(look.get());
        } catch (HoldfastException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
