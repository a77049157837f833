package org.llmfactory.torch.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.torch.Torch;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Opens the engine and then registers the {@link Torch} service, so that who finds the service can use it. Goes the
 * other way in reverse: users let go first, then running calls end, then memory is freed.
 */
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"org.llmfactory.torch.Torch\"",
        effective = "active",
        uses = Torch.class)
@Component(
        service = {},
        immediate = true,
        configurationPid = "org.llmfactory.torch")
@Designate(ocd = TorchComponent.Config.class)
public final class TorchComponent {
    /** Settings. */
    @ObjectClassDefinition(name = "PyTorch", description = "The engine that runs the models of this agent.")
    public @interface Config {
        /** Which device. */
        @AttributeDefinition(
                description = "auto (CUDA where its native bundle is installed, else the CPU), cpu or cuda")
        String device() default "auto";

        /** How many threads. */
        @AttributeDefinition(description = "Threads of one operator; 0: all processors that the JVM may use")
        int threads() default 0;

        /** Which libraries. */
        @AttributeDefinition(description = "A folder of libtorch to use instead of the packed libraries; empty: none")
        String libtorchFolder() default "";
    }

    private final TorchEngine engine;
    private final ServiceRegistration<Torch> registration;

    /** Loads the native libraries. */
    @Activate
    public TorchComponent(BundleContext context, Config config) {
        this.engine = TorchEngine.open(optionsOf(config));
        Map<String, Object> properties =
                Map.of("device", engine.device(), Constants.SERVICE_DESCRIPTION, "PyTorch on " + engine.device());
        this.registration = context.registerService(Torch.class, engine, FrameworkUtil.asDictionary(properties));
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
        engine.close();
    }

    static TorchOptions optionsOf(Config config) {
        return new TorchOptions(
                config.device(),
                config.threads(),
                Optional.of(config.libtorchFolder())
                        .filter(folder -> !folder.isBlank())
                        .map(Path::of));
    }
}
