package org.holdfast.master.api;

import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/** Writes a {@link Listing} as the client wants it. */
@Provider
@Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV, ListingWriter.CSV})
public class ListingWriter implements MessageBodyWriter<Listing> {
    static final String TSV = "text/tab-separated-values";
    static final String CSV = "text/csv";

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return type == Listing.class;
    }

    @Override
    public void writeTo(
            Listing listing,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        String text;
        if (mediaType.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
            text = listing.toJson().toString();
        } else {
            headers.putSingle("Content-Type", mediaType.withCharset("UTF-8"));
            text = switch (mediaType.getSubtype()) {
                case "plain" -> listing.toTable();
                case "csv" -> listing.toCsv();
                default -> listing.toTsv();
            };
        }
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
