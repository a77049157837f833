package org.llmfactory.torch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.llmfactory.torch.DType;

class HardwareTest {
    @Test
    void bfloat16IsFastWithItsInstructions() {
        assertThat(Hardware.isFast(DType.BFLOAT16, Set.of("avx2"))).isFalse();
        assertThat(Hardware.isFast(DType.BFLOAT16, Set.of("avx512_bf16"))).isTrue();
        assertThat(Hardware.isFast(DType.BFLOAT16, Set.of("amx_bf16"))).isTrue();
        assertThat(Hardware.isFast(DType.FLOAT16, Set.of("avx512_bf16"))).isFalse();
        assertThat(Hardware.isFast(DType.INT8, Set.of("avx512_vnni"))).isTrue();
        assertThat(Hardware.isFast(DType.FLOAT32, Set.of())).isTrue();
        assertThat(Hardware.isFast(DType.INT64, Set.of("avx512_bf16"))).isFalse();
    }

    @Test
    void bfloat16IsFastOnAmpereAndLater() {
        assertThat(Hardware.isFast(DType.BFLOAT16, 75)).isFalse();
        assertThat(Hardware.isFast(DType.BFLOAT16, 80)).isTrue();
        assertThat(Hardware.isFast(DType.FLOAT16, 75)).isTrue();
    }

    @Test
    void flagsAreThoseOfTheFirstProcessor() {
        assertThat(Hardware.flagsIn(List.of("processor\t: 0", "flags\t\t: fpu avx2", "flags\t\t: other")))
                .containsExactlyInAnyOrder("fpu", "avx2");
        assertThat(Hardware.flagsIn(List.of())).isEmpty();
    }
}
