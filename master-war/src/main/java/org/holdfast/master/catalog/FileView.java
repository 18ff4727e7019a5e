package org.holdfast.master.catalog;

import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FileAddress;

/**
 * A version of a file, as readers see it: the current one unless an older one was asked for.
 *
 * @param address where it is
 * @param version number of the version
 * @param blob its bytes
 * @param contentType media type
 * @param modifiedAt when this version was committed
 * @param namedAt when these bytes became the name's: by a put, a restore or a move; never before {@code modifiedAt}
 * @param fileTime the file's own time, where who put it told one
 */
public record FileView(
        FileAddress address,
        int version,
        BlobFacts blob,
        String contentType,
        Instant modifiedAt,
        Instant namedAt,
        Optional<Instant> fileTime) {
    /** What conditions are judged by. */
    Conditions.Current validators() {
        return new Conditions.Current(blob.digests().etag(), namedAt);
    }
}
