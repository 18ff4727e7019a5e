package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.account.Caller;

/**
 * Writes a folder with all that is in it as a zip while it is read: in memory is a page of names for each level, and no
 * transaction is open. What is put or goes meanwhile may be in it or not; each file is whole.
 */
@ApplicationScoped
public class ArchiveFolder {
    private static final int PAGE = 500;

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
     * Writes what the caller may read.
     *
     * @param out not closed
     * @throws HoldfastException when a file can't be read; what has been written is then no zip
     * @throws IOException what {@code out} throws
     */
    public void write(Caller caller, FileAddress folder, OutputStream out) throws IOException {
        try (var zip = new ZipStream(out)) {
            new Tree(caller, folder, zip).add(folder, clock.instant());
            zip.finish();
        }
    }

    private final class Tree {
        private final Caller caller;
        private final FileAddress top;
        private final ZipStream zip;

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
                    if (entry.file().isPresent()) {
                        addFile(child);
                    } else {
                        add(child, entry.modifiedAt());
                    }
                }
            }
        }

        private void addFile(FileAddress address) throws IOException {
            Optional<ReadFile.Found> found = unlessGone(() -> readFile.locate(
                    caller.name(), names.file(caller, address), () -> names.file(caller, address), Optional.empty()));
            if (found.isEmpty()) {
                return;
            }
            FileView file = found.get().file();
            try (InputStream bytes = fetch.open(found.get().location())) {
                zip.file(nameInZip(address), file.modifiedAt(), file.blob().sizeBytes(), bytes);
            }
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
