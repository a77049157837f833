package org.llmfactory.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.util.Utils;
import org.junit.jupiter.api.Test;

class DjlTest {
    @Test
    void workSeesDjlsClassLoader() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            assertThat(Djl.<ClassLoader>call(() -> Thread.currentThread().getContextClassLoader()))
                    .isSameAs(Djl.class.getClassLoader());
            assertThatThrownBy(() -> Djl.call(() -> {
                        throw new IllegalStateException("work failed");
                    }))
                    .hasMessage("work failed");
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(ClassLoader.getPlatformClassLoader());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void djlStaysOffTheNetworkAndInOurCache() {
        Djl.configure();

        assertThat(Utils.isOfflineMode()).isTrue();
        assertThat(Utils.getEngineCacheDir("pytorch")).startsWith(Djl.cacheFolder());
    }

    @Test
    void whatIsSetAlreadyStays() {
        System.setProperty("org.llmfactory.djl.test", "theirs");
        Djl.setUnlessSet("org.llmfactory.djl.test", "ours");
        Djl.setUnlessSet("org.llmfactory.djl.unset", null);

        assertThat(System.getProperty("org.llmfactory.djl.test")).isEqualTo("theirs");
        assertThat(System.getProperty("org.llmfactory.djl.unset")).isNull();
    }
}
