package org.holdfast.syslog;

import com.cloudbees.syslog.Facility;
import com.cloudbees.syslog.SDElement;
import com.cloudbees.syslog.SDParam;
import com.cloudbees.syslog.Severity;
import com.cloudbees.syslog.SyslogMessage;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.holdfast.contract.AuditRecord;

/**
 * Writes records as syslog messages: everything in structured data for programs, and a short sentence for people. The
 * hostname is the machine's, APP-NAME is {@code holdfast}, PROCID the component, MSGID the action.
 */
final class SyslogText {
    /**
     * Name of the structured data. 32473 is the enterprise number of examples (RFC 5612): Holdfast has none of its own.
     */
    static final String ELEMENT = "holdfast@32473";

    private static final String APPLICATION = "holdfast";

    /** Bounds a message to less than the 8 KiB that receivers take by default, at four bytes a character. */
    private static final int MAX_OBJECT = 1_024;

    /** Of the sentence for people. */
    private static final int MAX_SHOWN = 200;

    /** RFC 5424, section 6. */
    private static final int MAX_MSGID = 32;

    private static final Set<Integer> REFUSALS = Set.of(401, 403, 423, 429);
    private static final int FIRST_FAILURE = 500;

    private final Facility facility;

    SyslogText(Facility facility) {
        this.facility = facility;
    }

    /** One message, as a datagram has it (RFC 5426). */
    byte[] datagram(AuditRecord record) {
        return message(record).toRfc5424SyslogMessage().getBytes(StandardCharsets.UTF_8);
    }

    /** One message behind the number of its octets, as a stream has it (RFC 5425, section 4.3; RFC 6587, section 3.4.1). */
    byte[] frame(AuditRecord record) {
        return message(record).toRfc5425SyslogMessage().getBytes(StandardCharsets.UTF_8);
    }

    private SyslogMessage message(AuditRecord record) {
        return new SyslogMessage()
                .withFacility(facility)
                .withSeverity(severity(record.result().status()))
                .withTimestamp(record.at().toEpochMilli())
                .withAppName(APPLICATION)
                .withProcId(token(record.component(), 128))
                .withMsgId(token(record.what().action(), MAX_MSGID))
                .withSDElement(data(record))
                .withMsg(sentence(record));
    }

    private static SDElement data(AuditRecord record) {
        var data = new SDElement(
                ELEMENT,
                new SDParam("id", record.id()),
                new SDParam("at", record.at().toString()),
                new SDParam("component", record.component()),
                new SDParam("actor", record.who().actor()),
                new SDParam("via", record.who().via().name()),
                new SDParam("address", record.who().address()),
                new SDParam("action", record.what().action()),
                new SDParam("object", cut(record.what().object(), MAX_OBJECT)),
                new SDParam("status", Integer.toString(record.result().status())),
                new SDParam("millis", Integer.toString(record.result().millis())));
        record.what().detail().ifPresent(text -> data.addSDParam("detail", text));
        record.result().code().ifPresent(text -> data.addSDParam("code", text));
        record.result().bytes().ifPresent(bytes -> data.addSDParam("bytes", Long.toString(bytes)));
        return data;
    }

    private static String sentence(AuditRecord record) {
        return record.who().actor() + " from " + record.who().address() + ": "
                + record.what().action() + " " + cut(record.what().object(), MAX_SHOWN) + " "
                + record.result().status()
                + record.result().code().map(code -> " " + code).orElse("");
    }

    private static Severity severity(int status) {
        if (status >= FIRST_FAILURE) {
            return Severity.ERROR;
        }
        return REFUSALS.contains(status) ? Severity.WARNING : Severity.INFORMATIONAL;
    }

    /** Headers hold visible ASCII characters only (RFC 5424, section 6). */
    private static String token(String text, int most) {
        String visible = cut(text, most).replaceAll("[^\\x21-\\x7e]", "?");
        return visible.isEmpty() ? "-" : visible;
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
