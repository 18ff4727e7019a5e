package org.holdfast.master;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.servlet.annotation.WebServlet;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.holdfast.master.access.Access;
import org.holdfast.master.access.DeclaredAccess;
import org.holdfast.master.api.ApiApplication;
import org.junit.jupiter.api.Test;

/** No endpoint without a declared access level, and none past the gate that enforces it. */
class AccessRulesTest {
    private static final JavaClasses MASTER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.holdfast.master");

    private static final ArchRule RESOURCES_DECLARE =
            classes().that().areAnnotatedWith(Path.class).should().beAnnotatedWith(Access.class);
    private static final ArchRule SERVLETS_DECLARE =
            classes().that().areAnnotatedWith(WebServlet.class).should().beAnnotatedWith(Access.class);
    private static final ArchRule SERVLETS_PASS_THE_GATE = classes()
            .that()
            .areAnnotatedWith(WebServlet.class)
            .should()
            .beAssignableTo("org.holdfast.master.api.EndpointServlet");

    @Path("sample")
    static class UndeclaredResource {
        @GET
        public String get() {
            return "";
        }
    }

    @WebServlet("/sample")
    static class UndeclaredServlet extends jakarta.servlet.http.HttpServlet {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void everyEndpointDeclaresWhoMayCallIt() {
        RESOURCES_DECLARE.check(MASTER);
        SERVLETS_DECLARE.check(MASTER);
        SERVLETS_PASS_THE_GATE.check(MASTER);
    }

    @Test
    void everyResourceIsOneThatTheBootChecks() {
        Set<String> annotated = new HashSet<>();
        MASTER.that(resideInAPackage("..api..")).stream()
                .filter(type -> type.isAnnotatedWith(Path.class))
                .forEach(type -> annotated.add(type.getName()));
        assertThat(ApiApplication.RESOURCES).extracting(Class::getName).containsExactlyInAnyOrderElementsOf(annotated);
    }

    @Test
    void everyMethodThatAnswersHasALevel() {
        for (Class<?> resource : ApiApplication.RESOURCES) {
            Arrays.stream(resource.getDeclaredMethods())
                    .filter(method -> Arrays.stream(method.getAnnotations())
                            .anyMatch(note -> note.annotationType().isAnnotationPresent(HttpMethod.class)))
                    .forEach(method ->
                            assertThat(DeclaredAccess.of(resource, method)).isNotNull());
        }
    }

    @Test
    void oneThatDeclaresNothingIsFound() {
        var samples = new ClassFileImporter().importClasses(UndeclaredResource.class, UndeclaredServlet.class);
        assertThatThrownBy(() -> RESOURCES_DECLARE.check(samples))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("UndeclaredResource");
        assertThatThrownBy(() -> SERVLETS_DECLARE.check(samples))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("UndeclaredServlet");
        assertThatThrownBy(() -> SERVLETS_PASS_THE_GATE.check(samples)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() ->
                        DeclaredAccess.of(UndeclaredResource.class, UndeclaredResource.class.getDeclaredMethod("get")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("UndeclaredResource.get");
    }
}
