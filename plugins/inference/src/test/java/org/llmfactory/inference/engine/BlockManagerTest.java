package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.inference.AdapterWeight;

final class BlockManagerTest {
    private static final PrefixRoots ROOTS = new PrefixRoots("m".repeat(64));

    private final PrefixKey root = ROOTS.of("tenant", AdapterMix.of(List.of()), false);
    private final BlockManager blocks = new BlockManager(8, 4);

    @Test
    void aTableGrowsByWholeBlocksAndOnlyWhenNeeded() {
        BlockTable table = new BlockTable(root);

        assertThat(blocks.grow(table, 5)).isTrue();
        assertThat(table.size()).isEqualTo(2);
        assertThat(blocks.grow(table, 8)).isTrue();
        assertThat(table.size()).isEqualTo(2);
        assertThat(blocks.free()).isEqualTo(6);
    }

    @Test
    void aTableThatDoesNotFitChangesNothing() {
        BlockTable table = new BlockTable(root);

        assertThat(blocks.grow(table, 33)).isFalse();
        assertThat(table.size()).isZero();
        assertThat(blocks.free()).isEqualTo(8);
    }

    @Test
    void fullBlocksAreFoundAgainUnderTheSameTokens() {
        int[] tokens = tokens(10);
        BlockTable first = computed(tokens, 10);
        BlockTable second = new BlockTable(root);

        assertThat(blocks.reuse(second, tokens, 10)).isEqualTo(8);
        assertThat(second.toArray(8, 4)).isEqualTo(first.toArray(8, 4));
    }

    @Test
    void aBlockIsFreeWhenItsLastHolderIsGone() {
        int[] tokens = tokens(9);
        BlockTable first = computed(tokens, 9);
        BlockTable second = new BlockTable(root);
        blocks.reuse(second, tokens, 9);

        blocks.release(first);
        assertThat(blocks.free()).isEqualTo(6);
        blocks.release(second);
        assertThat(blocks.free()).isEqualTo(8);
    }

    @Test
    void theLeastRecentlyUsedPrefixIsEvictedFirstAndItsEndBeforeItsBeginning() {
        int[] old = tokens(12);
        int[] recent = IntStream.range(100, 113).toArray();
        blocks.release(computed(old, 12));
        blocks.release(computed(recent, 12));

        BlockTable other = new BlockTable(root);
        assertThat(blocks.grow(other, 16)).isTrue();

        assertThat(blocks.reuse(new BlockTable(root), old, 12)).isEqualTo(4);
        assertThat(blocks.reuse(new BlockTable(root), recent, 13)).isEqualTo(12);
    }

    @Test
    void aPartlyFilledBlockIsNeverCached() {
        int[] tokens = tokens(12);
        BlockTable table = new BlockTable(root);
        blocks.grow(table, 12);
        blocks.publish(table, tokens, 7);

        assertThat(blocks.reuse(new BlockTable(root), tokens, 12)).isEqualTo(4);
    }

    @Test
    void twoTablesWithTheSameContentComputedAtOnceKeepTheirOwnBlocks() {
        int[] tokens = tokens(8);
        BlockTable first = computed(tokens, 8);
        BlockTable second = computed(tokens, 8);

        blocks.release(first);
        blocks.release(second);

        assertThat(blocks.free()).isEqualTo(8);
        assertThat(blocks.reuse(new BlockTable(root), tokens(9), 9)).isEqualTo(8);
    }

    @Test
    void rootsDifferByModelTenantMixAndRotaryFactors() {
        AdapterMix base = AdapterMix.of(List.of());
        AdapterMix half = AdapterMix.of(List.of(new AdapterWeight("a", 0.5f)));
        AdapterMix whole = AdapterMix.of(List.of(new AdapterWeight("a", 1)));

        assertThat(List.of(
                        ROOTS.of("t", base, false),
                        ROOTS.of("t", base, true),
                        ROOTS.of("u", base, false),
                        ROOTS.of("t", half, false),
                        ROOTS.of("t", whole, false),
                        new PrefixRoots("n".repeat(64)).of("t", base, false)))
                .doesNotHaveDuplicates();
        assertThat(ROOTS.of("t", half, false)).isEqualTo(ROOTS.of("t", half, false));
    }

    @Test
    void neighbouringNamesDoNotRunIntoEachOther() {
        AdapterMix one = AdapterMix.of(List.of(new AdapterWeight("ab", 1), new AdapterWeight("c", 1)));
        AdapterMix other = AdapterMix.of(List.of(new AdapterWeight("a", 1), new AdapterWeight("bc", 1)));

        assertThat(ROOTS.of("t", one, false)).isNotEqualTo(ROOTS.of("t", other, false));
    }

    private BlockTable computed(int[] tokens, int count) {
        BlockTable table = new BlockTable(root);
        assertThat(blocks.grow(table, count)).isTrue();
        blocks.publish(table, tokens, count);
        return table;
    }

    private static int[] tokens(int count) {
        return IntStream.range(0, count).toArray();
    }
}
