package org.holdfast.worker.transfer;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.Outcome.Side;
import org.holdfast.contract.TaskMessage.Member;

/** A partner of the transfer did not do its part. The boundary's only translation of failures into outcomes. */
final class PartnerFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_DETAIL_CHARACTERS = 300;

    private final transient Outcome outcome;

    private PartnerFailure(Outcome outcome) {
        super(outcome.detail());
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }

    /** What a step on a connection can throw. */
    interface Step<T> {
        T run() throws IOException;
    }

    /**
     * Runs a step that involves one partner.
     *
     * @param silence what a time-out means in this step: {@link Condition#TIMEOUT} while waiting for a connection or an
     *     answer, {@link Condition#STALL} while bytes flow
     */
    static <T> T blaming(Side side, Member member, Condition silence, Step<T> step) throws PartnerFailure {
        try {
            return step.run();
        } catch (IOException e) {
            throw of(side, member, silence, e);
        }
    }

    static PartnerFailure of(Side side, Member member, Condition silence, IOException failure) {
        Condition condition = condition(silence, failure);
        String reason = switch (condition) {
            case REFUSED -> "no connection could be made";
            case TIMEOUT -> "no answer in time";
            case STALL -> "bytes stopped flowing";
            default -> failure instanceof EOFException ? "the connection ended too early" : "the connection broke";
        };
        return new PartnerFailure(
                Outcome.of(condition, side, text(side, member, reason + " (" + failure.getMessage() + ")")));
    }

    private static Condition condition(Condition silence, IOException failure) {
        if (failure instanceof SocketTimeoutException || failure instanceof HttpTimeoutException) {
            return silence;
        }
        if (failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure instanceof UnknownHostException
                || failure instanceof SSLHandshakeException) {
            return Condition.REFUSED;
        }
        return Condition.RESET;
    }

    /** A partner's answer that is no success. */
    static PartnerFailure of(Side side, Member member, ClusterCall.Answer answer) {
        String detail = answer.json()
                .map(problem -> problem.getString("detail", ""))
                .filter(text -> !text.isEmpty())
                .orElse("no reason given");
        boolean isLate = answer.json()
                .filter(problem -> problem.getString("code", "").equals("ticket-expired"))
                .isPresent();
        return new PartnerFailure(new Outcome(
                isLate ? Condition.TICKET_EXPIRED : Condition.HTTP,
                side,
                answer.status(),
                answer.retryAfter(),
                text(side, member, "answered " + answer.status() + ", " + detail),
                answer.receipt()));
    }

    /** The source's bytes are not the blob; told as the 422 that a node gives for the same fact. */
    static PartnerFailure wrongSource(Member member, String reason) {
        return of(Side.SOURCE, member, new ClusterCall.Answer(422, problem(reason)));
    }

    private static String problem(String detail) {
        return JsonText.object().add("detail", detail).build().toString();
    }

    /** One printable line of bounded length. */
    private static String text(Side side, Member member, String reason) {
        String role = side == Side.SOURCE ? "source " : "target ";
        String line = (role + member.name() + ": " + reason).replaceAll("\\p{Cntrl}+", " ");
        return line.length() > MAX_DETAIL_CHARACTERS ? line.substring(0, MAX_DETAIL_CHARACTERS) + "…" : line;
    }
}
