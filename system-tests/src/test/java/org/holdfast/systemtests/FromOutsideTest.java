package org.holdfast.systemtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** These tests may know the system as its users do, and no better. */
@AnalyzeClasses(packagesOf = FromOutsideTest.class)
class FromOutsideTest {
    @ArchTest
    static final ArchRule NO_CODE_OF_OTHER_MODULES = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "com.sun.management..",
                    "javax.crypto..",
                    "javax.imageio..",
                    "javax.net..",
                    "jakarta.json..",
                    "org.holdfast.systemtests..",
                    "org.junit..",
                    "org.assertj..",
                    "org.awaitility..",
                    "com.microsoft.playwright..",
                    "com.google.gson..",
                    "com.tngtech..",
                    "org.jspecify..");

    /** Benchmarks run without the tests' libraries, and wait for as long as it takes. */
    @ArchTest
    static final ArchRule CONDITIONS_INSTEAD_OF_SLEEPS = noClasses()
            .that()
            .resideOutsideOfPackage("..bench..")
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .because("a condition with a deadline is both quicker and surer");
}
