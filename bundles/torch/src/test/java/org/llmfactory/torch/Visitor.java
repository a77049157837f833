package org.llmfactory.torch;

import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The activator of a bundle that uses the service; offers its finding as a service of a type that everybody knows. */
public final class Visitor implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        Supplier<String> finding = () -> {
            ServiceReference<Torch> reference = context.getServiceReference(Torch.class);
            if (reference == null) {
                return "no service";
            }
            try (Program program = context.getService(reference).load("Sample", Sources.SAMPLE);
                    Arena arena = context.getService(reference).newArena()) {
                Tensor sum = program.callForTensor(
                        "add", arena, arena.of(new float[] {1}, 1), arena.zeros(DType.BFLOAT16, 1));
                return reference.getProperty("device") + ", kernels "
                        + context.getService(reference).hasKernels() + ", sum " + sum.toFloats()[0];
            } finally {
                context.ungetService(reference);
            }
        };
        context.registerService(Supplier.class, finding, null);
    }

    @Override
    public void stop(BundleContext context) {}
}
