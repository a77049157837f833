package org.llmfactory.deployer.reconcile;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How patient the deployer is. */
@ObjectClassDefinition(name = "Deployer")
public @interface Config {
    String PID = "org.llmfactory.deployer";

    /** How long an agent may be silent before its work goes elsewhere. */
    @AttributeDefinition(name = "Grace (seconds)")
    int graceSeconds() default 10;

    /** How long agents have, after a start of this controller, to be heard for the first time. */
    @AttributeDefinition(name = "Grace after a start (seconds)")
    int startGraceSeconds() default 60;

    /** How often everything is looked at, even without news. */
    @AttributeDefinition(name = "Look (seconds)")
    int lookSeconds() default 5;

    /** How long an agent's report may differ from what it answered before it is asked again. */
    @AttributeDefinition(name = "Drift (seconds)")
    int driftSeconds() default 30;

    /** After how long an agent is tried again on which something failed that works on others. */
    @AttributeDefinition(name = "Retry (seconds)")
    int retrySeconds() default 300;

    /** After how long a lost agent is expected back no more. */
    @AttributeDefinition(name = "Forget (hours)")
    int forgetHours() default 24;
}
