package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Client;
import org.holdfast.master.account.Sessions;
import org.holdfast.master.account.SignIn;
import org.holdfast.master.catalog.NumberChanges;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LiveStreamsTest {
    private static final Client CLIENT = Client.of("127.0.0.1", "a browser");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void twoNodes() {
        var unused = TestNodes.running(master, "sn1", "sn2");
    }

    /** The container's side of one answer. */
    private static final class Line extends ServletOutputStream {
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private @Nullable WriteListener listener;
        private boolean isReady = true;
        private boolean isFullAfterNext;
        private boolean isGone;
        private boolean isOver;

        AsyncContext async() {
            ClassLoader loader = Line.class.getClassLoader();
            var response = (ServletResponse) Proxy.newProxyInstance(
                    loader, new Class<?>[] {ServletResponse.class}, (proxy, method, arguments) -> this);
            return (AsyncContext)
                    Proxy.newProxyInstance(loader, new Class<?>[] {AsyncContext.class}, (proxy, method, arguments) -> {
                        isOver |= method.getName().equals("complete");
                        return method.getName().equals("getResponse") ? response : null;
                    });
        }

        void takesMore() throws IOException {
            isReady = true;
            Objects.requireNonNull(listener).onWritePossible();
        }

        /** What has come since this was last asked. */
        String heard() {
            String text = sent.toString(StandardCharsets.UTF_8);
            sent.reset();
            return text;
        }

        @Override
        public void write(int octet) {
            held.write(octet);
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            held.write(octets, offset, length);
            isReady = !isFullAfterNext;
        }

        @Override
        public void flush() throws IOException {
            held.writeTo(sent);
            held.reset();
        }

        @Override
        public boolean isReady() {
            if (isGone) {
                throw new NullPointerException("the container has taken it away");
            }
            return isReady;
        }

        @Override
        public void setWriteListener(WriteListener told) {
            listener = told;
        }
    }

    private LiveStreams streams() {
        return master.get(LiveStreams.class);
    }

    private String token(Caller caller) {
        return "Bearer " + master.get(SignIn.class).open(caller, CLIENT).token();
    }

    private Line open(Caller caller, String authorization) throws IOException {
        var line = new Line();
        streams()
                .open(
                        caller,
                        new Gate.Request("GET", StreamServlet.PATH, authorization, CLIENT, Optional.empty()),
                        line::async);
        line.takesMore();
        return line;
    }

    private Line open(Caller caller) throws IOException {
        return open(caller, token(caller));
    }

    private void put(String address) {
        var unused = master.put(address);
        assertThat(master.get(Leadership.class).seek()).isTrue();
        assertThat(master.get(NumberChanges.class).number()).isFalse();
    }

    private static String event(String topic) {
        return "event: " + topic + "\ndata: {\"changed\":\"" + topic + "\"}\n\n";
    }

    @Test
    void aStreamBeginsWithACommentAndTellsEachTopicOnce() throws Exception {
        Line line = open(master.admin());
        assertThat(line.heard()).isEqualTo(": holdfast\n\n");
        streams().beat();
        assertThat(line.heard()).isEmpty();
        put("admin/a");
        put("admin/b");
        streams().beat();
        assertThat(line.heard()).isEqualTo(event("cluster") + event("tasks") + event("files"));
        streams().beat();
        assertThat(line.heard()).isEmpty();
    }

    @Test
    void whatAClientIsTooSlowForIsToldOnceLater() throws Exception {
        Line line = open(master.admin());
        var unused = line.heard();
        line.isReady = false;
        for (String name : new String[] {"admin/a", "admin/b", "admin/c"}) {
            put(name);
            streams().beat();
        }
        assertThat(line.heard()).isEmpty();
        line.takesMore();
        assertThat(line.heard()).isEqualTo(event("cluster") + event("tasks") + event("files"));
    }

    @Test
    void whatAClientWasTooSlowForInTheMidstGoesOutAsSoonAsItTakesMore() throws Exception {
        Line line = open(master.admin());
        var unused = line.heard();
        line.isFullAfterNext = true;
        put("admin/a");
        streams().beat();
        assertThat(line.heard()).isEmpty();
        line.takesMore();
        assertThat(line.heard()).isEqualTo(event("cluster") + event("tasks") + event("files"));
    }

    @Test
    void aStreamThatTheContainerHasTakenAwayEndsAlone() throws Exception {
        Line one = open(master.admin());
        Line other = open(master.admin());
        one.isGone = true;
        var unused = other.heard();
        put("admin/a");
        streams().beat();
        assertThat(one.isOver).isTrue();
        assertThat(other.heard()).contains(event("files"));
    }

    @Test
    void othersHearOfTheirOwnFilesAndNotOfTasks() throws Exception {
        Caller anna = master.user("anna");
        Line line = open(anna);
        var unused = line.heard();
        put("admin/a");
        streams().beat();
        assertThat(line.heard()).isEqualTo(event("cluster"));
        put("anna/a");
        streams().beat();
        assertThat(line.heard()).isEqualTo(event("cluster") + event("files"));
    }

    @Test
    void aLineThatIsSilentIsKeptAlive() throws Exception {
        Line line = open(master.admin());
        var unused = line.heard();
        master.clock().forward(LiveStreams.SILENCE.minusSeconds(1));
        streams().beat();
        assertThat(line.heard()).isEmpty();
        master.clock().forward(Duration.ofSeconds(1));
        streams().beat();
        assertThat(line.heard()).isEqualTo(": holdfast\n\n");
    }

    @Test
    void aSessionThatHasEndedHearsNothingMore() throws Exception {
        Caller anna = master.user("anna");
        Line line = open(anna);
        var unused = line.heard();
        master.get(Sessions.class).end(anna, "anna", Optional.empty());
        put("anna/a");
        streams().beat();
        assertThat(line.heard()).isEmpty();
        assertThat(line.isOver).isTrue();
    }

    @Test
    void aPasswordIsGoodForAMinute() throws Exception {
        Line line = open(master.admin(), "Basic not looked at again");
        streams().beat();
        assertThat(line.isOver).isFalse();
        master.clock().forward(LiveStreams.LIFE_BY_PASSWORD);
        streams().beat();
        assertThat(line.isOver).isTrue();
    }

    @Test
    void oneAccountHasTenAtMostAndThoseThatEndMakeRoom() throws Exception {
        String token = token(master.admin());
        Line first = open(master.admin(), token);
        for (int i = 1; i < LiveStreams.MAX_PER_ACCOUNT; i++) {
            assertThat(open(master.admin(), token).isOver).isFalse();
        }
        assertRefused(FailureKind.THROTTLED, "too-many-streams", () -> open(master.admin(), token));
        assertThat(open(master.user("anna")).isOver).as("another account").isFalse();
        Objects.requireNonNull(first.listener).onError(new IOException("the browser has gone"));
        assertThat(open(master.admin(), token).isOver).isFalse();
    }

    @Test
    void allEndAsWholeAnswersWhenTheMasterStops() throws Exception {
        Line one = open(master.admin());
        Line other = open(master.user("anna"));
        streams().endAll();
        assertThat(one.isOver).isTrue();
        assertThat(other.isOver).isTrue();
        assertRefused(FailureKind.UNAVAILABLE, "busy", () -> open(master.admin()));
    }
}
