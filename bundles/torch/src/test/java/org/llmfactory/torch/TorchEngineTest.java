package org.llmfactory.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TorchEngineTest {
    @Test
    void opensOnTheProcessor() {
        try (TorchEngine torch = TorchEngine.open(TorchOptions.defaults())) {
            assertThat(torch.device()).isEqualTo("cpu");
            assertThat(torch.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
            assertThat(torch.isFast(DType.FLOAT32)).isTrue();
            assertThat(torch.isFast(DType.INT64)).isFalse();
        }
    }

    @Test
    void opensAgainAfterItWasClosed() {
        TorchEngine.open(TorchOptions.defaults()).close();
        try (TorchEngine torch = TorchEngine.open(TorchOptions.defaults());
                Arena arena = torch.newArena()) {
            assertThat(arena.of(new float[] {1}, 1).toFloats()).containsExactly(1);
        }
    }

    @Test
    void closingFreesWhatIsStillOpen() {
        TorchEngine torch = TorchEngine.open(TorchOptions.defaults());
        Program program = torch.load("Sample", Sources.SAMPLE);
        Arena arena = torch.newArena();
        Tensor tensor = arena.of(new float[] {1}, 1);
        torch.close();
        torch.close();

        assertThatThrownBy(tensor::toFloats).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> program.call("copy", arena, tensor)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(torch::newArena)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the PyTorch engine is closed");
        assertThatThrownBy(() -> torch.load("Sample", Sources.SAMPLE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherDeviceThanTheLoadedOneIsRefused() {
        TorchEngine.open(TorchOptions.defaults()).close();

        assertThatThrownBy(() -> TorchEngine.open(new TorchOptions("cuda", 0, Optional.empty())))
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("has loaded PyTorch for cpu");
    }

    @Test
    void badOptionsAreRefused() {
        assertThatThrownBy(() -> new TorchOptions("tpu", 0, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TorchOptions("cpu", -1, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ownOperatorsAreRegistered() {
        String source = """
                class Addresses(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def gap(self: __torch__.Addresses, x: Tensor) -> Tensor:
                    first = ops.llmfactory.addr(torch.select(x, 0, 0))
                    second = ops.llmfactory.addr(torch.select(x, 0, 1))
                    return torch.tensor(torch.sub(second, first))
                """;
        try (TorchEngine torch = TorchEngine.open(TorchOptions.defaults())) {
            assumeTrue(torch.hasKernels(), "built without a C++ compiler");
            try (Program program = torch.load("Addresses", source);
                    Arena arena = torch.newArena()) {
                Tensor gap = program.callForTensor("gap", arena, arena.zeros(DType.FLOAT32, 2, 8));

                assertThat(gap.toLongs()).containsExactly(8 * Float.BYTES);
            }
        }
    }

    @Test
    void opensUnderAForeignContextClassLoaderAndStaysOffline() {
        assertThat(ChildJvm.run(Foreign.class, Map.of())).isEqualTo("foreign loader kept, offline true, sum 3.0");
    }

    /** A thread whose context class loader knows nothing of DJL, as in a container. */
    static final class Foreign {
        public static void main(String[] arguments) {
            ClassLoader foreign = ClassLoader.getPlatformClassLoader();
            Thread.currentThread().setContextClassLoader(foreign);
            try (TorchEngine torch = TorchEngine.open(TorchOptions.defaults());
                    Program program = torch.load("Sample", Sources.SAMPLE);
                    Arena arena = torch.newArena()) {
                float sum = program.callForTensor(
                                "add", arena, arena.of(new float[] {1}, 1), arena.of(new float[] {2}, 1))
                        .toFloats()[0];
                System.out.printf(
                        "foreign loader %s, offline %s, sum %s%n",
                        Thread.currentThread().getContextClassLoader() == foreign ? "kept" : "lost",
                        System.getProperty("ai.djl.offline"),
                        sum);
            }
        }
    }

    @Test
    void cudaWithoutItsBundleIsRefused() {
        assertThat(ChildJvm.run(Cuda.class, Map.of()))
                .contains("no native libraries of PyTorch for device cuda")
                .contains("org.llmfactory.pytorch.cuda");
    }

    @Test
    void brokenFolderOfLibrariesIsRefused() {
        assertThat(ChildJvm.run(Cuda.class, Map.of(), "/proc/self/no-such-folder"))
                .contains("/proc/self/no-such-folder");
    }

    /** Prints why the engine does not open. */
    static final class Cuda {
        public static void main(String[] arguments) {
            TorchOptions options = arguments.length == 0
                    ? new TorchOptions("cuda", 0, Optional.empty())
                    : new TorchOptions("cpu", 0, Optional.of(Path.of(arguments[0])));
            try (TorchEngine torch = TorchEngine.open(options)) {
                System.out.println("opened on " + torch.device());
            } catch (TorchException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void busyNeighbourSlowsAStepInProportion() {
        try (TorchEngine torch = TorchEngine.open(TorchOptions.defaults());
                SampleStep step = new SampleStep(torch)) {
            step.medianMillis(Duration.ofSeconds(1));
            double alone = step.medianMillis(Duration.ofSeconds(2));
            double beside = BusyProcess.beside(() -> step.medianMillis(Duration.ofSeconds(2)));

            assertThat(beside / alone).as("slowdown").isLessThan(6);
        }
    }
}
