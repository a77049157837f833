package org.llmfactory.rest.sample;

import java.util.Map;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.FactoryApplication;
import org.llmfactory.rest.Requires;

/** A plugin with an endpoint for each sort of rule. */
public final class SampleApplication extends FactoryApplication {
    public SampleApplication() {
        super(new Things());
    }

    /** Endpoints that tell who reached them. */
    @Path("/")
    public static final class Things {
        @GET
        @Requires(Action.GENERATE)
        public String generate(@Context SecurityContext security) {
            return name(security);
        }

        @POST
        @Requires(Action.UPDATE_PRESET)
        public String update(@Context SecurityContext security) {
            return name(security);
        }

        @POST
        @Path("size")
        @Consumes(MediaType.APPLICATION_JSON)
        @Requires(Action.GENERATE)
        public String measure(Map<String, Object> body) {
            return body.size() + " fields";
        }

        @GET
        @Path("platform")
        @Requires(Action.OPERATE_PLATFORM)
        public String operate(@Context SecurityContext security) {
            return name(security);
        }

        @GET
        @Path("projects/{project}")
        @Requires(Action.READ_PROJECT)
        public String read(@Context SecurityContext security, @PathParam("project") String project) {
            return name(security) + " in " + project;
        }

        private static String name(SecurityContext security) {
            return Callers.of(security).id() + " from " + Callers.address(security);
        }
    }
}
