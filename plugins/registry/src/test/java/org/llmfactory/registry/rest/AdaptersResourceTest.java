package org.llmfactory.registry.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.util.Set;
import javax.ws.rs.core.SecurityContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.rest.AdapterObject;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.testing.TypeHeader;

final class AdaptersResourceTest {
    private static final SecurityContext ADMINISTRATOR = security(InMemoryAuthenticator.ADMINISTRATOR);
    private static final SecurityContext USER = security(InMemoryAuthenticator.USER);
    private static final SecurityContext MAINTAINER =
            security(InMemoryAuthenticator.user("user-2", Caller.DEFAULT_PROJECT, ProjectRole.MAINTAINER));
    private static final SecurityContext OUTSIDER =
            security(InMemoryAuthenticator.user("user-3", "proj_other", ProjectRole.OWNER));
    private static final String TYPE = "multipart/form-data; boundary=edge";

    private final AdapterRegistry registry =
            new InMemoryAdapterRegistry(StubLocalModel.of("tiny").info());
    private final InMemoryProjects projects = new InMemoryProjects().put(ProjectSettings.defaults("proj_other"));
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final AdaptersResource resource =
            new AdaptersResource(registry, new VisibleAdapters(registry, projects), ledger);

    @Test
    void aRegisteredAdapterIsListedAndFound() {
        AdapterObject adapter = register(USER, "haiku", "weights");

        assertThat(resource.list(USER).object()).isEqualTo("list");
        assertThat(resource.list(USER).data()).containsExactly(adapter);
        assertThat(resource.get(USER, "haiku")).isEqualTo(adapter);
        assertThat(resource.get(USER, adapter.id())).isEqualTo(adapter);
        assertThat(adapter.baseModel()).isEqualTo("tiny");
        assertThat(adapter.bytes()).isEqualTo(7);
    }

    @Test
    void namesOnTheWireAreInSnakeCase() {
        AdapterObject adapter = register(ADMINISTRATOR, "haiku", "weights");

        assertThat(new ObjectMapper().valueToTree(adapter).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "id",
                        "object",
                        "name",
                        "project",
                        "owner",
                        "visibility",
                        "base_model",
                        "digest",
                        "rank",
                        "target_modules",
                        "bytes",
                        "created_at");
    }

    @Test
    void aRemovedAdapterIsGone() {
        register(USER, "haiku", "weights");

        AdaptersResource.Removed removed = resource.remove(USER, "haiku");

        assertThat(removed.deleted()).isTrue();
        assertThat(resource.list(USER).data()).isEmpty();
        assertCode(ErrorCode.MODEL_NOT_FOUND, () -> resource.get(USER, "haiku"));
        assertCode(ErrorCode.MODEL_NOT_FOUND, () -> resource.remove(USER, "haiku"));
    }

    @Test
    void anAdapterIsItsOwnersUntilHeSharesIt() {
        AdapterObject adapter = register(USER, "haiku", "weights");

        assertThat(adapter.visibility()).isEqualTo("private");
        assertThat(resource.list(MAINTAINER).data()).isEmpty();
        assertUnknown(() -> resource.get(MAINTAINER, adapter.id()));
        assertUnknown(() -> resource.remove(MAINTAINER, adapter.digest()));
        assertUnknown(() -> show(MAINTAINER, adapter.id(), "private"));

        assertThat(show(USER, "haiku", "project").visibility()).isEqualTo("project");
        assertThat(resource.get(MAINTAINER, "haiku").id()).isEqualTo(adapter.id());
        assertUnknown(() -> resource.get(OUTSIDER, adapter.id()));
        assertThat(resource.remove(MAINTAINER, "haiku").deleted()).isTrue();
    }

    @Test
    void onlyTheOrganizationPublishesAndAProjectMayOptOut() {
        AdapterObject adapter = register(USER, "haiku", "weights");
        show(USER, "haiku", "project");

        assertCode(ErrorCode.PERMISSION_DENIED, () -> show(USER, "haiku", "public"));
        assertThat(show(ADMINISTRATOR, adapter.id(), "public").visibility()).isEqualTo("public");
        assertThat(resource.get(OUTSIDER, "haiku").id()).isEqualTo(adapter.id());
        assertCode(ErrorCode.PERMISSION_DENIED, () -> resource.remove(OUTSIDER, "haiku"));
        assertCode(ErrorCode.PERMISSION_DENIED, () -> show(USER, "haiku", "private"));

        ProjectSettings defaults = ProjectSettings.defaults("proj_other");
        projects.put(new ProjectSettings(
                "proj_other",
                defaults.models(),
                true,
                Set.of(adapter.id()),
                defaults.rateLimits(),
                defaults.maxConcurrent(),
                defaults.budget(),
                defaults.contentPolicy(),
                false,
                defaults.chatRetention()));
        assertUnknown(() -> resource.get(OUTSIDER, "haiku"));
    }

    @Test
    void administratorFindsWhatOtherProjectsShareAndHearsOfNoIdThatHeMayNotChange() {
        AdapterObject adapter = register(OUTSIDER, "haiku", "weights");
        assertThat(resource.list(ADMINISTRATOR).data()).isEmpty();
        show(OUTSIDER, "haiku", "project");

        assertThat(resource.list(ADMINISTRATOR).data())
                .extracting(AdapterObject::id)
                .containsExactly(adapter.id());
        assertThatThrownBy(() -> show(ADMINISTRATOR, "haiku", "private"))
                .hasMessage("The adapter 'haiku' does not exist or you do not have access to it.");
        assertThat(resource.remove(ADMINISTRATOR, "haiku").deleted()).isTrue();
    }

    @Test
    void oneOfTwoOfTheSameNameIsNotShown() {
        register(USER, "haiku", "weights");
        register(MAINTAINER, "haiku", "other weights");
        show(USER, "haiku", "project");

        assertCode(ErrorCode.CONFLICT, () -> show(MAINTAINER, "haiku", "project"));
        assertThat(resource.get(MAINTAINER, "haiku").owner()).isEqualTo("user-2");
    }

    @Test
    void everyChangeIsInTheLedger() {
        register(USER, "haiku", "weights");
        show(USER, "haiku", "project");
        resource.remove(USER, "haiku");

        assertThat(ledger.types()).containsExactly("adapter.created", "adapter.updated", "adapter.deleted");
        assertThat(ledger.events())
                .allSatisfy(event -> assertThat(event.actor().id()).isEqualTo("user-1"));
    }

    @Test
    void anIncompleteUploadIsRefused() {
        assertCode(ErrorCode.MISSING_PARAMETER, () -> send(ADMINISTRATOR, part("name", "haiku")));
        assertCode(
                ErrorCode.INVALID_FILE,
                () -> send(
                        ADMINISTRATOR,
                        part("name", "haiku")
                                + part("base_model", "tiny")
                                + part("config", "")
                                + part("weights", "x")));
        assertCode(
                ErrorCode.MODEL_NOT_FOUND,
                () -> send(
                        ADMINISTRATOR,
                        part("name", "haiku")
                                + part("base_model", "huge")
                                + part("config", "{}")
                                + part("weights", "x")));
        assertThat(resource.list(USER).data()).isEmpty();
    }

    private AdapterObject register(SecurityContext caller, String name, String weights) {
        return send(
                caller,
                part("name", name) + part("base_model", "tiny") + part("config", "{}") + part("weights", weights));
    }

    private AdapterObject send(SecurityContext caller, String parts) {
        return resource.register(
                caller, new TypeHeader(TYPE, null), new ByteArrayInputStream((parts + "--edge--\r\n").getBytes(UTF_8)));
    }

    private AdapterObject show(SecurityContext caller, String reference, String visibility) {
        return resource.update(
                caller, reference, new ObjectMapper().createObjectNode().put("visibility", visibility));
    }

    private static SecurityContext security(Caller caller) {
        return Callers.securityContext(caller, "127.0.0.1", false);
    }

    private static void assertUnknown(ThrowingCallable action) {
        assertCode(ErrorCode.MODEL_NOT_FOUND, action);
    }

    private static String part(String name, String value) {
        return "--edge\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static void assertCode(ErrorCode code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
