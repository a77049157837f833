package org.llmfactory.agent.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.testing.FolderHome;

class StoredLabelsTest {
    @TempDir
    Path home;

    @Test
    void labelsOutliveTheProcess() {
        new StoredLabels(new FolderHome(home)).set(Map.of("rack", "7", "gpu.vendor/model", "none"));

        assertThat(new StoredLabels(new FolderHome(home)).labels())
                .isEqualTo(Map.of("rack", "7", "gpu.vendor/model", "none"));
    }

    @Test
    void newOnesTakeThePlaceOfAllBefore() {
        StoredLabels labels = new StoredLabels(new FolderHome(home));
        labels.set(Map.of("rack", "7"));

        labels.set(Map.of("zone", "b"));

        assertThat(labels.labels()).isEqualTo(Map.of("zone", "b"));
    }

    @Test
    void whatIsNoLabelIsRefusedAndNothingChanges() {
        StoredLabels labels = new StoredLabels(new FolderHome(home));
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 33; i++) {
            many.put("l" + i, "x");
        }

        assertThatThrownBy(() -> labels.set(Map.of("-rack", "7"))).hasMessageContaining("no label's name");
        assertThatThrownBy(() -> labels.set(Map.of("rack", "7\n8"))).hasMessageContaining("signs");
        assertThatThrownBy(() -> labels.set(Map.of("rack", "x".repeat(64)))).hasMessageContaining("signs");
        assertThatThrownBy(() -> labels.set(many)).hasMessageContaining("at most 32");
        assertThat(labels.labels()).isEmpty();
    }
}
