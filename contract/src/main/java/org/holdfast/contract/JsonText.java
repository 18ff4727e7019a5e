package org.holdfast.contract;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.ByteArrayInputStream;
import java.io.Reader;
import java.io.StringReader;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * Builds and reads JSON with a provider that was looked up once. The static methods of {@link jakarta.json.Json} look it
 * up at every call, which was measured at 0.2 ms; building an object costs less than a microsecond.
 */
public final class JsonText {
    private static final JsonProvider PROVIDER = JsonProvider.provider();

    private JsonText() {}

    /** An empty object to add to. */
    public static JsonObjectBuilder object() {
        return PROVIDER.createObjectBuilder();
    }

    /** A copy to add to. */
    public static JsonObjectBuilder object(JsonObject start) {
        return PROVIDER.createObjectBuilder(start);
    }

    /** An empty array to add to. */
    public static JsonArrayBuilder array() {
        return PROVIDER.createArrayBuilder();
    }

    /** An array of the elements. */
    public static JsonArrayBuilder array(Collection<?> elements) {
        return PROVIDER.createArrayBuilder(elements);
    }

    /** A reader for JSON text; throws {@link JsonException} at what is none. The caller closes it. */
    public static JsonReader reader(String text) {
        return reader(new StringReader(text));
    }

    /** As {@link #reader(String)}, for UTF-8. */
    public static JsonReader reader(byte[] text) {
        return new Guarded(PROVIDER.createReader(new ByteArrayInputStream(text)));
    }

    /** As {@link #reader(String)}, for characters from elsewhere, which are closed with the reader. */
    public static JsonReader reader(Reader text) {
        return new Guarded(PROVIDER.createReader(text));
    }

    /**
     * A reader that fails as its interface says it does: Parsson 1.1.7 has limits (1,000 levels, 1,100 digits of a number)
     * and tells of them by exceptions that are no {@link JsonException}.
     */
    private record Guarded(JsonReader reader) implements JsonReader {
        @Override
        public JsonStructure read() {
            return guard(reader::read);
        }

        @Override
        public JsonObject readObject() {
            return guard(reader::readObject);
        }

        @Override
        public JsonArray readArray() {
            return guard(reader::readArray);
        }

        @Override
        public JsonValue readValue() {
            return guard(reader::readValue);
        }

        @Override
        public void close() {
            reader.close();
        }

        private static <T> T guard(Supplier<T> reading) {
            try {
                return reading.get();
            } catch (JsonException | IllegalStateException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new JsonException("The text goes beyond what is read here.", e);
            }
        }
    }
}
