package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnSettingsTest {
    @TempDir
    Path temp;

    @Test
    void a_line_is_for_all_unless_it_names_a_component() throws IOException {
        write("# slow disks\n\nholdfast.a.b=1\nsn2:holdfast.a.b=2=2\nholdfast.c=\nsn2:holdfast.d=x\n");
        DataDir data = DataDir.open(temp);
        assertThat(OwnSettings.of(data, "sn1")).isEqualTo(Map.of("holdfast.a.b", "1", "holdfast.c", ""));
        assertThat(OwnSettings.of(data, "sn2"))
                .isEqualTo(Map.of("holdfast.a.b", "2=2", "holdfast.c", "", "holdfast.d", "x"));
    }

    @Test
    void the_heap_is_the_launchers_and_no_property() {
        var settings = new HashMap<>(Map.of("holdfast.jvm.heap-mib", "300", "holdfast.a", "1"));
        assertThat(OwnSettings.takeHeapMib(settings, 512)).isEqualTo(300);
        assertThat(settings).isEqualTo(Map.of("holdfast.a", "1"));
        assertThat(OwnSettings.takeHeapMib(settings, 512)).isEqualTo(512);
        settings.put("holdfast.jvm.heap-mib", "1g");
        assertThatThrownBy(() -> OwnSettings.takeHeapMib(settings, 512)).hasMessageContaining("heap-mib");
    }

    @Test
    void what_is_no_setting_of_ours_is_refused_with_its_place() throws IOException {
        write("holdfast.a=1\njava.home=/tmp\n");
        DataDir data = DataDir.open(temp);
        assertThatThrownBy(() -> OwnSettings.of(data, "m1")).hasMessageContaining("line 2 of " + data.settings());
    }

    @Test
    void a_reset_leaves_the_settings() throws IOException {
        write("holdfast.a=1\n");
        DataDir data = DataDir.open(temp);
        data.wipe();
        assertThat(data.settings()).hasContent("holdfast.a=1\n");
    }

    private void write(String lines) throws IOException {
        Files.writeString(temp.resolve("settings"), lines);
    }
}
