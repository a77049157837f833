package org.llmfactory.itest.hello;

import java.util.Set;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.core.Application;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** A plugin as small as can be: tells its own version. {@code PluginJars} packs it. */
@Component(service = Application.class)
@JaxrsApplicationBase("/hello")
@JaxrsName("hello")
public final class HelloApplication extends Application {
    @Override
    public Set<Object> getSingletons() {
        return Set.of(new Hello());
    }

    /** What it says. */
    @Path("/")
    public static final class Hello {
        @GET
        public String version() throws InterruptedException {
            // Long enough for requests to be at work at any moment.
            Thread.sleep(5);
            return FrameworkUtil.getBundle(Hello.class).getVersion().toString();
        }
    }
}
