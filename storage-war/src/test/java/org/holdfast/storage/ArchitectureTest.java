package org.holdfast.storage;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "org.holdfast.storage", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyTheBoundarySpeaksServlet = noClasses()
            .that()
            .resideOutsideOfPackage("..http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.servlet..");

    @ArchTest
    static final ArchRule bytesNeverGoThroughJaxRs =
            noClasses().should().dependOnClassesThat(resideInAnyPackage("jakarta.ws.rs.."));

    @ArchTest
    static final ArchRule aNodeHasNoDatabase = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("jakarta.persistence..", "java.sql..", "javax.sql.."));

    @ArchTest
    static final ArchRule theStoreKnowsNobody = noClasses()
            .that()
            .resideInAPackage("..store..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("..cluster..", "..http..", "..health..", "..boot.."));

    @ArchTest
    static final ArchRule nobodyKnowsTheWiring = noClasses()
            .that()
            .resideOutsideOfPackage("..boot..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..boot..");

    @ArchTest
    static final ArchRule roomsAreFreeOfCycles =
            slices().matching("org.holdfast.storage.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .that()
            .resideOutsideOfPackage("..boot..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule servletsDeclareTheirAccess = classes()
            .that()
            .haveSimpleNameEndingWith("Servlet")
            .and()
            .doNotHaveSimpleName("NodeServlet")
            .and()
            // Answers whatever the container has refused, methods that nobody knows among it.
            .doNotHaveSimpleName("ErrorPageServlet")
            .should()
            .beAnnotatedWith("org.holdfast.storage.http.Access")
            .andShould()
            .beAssignableTo("org.holdfast.storage.http.NodeServlet");

    @ArchTest
    static final ArchRule noPrintln = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
}
