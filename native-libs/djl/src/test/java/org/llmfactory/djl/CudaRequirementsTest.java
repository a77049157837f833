package org.llmfactory.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaRequirementsTest {
    private static final NativeLibraries WANTED =
            new NativeLibraries("cuda", "2.7.1", "cu128", "", "", Map.of("libtorch.so", 0L, "libtorch_cuda.so", 0L));
    private static final Optional<CudaDriver> DRIVER = Optional.of(new CudaDriver(12080, 1, 90));

    @TempDir
    private Path torch;

    private Path lib;

    @BeforeEach
    void install() throws IOException {
        lib = Files.createDirectories(torch.resolve("lib"));
        Files.createFile(lib.resolve("libtorch.so"));
        Files.createFile(lib.resolve("libtorch_cuda.so"));
        Files.writeString(torch.resolve("version.py"), "__version__ = '2.7.1+cu126'\n");
    }

    private List<String> missing(Optional<CudaDriver> driver) throws IOException {
        return CudaRequirements.missing(WANTED, lib, driver);
    }

    @Test
    void nothingIsMissingFromAPythonWheel() throws IOException {
        assertThat(missing(DRIVER)).isEmpty();
    }

    @Test
    void nothingIsMissingFromTheArchive() throws IOException {
        Files.delete(torch.resolve("version.py"));
        Files.writeString(torch.resolve("build-version"), "2.7.1+cu128");

        assertThat(missing(DRIVER)).isEmpty();
    }

    @Test
    void everyMissingThingIsSaid() throws IOException {
        Files.delete(lib.resolve("libtorch_cuda.so"));
        Files.writeString(torch.resolve("version.py"), "__version__ = '2.8.0+cpu'\n");

        assertThat(missing(Optional.empty()))
                .containsExactly(
                        lib + " holds no libtorch_cuda.so",
                        lib + " holds libtorch 2.8.0, 2.7.1 is needed",
                        lib + " holds libtorch for the CPU, one for CUDA 12 is needed",
                        "there is no NVIDIA driver (libcuda.so.1) on this machine");
    }

    @Test
    void versionMustBeKnown() throws IOException {
        Files.delete(torch.resolve("version.py"));

        assertThat(missing(DRIVER)).singleElement().asString().contains("its version is unknown");
    }

    @Test
    void folderMustExist() throws IOException {
        assertThat(CudaRequirements.missing(WANTED, torch.resolve("none"), DRIVER))
                .containsExactly(torch.resolve("none") + " is no folder");
    }

    @Test
    void driverMustFindAGpuAndBeNewEnough() throws IOException {
        assertThat(missing(Optional.of(new CudaDriver(12080, 0, 0)))).containsExactly("the NVIDIA driver finds no GPU");
        assertThat(missing(Optional.of(new CudaDriver(11040, 1, 80))))
                .containsExactly("the NVIDIA driver is too old: it runs CUDA up to 11.4, 12.0 is needed");
    }
}
