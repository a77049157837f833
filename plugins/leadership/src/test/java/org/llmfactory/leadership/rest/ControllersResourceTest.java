package org.llmfactory.leadership.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.leadership.rest.ControllersResource.ControllerObject;
import org.llmfactory.leadership.service.Candidacy;
import org.llmfactory.leadership.service.ControllerFixture;
import org.llmfactory.leadership.service.ElectedLeadership;
import org.llmfactory.rest.Callers;

class ControllersResourceTest {
    private static final SecurityContext ADMINISTRATOR = Callers.securityContext(Caller.platform(), "127.0.0.1", false);

    @TempDir
    private Path homes;

    private ControllerFixture controllers;

    @BeforeEach
    void open() {
        controllers = new ControllerFixture(homes);
    }

    @AfterEach
    void close() {
        controllers.close();
    }

    @Test
    void listsWhoVotesAndWhoLeads() throws IOException {
        Candidacy only = lead();

        ControllersResource.ControllerList list = resource(only).list();

        assertThat(list.epoch()).isEqualTo(1);
        assertThat(list.data()).singleElement().satisfies(controller -> {
            assertThat(controller.name()).isEqualTo("c1");
            assertThat(controller.leader()).isTrue();
            assertThat(controller.self()).isTrue();
            assertThat(controller.registered()).isPositive();
        });
    }

    @Test
    void whoIsRetiredIsNoLongerListedAndTheLedgerKnowsWhoDidIt() throws IOException {
        Candidacy only = lead();
        ControllersResource resource = resource(only);

        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptionsMatching(
                        early -> early instanceof FactoryException failure && failure.code() == ErrorCode.CONFLICT)
                .until(() -> resource.retire(ADMINISTRATOR, "c1").deleted());

        assertThat(resource.list().data()).extracting(ControllerObject::name).isEmpty();
        AuditEvent last = controllers.ledger().events().get(1);
        assertThat(last.type()).isEqualTo("controller.retired");
        assertThat(last.resource()).contains("platform/c1");
    }

    @Test
    void whoIsNotThereCannotBeRetired() throws IOException {
        ControllersResource resource = resource(lead());

        for (String name : new String[] {"c9", "No Name"}) {
            assertThatThrownBy(() -> resource.retire(ADMINISTRATOR, name))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            unknown -> assertThat(unknown.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
    }

    @Test
    void withoutANetworkTheAnswerSaysHowToOpenOne() {
        ControllersResource resource = new ControllersResource(new ElectedLeadership(), controllers.audit());

        assertThatThrownBy(resource::list).hasMessageContaining("factory agent token");
    }

    @Test
    void onlyThoseWhoOperateThePlatformReachIt() {
        assertThat(new LeadershipApplication(new ElectedLeadership(), controllers.audit()).endpoints())
                .hasSize(2)
                .allSatisfy(endpoint -> assertThat(endpoint.action()).isEqualTo(Action.OPERATE_PLATFORM));
    }

    private Candidacy lead() throws IOException {
        Candidacy only = controllers.start("c1");
        await().atMost(Duration.ofSeconds(20)).until(only::isLeader);
        return only;
    }

    private ControllersResource resource(Candidacy candidacy) {
        return new ControllersResource(ControllerFixture.leadership(candidacy), controllers.audit());
    }
}
