package org.llmfactory.itest.ailing;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Component;

/** Says that all is well when it is asked for the first time, and that nothing does later; immediate, so that it is one instance that is asked. {@code PluginJars} packs it. */
@Component(
        immediate = true,
        property = {HealthCheck.NAME + "=Ailing", HealthCheck.TAGS + "=org.llmfactory.itest.hello"})
public final class FailingHealthCheck implements HealthCheck {
    private final AtomicBoolean asked = new AtomicBoolean();

    @Override
    public Result execute() {
        return asked.getAndSet(true)
                ? new Result(Result.Status.CRITICAL, "it does not work")
                : new Result(Result.Status.OK, "it works");
    }
}
