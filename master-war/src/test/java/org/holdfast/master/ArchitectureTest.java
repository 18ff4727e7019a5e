package org.holdfast.master;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

@AnalyzeClasses(packages = "org.holdfast.master", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> ENTITIES =
            annotatedWith(Entity.class).or(annotatedWith(Embeddable.class)).forSubtype();

    @ArchTest
    static final ArchRule onlyTheBoundarySpeaksHttp = noClasses()
            .that()
            .resideOutsideOfPackages("..api..", "..console..", "..boot..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("jakarta.ws.rs..", "jakarta.servlet.."));

    @ArchTest
    static final ArchRule theBoundarySeesNoEntities = noClasses()
            .that()
            .resideInAnyPackage("..api..", "..console..", "..boot..")
            .should()
            .dependOnClassesThat(ENTITIES)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(EntityManager.class);

    @ArchTest
    static final ArchRule entitiesStayInTheirRoom =
            classes().that(ENTITIES).should().notBePublic();

    @ArchTest
    static final ArchRule featuresAreFreeOfCycles = slices().matching("org.holdfast.master.(*)..")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(resideInAPackage("..boot.."), DescribedPredicate.alwaysTrue());

    /** As the package's own documentation says it. */
    @ArchTest
    static final ArchRule dependenciesRunOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("boot")
            .definedBy("org.holdfast.master.boot..")
            .layer("console")
            .definedBy("org.holdfast.master.console..")
            .layer("api")
            .definedBy("org.holdfast.master.api..")
            .layer("alarm")
            .definedBy("org.holdfast.master.alarm..")
            .layer("live")
            .definedBy("org.holdfast.master.live..")
            .layer("catalog")
            .definedBy("org.holdfast.master.catalog..")
            .layer("verification")
            .definedBy("org.holdfast.master.verification..")
            .layer("replication")
            .definedBy("org.holdfast.master.replication..")
            .layer("cluster")
            .definedBy("org.holdfast.master.cluster..")
            .layer("placement")
            .definedBy("org.holdfast.master.placement..")
            .layer("access")
            .definedBy("org.holdfast.master.access..")
            .layer("account")
            .definedBy("org.holdfast.master.account..")
            .layer("audit")
            .definedBy("org.holdfast.master.audit..")
            .layer("mail")
            .definedBy("org.holdfast.master.mail..")
            .layer("database")
            .definedBy("org.holdfast.master.database..")
            .whereLayer("boot")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("console")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("console")
            .mayOnlyAccessLayers("api", "cluster", "access")
            .whereLayer("api")
            .mayOnlyBeAccessedByLayers("boot", "console")
            .whereLayer("alarm")
            .mayOnlyBeAccessedByLayers("boot", "api")
            .whereLayer("live")
            .mayOnlyBeAccessedByLayers("boot", "api")
            .whereLayer("catalog")
            .mayOnlyBeAccessedByLayers("boot", "api", "verification", "alarm", "live")
            .whereLayer("verification")
            .mayOnlyBeAccessedByLayers("boot", "api")
            .whereLayer("verification")
            .mayOnlyAccessLayers("catalog", "replication", "cluster", "database")
            .whereLayer("replication")
            .mayOnlyBeAccessedByLayers("boot", "api", "catalog", "verification")
            .whereLayer("cluster")
            .mayOnlyBeAccessedByLayers(
                    "boot", "console", "api", "catalog", "verification", "replication", "alarm", "live")
            .whereLayer("account")
            .mayOnlyBeAccessedByLayers("boot", "api", "catalog", "access", "alarm", "live")
            .whereLayer("mail")
            .mayOnlyBeAccessedByLayers("boot", "account", "alarm")
            .whereLayer("audit")
            .mayOnlyBeAccessedByLayers("boot", "api")
            .whereLayer("audit")
            .mayOnlyAccessLayers("database")
            .whereLayer("database")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule transactionsLiveInUseCases = methods()
            .that()
            .areAnnotatedWith(Transactional.class)
            .should()
            .beDeclaredInClassesThat()
            .resideOutsideOfPackages("..api..", "..console..", "..boot..");

    /**
     * Outside a transaction the container keeps one entity manager for all background threads, and closes it when the
     * first of them ends: "operation on a closed EntityManager" from then on. Requests have one each.
     */
    @ArchTest
    static final ArchRule backgroundWorkHasATransaction = methods()
            .that()
            .areAnnotatedWith(transactional(Transactional.TxType.SUPPORTS))
            .should()
            .beDeclaredInClassesThat()
            .resideInAnyPackage("..account..", "..catalog..")
            .orShould()
            .beDeclaredInClassesThat()
            .haveSimpleName("CopiesOfBlob");

    private static DescribedPredicate<JavaAnnotation<?>> transactional(Transactional.TxType type) {
        return DescribedPredicate.describe(
                "@Transactional(" + type + ")",
                annotation -> annotation.getRawType().isEquivalentTo(Transactional.class)
                        && annotation.as(Transactional.class).value() == type);
    }

    @ArchTest
    static final ArchRule noTransactionSpansAClass = noClasses().should().beAnnotatedWith(Transactional.class);

    @ArchTest
    static final ArchRule bytesNeverPassWithinATransaction = methods()
            .that()
            .areDeclaredInClassesThat()
            .haveSimpleName("OneStepPut")
            .or()
            .areDeclaredInClassesThat()
            .haveSimpleName("ArchiveFolder")
            .or()
            .areDeclaredInClassesThat()
            .haveSimpleName("FetchBytes")
            .should()
            .notBeAnnotatedWith(Transactional.class);

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
    static final ArchRule evenTheBootAsksItsClock =
            noClasses().should().callMethod(Instant.class, "now").orShould().callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule datesOfHttpAreWrittenInOnePlace =
            noClasses().should().accessField(DateTimeFormatter.class, "RFC_1123_DATE_TIME");

    @ArchTest
    static final ArchRule noPrintln = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule noGenericExceptions = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

    @ArchTest
    static final ArchRule placementIsPure = classes()
            .that()
            .resideInAPackage("..placement..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java.lang..",
                    "java.util..",
                    "java.nio",
                    "java.nio.charset..",
                    "java.security..",
                    "org.jspecify..",
                    "org.holdfast.contract..",
                    "org.holdfast.master.placement.."));

    @ArchTest
    static final ArchRule decisionsArePure = classes()
            .that()
            .haveSimpleName("RetryTable")
            .or()
            .haveSimpleName("NodeStatus")
            .or()
            .haveSimpleName("PutConditions")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "org.holdfast.contract..")
                    .or(DescribedPredicate.describe(
                            "each other",
                            (JavaClass type) -> type.getBaseComponentType()
                                    .getName()
                                    .matches(".*\\.(RetryTable|Decision|NodeStatus|PutConditions)(\\$.*)?"))));

    @ArchTest
    static final ArchRule namesSayWhatAClassDoes = noClasses()
            .that()
            .areTopLevelClasses()
            .should()
            .haveNameMatching(".*(Manager|Util|Utils|Helper|Impl|Service)");
}
