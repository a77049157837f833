package org.llmfactory.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import org.junit.jupiter.api.Test;
import org.llmfactory.access.Action;
import org.llmfactory.rest.sample.SampleApplication;

final class EndpointTest {
    @Test
    void endpointsAreListedWithTheirRules() {
        assertThat(new SampleApplication().endpoints())
                .containsExactlyInAnyOrder(
                        new Endpoint("GET", "/", Action.GENERATE),
                        new Endpoint("POST", "/", Action.UPDATE_PRESET),
                        new Endpoint("POST", "/size", Action.GENERATE),
                        new Endpoint("GET", "/platform", Action.OPERATE_PLATFORM),
                        new Endpoint("GET", "/projects/{project}", Action.READ_PROJECT));
    }

    @Test
    void pathsAreJoinedWithOneSlash() {
        assertThat(Endpoint.of(List.of(new Slashes())))
                .containsExactly(new Endpoint("DELETE", "/things/{id}", Action.DELETE_ADAPTER));
    }

    @Test
    void endpointWithoutARuleIsRefused() {
        assertThatThrownBy(() -> Endpoint.of(List.of(new Unruled())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Unruled.read")
                .hasMessageContaining("@Requires");
    }

    @Test
    void providersHaveNone() {
        assertThat(Endpoint.of(List.of(new FailureMapper()))).isEmpty();
    }

    @Path("/things/")
    public static final class Slashes {
        @DELETE
        @Path("/{id}/")
        @Requires(Action.DELETE_ADAPTER)
        public void delete() {}
    }

    @Path("unruled")
    public static final class Unruled {
        @GET
        public String read() {
            return "";
        }
    }
}
