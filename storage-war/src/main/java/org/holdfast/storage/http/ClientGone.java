package org.holdfast.storage.http;

import java.io.IOException;

/** Nobody reads the answer any more; there is nothing to mend and nobody to tell. */
final class ClientGone extends IOException {
    private static final long serialVersionUID = 1L;

    ClientGone(IOException cause) {
        super(cause);
    }
}
