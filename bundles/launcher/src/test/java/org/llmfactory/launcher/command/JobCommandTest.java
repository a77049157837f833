package org.llmfactory.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.command.ScriptedAgent.Result;

class JobCommandTest {
    private static final String JOBS = "/v1/fine_tuning/jobs";

    @TempDir
    Path home;

    private ScriptedAgent agent;
    private Path data;

    @BeforeEach
    void start() throws IOException {
        data = Files.writeString(home.resolve("chats.jsonl"), "{\"messages\": []}\n");
        agent = new ScriptedAgent(home)
                .on("POST /v1/files", "{\"id\": \"file-1\"}")
                .on("POST " + JOBS, "{\"id\": \"ftjob-1\", \"status\": \"queued\"}")
                .on("GET " + JOBS + "/ftjob-1/events", "{\"data\": [{\"data\": {\"step\": 5, \"train_loss\": 1.25}}]}");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void aJobIsOrderedForAFile() {
        Result result = agent.run(
                "job", "create", data.toString(), "--model", "m", "--suffix", "s", "--epochs", "2", "--seed", "7");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("Ordered ftjob-1");
        assertThat(agent.last().text())
                .contains("\"model\":\"m\"", "\"training_file\":\"file-1\"", "\"n_epochs\":2", "\"seed\":7");
    }

    @Test
    void runningTextIsAStageOfItsOwn() {
        agent.run("job", "create", data.toString(), "--model", "m", "--stage", "pt");
        assertThat(agent.last().text()).contains("\"llm_factory\":{\"stage\":\"pt\"}");
    }

    @Test
    void waitingTellsHowItComesAlong() {
        agent.on(
                "GET " + JOBS + "/ftjob-1",
                "{\"id\": \"ftjob-1\", \"status\": \"succeeded\", \"fine_tuned_model\": \"ft:m:o:s:1\","
                        + " \"llm_factory\": {\"step\": 5, \"plan\": {\"steps\": 10}}}");
        Result result = agent.run("job", "create", data.toString(), "--model", "m", "--wait");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("step 5 of 10, loss 1.250", "Trained ft:m:o:s:1");
    }

    @Test
    void aFailureIsToldInTheAgentsWords() {
        agent.on(
                "GET " + JOBS + "/ftjob-1",
                "{\"id\": \"ftjob-1\", \"status\": \"failed\", \"error\": {\"message\": \"line 2: no answer\"}}");
        Result result = agent.run("job", "create", data.toString(), "--model", "m", "--wait");

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("has failed: line 2: no answer");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Result result = agent.run("job", "create", home.resolve("none.jsonl").toString(), "--model", "m");
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("There is no file", "none.jsonl");
    }

    @Test
    void differencesAreShown() {
        agent.on(
                "GET /v1/fine_tuning/compare",
                "{\"parameters\": [{\"name\": \"seed\", \"values\": [\"1\", \"2\"], \"differs\": true}, {\"name\": \"model\","
                        + " \"values\": [\"m\", \"m\"], \"differs\": false}], \"metrics\": [{\"name\": \"final_train_loss\","
                        + " \"values\": [1.5, null], \"differs\": true}]}");
        Result result = agent.run("job", "compare", "ftjob-1", "ftjob-2");

        assertThat(result.out())
                .contains("seed: 1 | 2", "final_train_loss: 1.5 | -")
                .doesNotContain("model");
        assertThat(agent.last().line()).contains("jobs=ftjob-1,ftjob-2");
    }

    @Test
    void aRunIsDoneAgain() {
        agent.on("POST " + JOBS + "/ftjob-1/record/reproduce", "{\"id\": \"ftjob-2\"}");
        assertThat(agent.run("job", "reproduce", "ftjob-1").out()).contains("Ordered ftjob-2");
    }

    @Test
    void aRecordIsWrittenWholeOrNotAtAll() throws IOException {
        Path file = home.resolve("record.json");
        agent.on("GET " + JOBS + "/ftjob-1/record", "{\"object\": \"record\"}")
                .on("GET " + JOBS + "/ftjob-2/record", 404, "{\"error\": {\"message\": \"There is no job.\"}}");

        assertThat(agent.run("job", "export", "ftjob-1", file.toString()).exitCode())
                .isZero();
        assertThat(agent.run("job", "export", "ftjob-2", file.toString()).exitCode())
                .isNotZero();
        assertThat(file).hasContent("{\"object\": \"record\"}");
        assertThat(home.resolve("record.json.part")).doesNotExist();
    }

    @Test
    void jobsAreHaltedAndGoOn() {
        for (String action : new String[] {"cancel", "pause", "resume"}) {
            agent.on("POST " + JOBS + "/ftjob-1/" + action, "{\"id\": \"ftjob-1\"}");
            assertThat(agent.run("job", action, "ftjob-1").exitCode()).isZero();
        }
    }
}
