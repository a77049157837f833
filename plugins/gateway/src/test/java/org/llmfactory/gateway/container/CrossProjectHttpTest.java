package org.llmfactory.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.project.Preset;
import org.llmfactory.gateway.GatewayFixture;

/** What an outsider hears of another project's models over HTTP: to the byte what he hears of what does not exist. */
final class CrossProjectHttpTest {
    /** As long as an adapter's id, and no id. */
    private static final String NOBODY = "ffffffff-ffff-ffff-ffff-ffffffffffff";

    @RegisterExtension
    static final TestGateway GATEWAY = new TestGateway();

    private record Attempt(String method, String path, String body) {
        HttpResponse<String> send(String name) throws Exception {
            return GATEWAY.send(GATEWAY.request("mallory", path.replace("NAME", name))
                    .method(method, HttpRequest.BodyPublishers.ofString(body.replace("NAME", name))));
        }
    }

    private static final List<Attempt> ATTEMPTS = List.of(
            new Attempt("GET", "/v1/models/NAME", ""),
            new Attempt("DELETE", "/v1/models/NAME", ""),
            new Attempt("POST", "/v1/chat/completions", TestGateway.chat("").replace("base", "NAME")),
            new Attempt(
                    "POST",
                    "/v1/chat/completions",
                    TestGateway.chat(",\"stream\":true").replace("base", "NAME")),
            new Attempt("POST", "/v1/chat/completions", TestGateway.chat("").replace("base", "base:NAME")),
            new Attempt("POST", "/v1/chat/completions", TestGateway.chat(",\"adapters\":[{\"id\":\"NAME\"}]")),
            new Attempt(
                    "POST", "/v1/chat/completions", TestGateway.chat(",\"adapters\":[{\"id\":\"NAME\",\"weight\":0}]")),
            new Attempt("POST", "/v1/completions", "{\"model\":\"NAME\",\"prompt\":\"hi\"}"),
            new Attempt("POST", "/generate", "{\"inputs\":\"hi\",\"parameters\":{\"adapter_id\":\"NAME\"}}"),
            new Attempt("POST", "/generate_stream", "{\"inputs\":\"hi\",\"parameters\":{\"adapter_id\":\"NAME\"}}"),
            new Attempt(
                    "POST",
                    "/",
                    "{\"inputs\":\"hi\",\"parameters\":{\"merged_adapters\":{\"ids\":[\"NAME\"],\"weights\":[1]}}}"));

    @Test
    void adapterOfAnotherProjectIsAnsweredLikeNone() throws Exception {
        AdapterInfo shared = add("theirs", Visibility.PROJECT);
        AdapterInfo secret = add("secret", Visibility.PRIVATE);
        for (AdapterInfo adapter : List.of(shared, secret)) {
            assertSameAs(adapter.name(), "nobody");
            assertSameAs(adapter.id(), NOBODY);
            assertSameAs(adapter.digest(), "f".repeat(64));
        }
        assertThat(GATEWAY.get("mallory", "/v1/models").body())
                .doesNotContain("theirs")
                .doesNotContain("secret")
                .doesNotContain("pirate");
        assertThat(GATEWAY.adapters().find(secret.id())).isNotEmpty();
    }

    @Test
    void presetWithAnAdapterThatIsNotTheCallersIsAnsweredLikeNone() throws Exception {
        GATEWAY.presets()
                .add(GatewayFixture.preset(
                        "lure",
                        "proj_b",
                        Visibility.PROJECT,
                        List.of(new Preset.Part(GATEWAY.adapter().id(), 1)),
                        Optional.empty(),
                        Map.of()));

        assertSameAs("lure", "nobody");
        assertSameAs("preset_lure", "nobody");
    }

    private static AdapterInfo add(String name, Visibility visibility) {
        return GATEWAY.adapters()
                .add(
                        new AdapterRegistry.Label(name, "proj_default", "user-alice", visibility),
                        TestGateway.BASE.info());
    }

    /** Bodies are the same but for the name; so are the names of the headers. */
    private static void assertSameAs(String forbidden, String unknown) throws Exception {
        for (Attempt attempt : ATTEMPTS) {
            HttpResponse<String> one = attempt.send(forbidden);
            HttpResponse<String> other = attempt.send(unknown);

            assertThat(one.statusCode()).as(attempt + " with " + forbidden).isEqualTo(404);
            assertThat(other.statusCode()).isEqualTo(404);
            assertThat(one.body()).isEqualTo(other.body().replace(unknown, forbidden));
            assertThat(headers(one)).isEqualTo(headers(other));
        }
    }

    private static Set<String> headers(HttpResponse<String> response) {
        return new TreeSet<>(response.headers().map().keySet());
    }
}
