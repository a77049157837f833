package org.llmfactory.database.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.testing.FolderHome;
import org.osgi.service.jdbc.DataSourceFactory;

final class SettingsTest {
    private static final String SERVER = "jdbc:postgresql://db.example.org/llmfactory";

    @TempDir
    Path folder;

    @Test
    void whereNothingIsSaidItIsDerbyInTheHome() {
        Settings settings = settings(Map.of());

        assertThat(settings.product()).isEqualTo(Product.DERBY);
        assertThat(settings.url()).isEqualTo("jdbc:derby:" + folder.resolve("database"));
        assertThat(settings.user()).isEqualTo("llmfactory");
        assertThat(settings.limits()).isEqualTo(new PooledDatabase.Limits(16, Duration.ofSeconds(10)));
    }

    @Test
    void thePasswordComesFromItsFileWithoutTheLineEnd() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "geheim ist es\n");

        Settings settings = settings(Map.of("url", SERVER, "passwordFile", file.toString()));

        assertThat(settings.connection())
                .containsEntry(DataSourceFactory.JDBC_PASSWORD, "geheim ist es")
                .containsEntry(DataSourceFactory.JDBC_USER, "llmfactory")
                .containsEntry(DataSourceFactory.JDBC_URL, SERVER);
        assertThat(settings.toString()).doesNotContain("geheim");
    }

    @Test
    void everyAnswerOfTheServerIsWaitedForWithAnEnd() throws IOException {
        assertThat(settings(Map.of("url", SERVER)).connection())
                .containsEntry("socketTimeout", "60")
                .containsEntry("connectTimeout", "10");
        assertThat(settings(Map.of("url", SERVER + "?socketTimeout=5")).connection())
                .doesNotContainKey("socketTimeout");
    }

    @Test
    void theDriverIsToldToQuoteNoValues() throws IOException {
        assertThat(settings(Map.of("url", SERVER)).connection()).containsEntry("logServerErrorDetail", "false");
    }

    @Test
    void aPasswordInTheUrlIsRefused() {
        assertThatThrownBy(() -> settings(Map.of("url", SERVER + "?user=a&Password=geheim")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("passwordFile")
                .hasMessageNotContaining("geheim");
    }

    @Test
    void anotherProductIsRefused() {
        assertThatThrownBy(() -> settings(Map.of("url", "jdbc:h2:mem:test")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void limitsOutOfReasonAreRefused() {
        assertThatThrownBy(() -> settings(Map.of("connections", 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("connections");
        assertThatThrownBy(() -> settings(Map.of("connectionTimeoutSeconds", 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("connectionTimeoutSeconds");
    }

    private Settings settings(Map<String, Object> configured) {
        Config config = (Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(),
                new Class<?>[] {Config.class},
                (proxy, method, arguments) -> configured.getOrDefault(method.getName(), method.getDefaultValue()));
        return Settings.of(config, new FolderHome(folder));
    }
}
