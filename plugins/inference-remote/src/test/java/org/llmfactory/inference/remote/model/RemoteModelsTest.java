package org.llmfactory.inference.remote.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.inference.remote.testing.RecordingServices;
import org.llmfactory.inference.remote.testing.SharedFiles;
import org.llmfactory.inference.remote.testing.TestNetwork;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.testing.TinyModels;
import org.llmfactory.models.text.TextCodecs;

/** That models of nodes can be asked on a controller as if they were there; everything happens on the test's thread. */
final class RemoteModelsTest {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress PROJECTS_NODE = AgentAddress.parse("proj_a/node-2");

    @TempDir
    private Path folder;

    private final SharedFiles files = new SharedFiles();
    private final RecordingServices services = new RecordingServices();
    private RemoteModels.Name name;
    private ModelInfo info;
    private Path weights;

    @BeforeEach
    void makeModel() {
        weights = folder.resolve("node/models/tiny");
        TinyModels.llama(weights, 1);
        try (PretrainedDecoder decoder = PretrainedDecoder.open(weights)) {
            info = new ModelInfo("tiny", decoder.digest(), "llama", 512, 259, Instant.ofEpochMilli(1234));
        }
        name = new RemoteModels.Name("tiny", info.digest());
        share(NODE);
        share(PROJECTS_NODE);
    }

    private void share(AgentAddress node) {
        ModelShare share = new ModelShare(new FolderHome(folder.resolve(node.name())));
        share.addModel(new StubLocalModel(info, weights, new ByteTextCodec()));
        files.offer(node, share);
    }

    @Test
    void aModelOfANodeSpeaksAndIsDescribedLikeTheOneItIs() {
        RemoteModels models = models();

        models.offer(NODE, Set.of(name));
        assertThat(models.info(NODE, "tiny", info.digest())).isEmpty();
        models.tend();
        models.tend();

        Model model = only();
        TextCodec here = TextCodecs.open(weights);
        assertThat(model.info()).isEqualTo(info);
        assertThat(model.tenant()).isEmpty();
        assertThat(model.text().encode("Hello", true)).containsExactly(here.encode("Hello", true));
        ChatPrompt prompt = ChatPrompt.of(List.of(Map.of("role", "user", "content", "Hi")));
        assertThat(model.text().render(prompt)).isEqualTo(here.render(prompt));
        assertThat(PretrainedDecoder.dimensions(model.description())).isEqualTo(PretrainedDecoder.dimensions(weights));
        assertThat(services.propertiesOf(Model.class).get(0))
                .isEqualTo(Map.of("model.id", "tiny", "model.digest", info.digest()));
        assertThat(models.info(NODE, "tiny", info.digest())).contains(info);
        assertThat(files.fetched()).noneMatch(file -> file.endsWith("safetensors"));
    }

    @Test
    void whatHasBeenFetchedIsKeptForTheNextProcess() {
        fetched(models());
        int asked = files.fetched().size();

        fetched(models());

        assertThat(files.fetched()).hasSize(asked);
    }

    @Test
    void whatWasDamagedMeanwhileIsFetchedAgain() throws IOException {
        fetched(models());
        int asked = files.fetched().size();
        Files.writeString(folder.resolve("controller/" + info.digest() + "/tokenizer.json"), "{}");

        RemoteModels models = models();
        fetched(models);

        assertThat(files.fetched()).hasSize(2 * asked);
        assertThat(services.of(Model.class)).hasSize(2);
    }

    @Test
    void aFileThatChangesOnTheWayIsNotTakenAndTriedAgain() {
        RemoteModels models = models();
        files.onTheWay(content -> content.length > 2000 ? new byte[content.length] : content);

        models.offer(NODE, Set.of(name));
        models.tend();
        models.tend();

        assertThat(services.of(Model.class)).isEmpty();
        assertThat(folder.resolve("controller/" + info.digest())).doesNotExist();
        assertThat(folder.resolve("controller")).isEmptyDirectory();
    }

    @Test
    void amongNodesThatHaveItAnotherIsAskedNext() throws InterruptedException {
        AgentAddress broken = AgentAddress.parse("shared/broken");
        RemoteModels models = models();
        models.offer(broken, Set.of(name));
        models.offer(NODE, Set.of(name));

        Awaitility.await().atMost(TestNetwork.SOON).until(() -> {
            models.tend();
            return services.of(Model.class).size() == 1;
        });
    }

    @Test
    void aModelThatLiesHereIsNotFetchedAndComesFirst() {
        RemoteModels models = models();
        StubLocalModel local = new StubLocalModel(info, weights, new ByteTextCodec());
        models.addLocal(local);
        models.offer(NODE, Set.of(name));
        models.tend();
        assertThat(files.fetched()).isEmpty();
        assertThat(models.info(NODE, "tiny", info.digest())).contains(info);

        models.removeLocal(local);
        models.tend();
        models.tend();
        assertThat(services.of(Model.class)).hasSize(1);

        models.addLocal(local);
        models.tend();
        assertThat(services.of(Model.class)).isEmpty();
    }

    @Test
    void theWordOfAProjectsNodeCountsForItsProjectAlone() {
        RemoteModels models = models();
        models.offer(PROJECTS_NODE, Set.of(name));
        models.tend();
        models.tend();

        assertThat(only().tenant()).contains("proj_a");
        assertThat(only().description()).isEqualTo(folder.resolve("controller/proj_a/" + info.digest()));
        assertThat(models.info(NODE, "tiny", info.digest())).isEmpty();
        assertThat(models.info(PROJECTS_NODE, "tiny", info.digest())).contains(info);

        models.offer(NODE, Set.of(name));
        models.tend();
        models.tend();
        assertThat(only().tenant()).isEmpty();
    }

    @Test
    void aModelGoesWithTheLastAgentThatIsRememberedForIt() {
        RemoteModels models = models();
        fetched(models);

        models.forget(AgentAddress.parse("shared/other"));
        assertThat(services.of(Model.class)).hasSize(1);
        models.forget(NODE);

        assertThat(services.of(Model.class)).isEmpty();
    }

    @Test
    void nodesShowNothingButWhatAModelIsLike() throws IOException {
        ModelShare share = new ModelShare(new FolderHome(folder.resolve("share")));
        share.addModel(new StubLocalModel(info, weights, new ByteTextCodec()));

        assertThat(share.find(TestNetwork.CONTROLLER, info.digest() + "/tokenizer.json"))
                .isPresent();
        for (String other : List.of(
                info.digest() + "/model.safetensors",
                info.digest() + "/../../../models/tiny/model.safetensors",
                info.digest() + "/",
                info.digest(),
                "0".repeat(64) + "/manifest.json",
                "../manifest.json")) {
            assertThat(share.find(TestNetwork.CONTROLLER, other)).as(other).isEqualTo(Optional.empty());
        }
    }

    @Test
    void aManifestThatLeadsElsewhereIsNotFollowed() throws IOException {
        RemoteModels models = models();
        UnaryOperator<byte[]> hostile = content -> new String(content, UTF_8)
                .replace("tokenizer.json", "../../escaped.json")
                .getBytes(UTF_8);
        files.onTheWay(hostile);

        models.offer(NODE, Set.of(name));
        models.tend();
        models.tend();

        assertThat(services.of(Model.class)).isEmpty();
        assertThat(files.fetched()).singleElement().asString().endsWith("manifest.json");
    }

    private RemoteModels models() {
        ModelFetcher fetcher = new ModelFetcher(files.of(TestNetwork.CONTROLLER), folder.resolve("controller"));
        return new RemoteModels(services, fetcher, Runnable::run, Runnable::run);
    }

    private void fetched(RemoteModels models) {
        models.offer(NODE, Set.of(name));
        models.tend();
        models.tend();
        assertThat(services.of(Model.class)).isNotEmpty();
    }

    private Model only() {
        assertThat(services.of(Model.class)).hasSize(1);
        return services.of(Model.class).get(0);
    }
}
