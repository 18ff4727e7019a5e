package org.holdfast.contract;

import java.util.regex.Pattern;

/** What a download is called and which type it claims to be; no header can be broken by either. Pure. */
public final class DownloadName {
    /** type/subtype with parameters of visible ASCII (RFC 9110, section 8.3.1, without folding). */
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}(\\s*;[\\x20-\\x7e]{0,256})?");

    private DownloadName() {}

    /**
     * Value of {@code Content-Disposition}: a plain name for old clients (RFC 6266) and the exact one (RFC 8187).
     *
     * @param name file name in any characters
     */
    public static String disposition(String name) {
        var plain = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean safe = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%';
            plain.append(safe ? c : '_');
        }
        return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''"
                + FileAddress.encode(name).replace("/", "%2F");
    }

    /** The media type to answer with; what is not one becomes {@code application/octet-stream}. */
    public static String mediaType(String told) {
        return MEDIA_TYPE.matcher(told).matches() ? told : "application/octet-stream";
    }
}
