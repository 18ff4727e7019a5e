package org.holdfast.contract;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The body of a {@link BlobUpload}: as many bytes as were announced, or chunks (RFC 9112 section 7.1). */
final class UploadBody extends OutputStream {
    private static final byte[] LINE_END = {'\r', '\n'};

    private final BlobUpload upload;
    private final boolean chunked;
    private long left;

    /** A body of unknown length. */
    UploadBody(BlobUpload upload) {
        this.upload = upload;
        this.chunked = true;
    }

    UploadBody(BlobUpload upload, long sizeBytes) {
        this.upload = upload;
        this.chunked = false;
        this.left = sizeBytes;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            // A chunk of no bytes would be the last one.
            return;
        }
        if (chunked) {
            byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            upload.send(size, 0, size.length);
            upload.send(bytes, offset, length);
            upload.send(LINE_END, 0, LINE_END.length);
        } else {
            if (length > left) {
                throw new IOException("more bytes than the body's announced length");
            }
            upload.send(bytes, offset, length);
            left -= length;
        }
    }

    @Override
    public void flush() throws IOException {
        upload.flush();
    }

    void requireComplete() throws IOException {
        if (left > 0) {
            throw new IOException(left + " bytes less than the body's announced length");
        }
    }

    /** Sends what marks the end. */
    void end() throws IOException {
        if (chunked) {
            byte[] last = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            upload.send(last, 0, last.length);
        }
        upload.flush();
    }
}
