package org.holdfast.master.api;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.holdfast.contract.JsonText;
import org.holdfast.master.verification.ListChecks;

/** How checks of copies are shown. */
final class CheckRows {
    private static final List<String> COLUMNS = List.of(
            "id",
            "kind",
            "node",
            "state",
            "phase",
            "copiesDone",
            "copiesTotal",
            "found",
            "percent",
            "secondsLeft",
            "detail");
    private static final List<String> FINDING_COLUMNS = List.of("at", "node", "what", "name", "path");
    private static final long ALL_PERCENT = 100;

    private CheckRows() {}

    static Listing list(String name, List<ListChecks.Check> checks) {
        return Listing.of(name, COLUMNS, checks.stream().map(CheckRows::row).toList());
    }

    static Listing one(ListChecks.Check check, List<ListChecks.Finding> findings) {
        return new Listing(
                row(check),
                "findings",
                FINDING_COLUMNS,
                findings.stream().map(CheckRows::finding).toList());
    }

    private static JsonObject row(ListChecks.Check check) {
        ListChecks.Progress progress = check.progress();
        JsonObjectBuilder json = JsonText.object()
                .add("id", check.id())
                .add("kind", word(check.kind()))
                .add("scope", check.scope().toString())
                .add("mode", word(check.mode()))
                .add("state", word(check.state()))
                .add("phase", word(check.phase()))
                .add("copiesDone", progress.copiesDone())
                .add("copiesTotal", progress.copiesTotal())
                .add("bytesDone", progress.bytesDone())
                .add("bytesTotal", progress.bytesTotal())
                .add("percent", percent(progress))
                .add("bytesPerSecond", check.bytesPerSecond())
                .add("found", progress.found())
                .add("startedAt", check.times().startedAt().toString())
                .add("updatedAt", check.times().updatedAt().toString());
        check.left().ifPresent(left -> json.add("secondsLeft", left.toSeconds()));
        check.times().endedAt().ifPresent(at -> json.add("endedAt", at.toString()));
        addText(json, "node", check.node());
        addText(json, "detail", check.detail());
        return json.build();
    }

    private static long percent(ListChecks.Progress progress) {
        return progress.bytesTotal() == 0
                ? ALL_PERCENT
                : Math.min(ALL_PERCENT, ALL_PERCENT * progress.bytesDone() / progress.bytesTotal());
    }

    private static JsonObject finding(ListChecks.Finding finding) {
        JsonObjectBuilder json = JsonText.object()
                .add("at", finding.at().toString())
                .add("node", finding.node())
                .add("what", word(finding.what()))
                .add("name", finding.name());
        addText(json, "path", finding.path());
        return json.build();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void addText(JsonObjectBuilder json, String name, Optional<String> text) {
        text.ifPresentOrElse(value -> json.add(name, value), () -> json.addNull(name));
    }
}
