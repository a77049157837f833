package org.llmfactory.policies.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.policies.TestTables;
import org.llmfactory.policies.content.Classifiers;
import org.llmfactory.policies.content.PolicyStore;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Endpoint;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.Pagination;

final class ContentPoliciesResourceTest {
    private static final String RULES = "'rules': [{'name':'no-x','words':['xyzzy'],'action':'block'}]";
    private static final String OTHER_RULES =
            "'rules': [{'name':'no-y','pattern':'y{2}','on':'output','action':'redact'}]";

    private final InMemoryLedger ledger = new InMemoryLedger();
    private final PolicyStore store = new PolicyStore(TestTables.empty(), ledger);
    private final Classifiers classifiers = new Classifiers();
    private final ContentPoliciesResource policies = new ContentPoliciesResource(store, classifiers);

    private final SecurityContext administrator = caller("admin", "proj_one", OrganizationRole.OWNER);
    private final SecurityContext owner = caller("user-1", "proj_one", OrganizationRole.READER);
    private final SecurityContext outsider = caller("user-2", "proj_two", OrganizationRole.READER);

    private static SecurityContext caller(String id, String project, OrganizationRole role) {
        Caller caller = new Caller(
                Caller.Kind.USER,
                id,
                project,
                role,
                Map.of(project, ProjectRole.OWNER),
                Optional.empty(),
                KeyScope.UNRESTRICTED);
        return Callers.securityContext(caller, "127.0.0.1", false);
    }

    private static ObjectNode json(String text) {
        try {
            return Json.MAPPER.readValue(text.replace('\'', '"'), ObjectNode.class);
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException(failure);
        }
    }

    private ObjectNode create(SecurityContext security, String name, String more) {
        return policies.create(security, json("{'name': '" + name + "', " + RULES + more + "}"));
    }

    private List<String> names(SecurityContext security) {
        Pagination.Page<ObjectNode> page = policies.list(security, null, null, null, null);
        return page.data().stream()
                .map(policy -> policy.get("name").textValue())
                .toList();
    }

    private static void assertFails(ErrorCode code, ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void everyEndpointHasItsRule() {
        ContentPoliciesApplication application = new ContentPoliciesApplication(store, classifiers);

        assertThat(application.endpoints())
                .hasSize(7)
                .extracting(Endpoint::action)
                .containsOnly(Action.READ_POLICIES, Action.MANAGE_POLICIES);
    }

    @Test
    void aPolicyThatWasMadeIsFoundByNameAndId() {
        ObjectNode made = create(owner, "strict", "");

        assertThat(made.get("id").textValue()).matches("policy_[0-9a-f]{24}");
        assertThat(made.get("object").textValue()).isEqualTo("content_policy");
        assertThat(made.get("version").intValue()).isEqualTo(1);
        assertThat(made.get("scope").textValue()).isEqualTo("project");
        assertThat(made.get("project_id").textValue()).isEqualTo("proj_one");
        assertThat(made.get("created_by").textValue()).isEqualTo("user-1");
        assertThat(made.get("window").intValue()).isEqualTo(256);
        assertThat(made.at("/rules/0/words/0").textValue()).isEqualTo("xyzzy");
        assertThat(policies.get(owner, "strict", null)).isEqualTo(made);
        assertThat(policies.get(owner, made.get("id").textValue(), null)).isEqualTo(made);
        assertThat(ledger.types()).containsExactly("content_policy.created");
    }

    @Test
    void versionsStayWhatTheyWere() {
        ObjectNode first = create(owner, "strict", "");
        ObjectNode second = policies.update(owner, "strict", json("{" + OTHER_RULES + "}"));

        assertThat(second.get("version").intValue()).isEqualTo(2);
        assertThat(policies.get(owner, "strict", null)).isEqualTo(second);
        assertThat(policies.get(owner, "strict", 1)).isEqualTo(first);
        assertThat(policies.versions(owner, "strict").data()).containsExactly(first, second);
        assertFails(ErrorCode.NOT_FOUND, () -> policies.get(owner, "strict", 3));
        assertThat(ledger.types()).containsExactly("content_policy.created", "content_policy.updated");
    }

    @Test
    void aDeletedPolicyIsGoneAndItsNameIsFree() {
        ObjectNode made = create(owner, "strict", "");

        assertThat(policies.delete(owner, "strict").get("deleted").booleanValue())
                .isTrue();
        assertFails(ErrorCode.NOT_FOUND, () -> policies.get(owner, "strict", null));
        assertFails(ErrorCode.NOT_FOUND, () -> policies.delete(owner, "strict"));
        assertThat(create(owner, "strict", "").get("id")).isNotEqualTo(made.get("id"));
        assertThat(ledger.types())
                .containsExactly("content_policy.created", "content_policy.deleted", "content_policy.created");
    }

    @Test
    void aNameIsGivenOnceInAProject() {
        create(owner, "strict", "");

        assertFails(ErrorCode.CONFLICT, () -> create(owner, "strict", ""));
        create(outsider, "strict", "");
        assertThat(ledger.types()).hasSize(2);
    }

    @Test
    void anotherProjectsPolicyIsUnknown() {
        String id = create(owner, "strict", "").get("id").textValue();

        for (String reference : List.of("strict", id)) {
            assertFails(ErrorCode.NOT_FOUND, () -> policies.get(outsider, reference, null));
            assertFails(ErrorCode.NOT_FOUND, () -> policies.versions(outsider, reference));
            assertFails(ErrorCode.NOT_FOUND, () -> policies.update(outsider, reference, json("{" + RULES + "}")));
            assertFails(ErrorCode.NOT_FOUND, () -> policies.delete(outsider, reference));
            assertFails(ErrorCode.NOT_FOUND, () -> policies.check(outsider, reference, json("{'text':'x'}")));
        }
        assertThat(names(outsider)).isEmpty();
    }

    @Test
    void theOrganizationsPoliciesAreForAllAndChangedByItsOwners() {
        create(administrator, "house", ", 'scope': 'organization'");

        assertThat(names(outsider)).containsExactly("house");
        assertThat(policies.get(owner, "house", null).get("project_id").isNull())
                .isTrue();
        assertFails(ErrorCode.PERMISSION_DENIED, () -> create(owner, "house", ", 'scope': 'organization'"));
        assertFails(ErrorCode.PERMISSION_DENIED, () -> policies.update(owner, "house", json("{" + RULES + "}")));
        assertFails(ErrorCode.PERMISSION_DENIED, () -> policies.delete(owner, "house"));
        policies.delete(administrator, "house");
    }

    @Test
    void aProjectsOwnPolicyGoesBeforeTheOrganizations() {
        create(administrator, "strict", ", 'scope': 'organization'");
        create(owner, "strict", "");

        assertThat(policies.get(owner, "strict", null).get("scope").textValue()).isEqualTo("project");
        assertThat(policies.get(outsider, "strict", null).get("scope").textValue())
                .isEqualTo("organization");
    }

    @Test
    void aTrialSaysWhatWouldHappenAndEntersNothing() {
        create(owner, "strict", "");
        policies.update(
                owner,
                "strict",
                json("{" + OTHER_RULES.replace("]", ",{'name':'no-x','words':['xyzzy'],'on':'input','action':'block'}]")
                        + "}"));
        int entries = ledger.events().size();

        ObjectNode input = policies.check(owner, "strict", json("{'text': 'say xyzzy'}"));
        ObjectNode output = policies.check(owner, "strict", json("{'text': 'ayyb', 'on': 'output'}"));

        assertThat(input.get("verdict").textValue()).isEqualTo("blocked");
        assertThat(input.at("/rules/0").textValue()).isEqualTo("no-x");
        assertThat(input.has("output")).isFalse();
        assertThat(output.get("verdict").textValue()).isEqualTo("redacted");
        assertThat(output.get("output").textValue()).isEqualTo("a[no-y]b");
        assertThat(ledger.events()).hasSize(entries);
        assertFails(ErrorCode.INVALID_VALUE, () -> policies.check(owner, "strict", json("{'text':'x','on':'both'}")));
        assertFails(ErrorCode.MISSING_PARAMETER, () -> policies.check(owner, "strict", json("{}")));
    }

    @Test
    void aDefinitionThatCannotBeIsRefusedWithItsField() {
        assertThatThrownBy(() -> policies.create(
                        owner, json("{'name':'a','rules':[{'name':'r','pattern':'(','action':'block'}]}")))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.parameter()).contains("rules[0].pattern"));
        assertThat(names(owner)).isEmpty();
        assertThat(ledger.events()).isEmpty();
    }

    @Test
    void pagesGoOnBehindTheLastPolicy() {
        create(owner, "one", "");
        create(owner, "two", "");
        create(owner, "three", "");

        Pagination.Page<ObjectNode> first = policies.list(owner, "2", null, null, null);
        Pagination.Page<ObjectNode> second = policies.list(owner, "2", first.lastId(), null, null);

        assertThat(first.hasMore()).isTrue();
        assertThat(first.data()).hasSize(2);
        assertThat(second.hasMore()).isFalse();
        assertThat(second.data()).hasSize(1);
    }
}
