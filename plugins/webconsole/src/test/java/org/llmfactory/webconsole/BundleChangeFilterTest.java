package org.llmfactory.webconsole;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BundleChangeFilterTest {
    private static final String BUNDLES = "/system/console/bundles";

    @Test
    void lookingAtBundlesIsAllowed() {
        assertThat(BundleChangeFilter.changesBundles("GET", BUNDLES, null, null))
                .isFalse();
    }

    @Test
    void startingAndStoppingABundleIsAllowed() {
        assertThat(BundleChangeFilter.changesBundles(
                        "POST", BUNDLES + "/12", "application/x-www-form-urlencoded", "stop"))
                .isFalse();
    }

    @Test
    void uploadsAreRefused() {
        assertThat(BundleChangeFilter.changesBundles("POST", BUNDLES, "Multipart/form-data; boundary=x", null))
                .isTrue();
        assertThat(BundleChangeFilter.changesBundles("POST", "/system/console/install", null, null))
                .isTrue();
    }

    @Test
    void updatesAndRemovalsAreRefused() {
        assertThat(BundleChangeFilter.changesBundles("POST", BUNDLES + "/12", null, "update"))
                .isTrue();
        assertThat(BundleChangeFilter.changesBundles("POST", BUNDLES + "/12", null, "uninstall"))
                .isTrue();
    }
}
