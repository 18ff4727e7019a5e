package org.holdfast.times;

import java.time.Duration;

/**
 * What one test class took in one Maven run.
 *
 * @param testClass its full name; nested classes belong to the outermost one
 * @param module the folder that it is in
 * @param tests how many tests, each invocation of a parameterized one counts, as do skipped ones
 * @param time by the clock on the wall, what is done before and after all its tests included
 * @param jvms how many JVMs were started meanwhile
 */
record TimesRow(String testClass, String module, int tests, Duration time, int jvms) {

    boolean isOfSameClass(TimesRow other) {
        return testClass.equals(other.testClass) && module.equals(other.module);
    }

    /** Engines run a class one after the other, and each knows its own tests of it. */
    TimesRow plus(TimesRow other) {
        return new TimesRow(testClass, module, tests + other.tests, time.plus(other.time), jvms + other.jvms);
    }

    String line() {
        return String.join(
                "\t", testClass, module, String.valueOf(tests), String.valueOf(time.toMillis()), String.valueOf(jvms));
    }

    static TimesRow ofLine(String line) {
        String[] cells = line.split("\t", -1);
        return new TimesRow(
                cells[0],
                cells[1],
                Integer.parseInt(cells[2]),
                Duration.ofMillis(Long.parseLong(cells[3])),
                Integer.parseInt(cells[4]));
    }
}
