package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingTest {
    private static final List<String> COLUMNS = List.of("type", "size", "name");

    private static JsonObject row(String type, int size, String name) {
        return Json.createObjectBuilder()
                .add("type", type)
                .add("size", size)
                .add("name", name)
                .build();
    }

    private static Listing of(JsonObject... rows) {
        return Listing.of("entries", COLUMNS, List.of(rows));
    }

    @Test
    void tsvHasAHeaderAndALineForEachRow() {
        var folder = Json.createObjectBuilder()
                .add("type", "folder")
                .addNull("size")
                .add("name", "a b")
                .build();
        assertThat(of(row("file", 7, "x"), folder).toTsv()).isEqualTo("type\tsize\tname\nfile\t7\tx\nfolder\t-\ta b\n");
        assertThat(of().toTsv()).isEqualTo("type\tsize\tname\n");
    }

    @Test
    void tsvKeepsItsColumnsWhateverATextHolds() {
        assertThat(of(row("a\tb", 1, "c\nd\r")).toTsv()).isEqualTo("type\tsize\tname\na b\t1\tc d \n");
        assertThat(of(row("a\tb", 1, "c\nd\r")).toTable().lines()).hasSize(2);
    }

    @Test
    void tablesAreAligned() {
        assertThat(of(row("file", 12345, "x"), row("folder", 1, "a  b")).toTable())
                .isEqualTo("TYPE    SIZE   NAME\nfile    12345  x\nfolder  1      a  b\n");
        assertThat(of().toTable()).isEqualTo("TYPE  SIZE  NAME\n");
    }

    @Test
    void charactersThatTakeTwoColumnsCountTwiceAndCombiningOnesNot() {
        assertThat(of(
                                row("\u65e5\u672c", 1, "x"),
                                row("\ud83d\ude00", 2, "x"),
                                row("a\u0308bc", 3, "x"),
                                row("\u00e4\u00df", 4, "x"),
                                row("\uc548\uff21z", 5, "x"))
                        .toTable())
                .isEqualTo("""
                        TYPE   SIZE  NAME
                        \u65e5\u672c   1     x
                        \ud83d\ude00     2     x
                        a\u0308bc    3     x
                        \u00e4\u00df     4     x
                        \uc548\uff21z  5     x
                        """);
    }

    @Test
    void jsonHasTheEnvelopeAndAllMembersOfTheRows() {
        var envelope = Json.createObjectBuilder().add("path", "dir").build();
        var row =
                Json.createObjectBuilder(row("file", 7, "x")).add("more", true).build();
        assertThat(new Listing(envelope, "entries", COLUMNS, List.of(row))
                        .toJson()
                        .toString())
                .isEqualTo(
                        "{\"path\":\"dir\",\"entries\":[{\"type\":\"file\",\"size\":7,\"name\":\"x\",\"more\":true}]}");
    }

    @Test
    void csvQuotesWhatNeedsQuotesAndNothingElse() {
        assertThat(of(row("a,b", 1, "say \"x\""), row("file", 2, "two\nlines"), row("file", 3, "plain"))
                        .toCsv())
                .isEqualTo(
                        "type,size,name\r\n\"a,b\",1,\"say \"\"x\"\"\"\r\nfile,2,\"two\nlines\"\r\nfile,3,plain\r\n");
        var without =
                Json.createObjectBuilder().add("type", "file").addNull("size").build();
        assertThat(of(without).toCsv()).isEqualTo("type,size,name\r\nfile,,\r\n");
    }

    @Test
    void noCellOfACsvIsAFormula() {
        for (String formula : new String[] {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1"}) {
            assertThat(of(row("file", -1, formula)).toCsv())
                    .isEqualTo("type,size,name\r\nfile,-1,'" + formula + "\r\n");
        }
        assertThat(of(row("-", 1, "a=b")).toCsv()).endsWith("\r\n-,1,a=b\r\n");
    }
}
