package org.holdfast.master.api;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** A small page for people who follow a link: no script, no style, nothing from elsewhere. */
final class Page {
    /** What the browser may do with it: send its form back to where it came from, nothing else. */
    static final String POLICY = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private Page() {}

    /** The page with a heading; {@code body} is HTML. */
    static Response of(String title, String body) {
        return Response.ok(html(title, body), MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .header("Cache-Control", "no-store")
                .header("Content-Security-Policy", POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header("X-Content-Type-Options", "nosniff")
                .build();
    }

    static String html(String title, String body) {
        return "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
                + " content=\"width=device-width\"><title>" + escape(ShownName.text(title))
                + " - Holdfast</title></head><body><h1>"
                + ShownName.html(title) + "</h1>" + body + "</body></html>\n";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
