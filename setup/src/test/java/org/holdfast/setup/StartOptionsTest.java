package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartOptionsTest {
    private static final Path DATA = Path.of("/srv/data");

    @Test
    void three_nodes_at_port_7400_are_the_default() {
        assertThat(parse())
                .isEqualTo(new StartOptions(3, 1, DATA, Reach.loopback(7400), false, false, limits(1L << 30, 60)));
    }

    @Test
    void every_option_is_understood_in_both_forms() {
        StartOptions expected =
                new StartOptions(5, 3, Path.of("/tmp/x"), Reach.loopback(0), true, true, limits(10L << 20, 90));
        assertThat(parse(
                        "--nodes",
                        "5",
                        "--masters",
                        "3",
                        "--data",
                        "/tmp/x",
                        "--port",
                        "0",
                        "--plaintext",
                        "--reset",
                        "--min-free-mib",
                        "10",
                        "--patience",
                        "90s"))
                .isEqualTo(expected);
        assertThat(parse(
                        "--nodes=5",
                        "--masters=3",
                        "--data=/tmp/x",
                        "--port=0",
                        "--plaintext",
                        "--reset",
                        "--min-free-mib=10",
                        "--patience=PT90S"))
                .isEqualTo(expected);
    }

    @Test
    void everybodyElseReachesItOnlyWhenThatIsAskedFor() {
        assertThat(parse().reach().url("https", 7401)).isEqualTo("https://127.0.0.1:7401");
        Reach reach =
                parse("--listen", "0.0.0.0", "--name", "Files.Example.ORG").reach();
        assertThat(reach.listen().isAnyLocalAddress()).isTrue();
        assertThat(reach.url("https", 7401)).isEqualTo("https://files.example.org:7401");
        assertThat(parse("--listen", "::1").reach().url("https", 7400)).isEqualTo("https://[0:0:0:0:0:0:0:1]:7400");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen 0.0.0.0              | say with --name",
                "--listen files.example.org    | a name goes with --name",
                "--listen 192.0.2.7            | is no address of this machine",
                "--listen 1.2.3.4.5            | is no address",
                "--name -x                     | --name takes a host name",
                "--name https://files.example  | --name takes a host name",
                "--listen 0.0.0.0 --name localhost --plaintext | --plaintext is for this machine alone"
            })
    void anAddressThatCanNotBeMeantIsRefused(String arguments, String why) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> parse(arguments.split(" +")))
                .satisfies(refusal -> assertThat(refusal.sentence()).contains(why));
    }

    @Test
    void whatDiesIsStartedAgainUnlessSomebodyWantsToSeeItDead() {
        assertThat(parse().limits().restarts()).isTrue();
        assertThat(parse("--no-restart").limits().restarts()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"90, 90", "90s, 90", "2m, 120", "1h, 3600", "PT90S, 90", "PT1M30S, 90", "1, 1"})
    void patience_is_told_as_people_do(String text, long seconds) {
        assertThat(parse("--patience", text).limits().patience()).hasSeconds(seconds);
    }

    @Test
    void a_relative_data_directory_becomes_absolute() {
        assertThat(parse("--data", "here/../there").data())
                .isEqualTo(Path.of("there").toAbsolutePath());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nodes",
                "--nodes=",
                "--nodes=0",
                "--nodes=80",
                "--nodes=three",
                "--port=80",
                "--port=-1",
                "--port=65437",
                "--masters=4",
                "--data=",
                "--patience=",
                "--patience=soon",
                "--patience=0",
                "--patience=-5s",
                "--patience=2d",
                "--patience=P9999999999999999999D",
                "--patience=99999999999999999999",
                "--bogus",
                "extra"
            })
    void what_makes_no_sense_is_wrong_usage(String argument) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> parse(argument))
                .satisfies(refusal -> assertThat(refusal.exitCode()).isEqualTo(2))
                .satisfies(refusal -> assertThat(refusal.sentence()).isNotBlank());
    }

    private static StartOptions.Limits limits(long minFreeBytes, long patienceSeconds) {
        return new StartOptions.Limits(minFreeBytes, Duration.ofSeconds(patienceSeconds), true);
    }

    private static StartOptions parse(String... arguments) {
        return StartOptions.parse(List.of(arguments), DATA);
    }
}
