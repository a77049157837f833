package org.llmfactory.agent.plugin;

import java.nio.file.Path;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * A framework that is to be told to end: prints {@code ready}, then which bundles are stopped, in order. Ends by itself when
 * nobody holds its standard input any more. With the argument {@code deactivated} the component is gone by then.
 */
final class StoppingProcess {
    private StoppingProcess() {}

    public static void main(String[] arguments) throws Exception {
        TestFramework framework = new TestFramework(Path.of(arguments[0]));
        Bundle first = framework.install("org.acme.first", 1, Map.of());
        Bundle second = framework.install("org.acme.second", 2, Map.of());
        first.start();
        second.start();
        SynchronousBundleListener listener = event -> {
            if (event.getType() == BundleEvent.STOPPED) {
                System.out.println(event.getBundle().getSymbolicName());
            }
        };
        framework.context().addBundleListener(listener);
        AgentStop stop = new AgentStop(framework.context());
        if (arguments.length > 1) {
            stop.close();
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // Nothing is said to it.
        }
    }
}
