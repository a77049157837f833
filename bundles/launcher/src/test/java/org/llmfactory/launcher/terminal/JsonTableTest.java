package org.llmfactory.launcher.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTableTest {
    @Test
    void fieldsOfInnerObjectsAreNamedByTheirPath() throws Exception {
        JsonNode key = Terminal.JSON.readTree("""
                {"object": "key", "id": "key_1", "owner": {"name": "ada", "role": null}, "areas": ["data", "reports"],
                 "models": [], "created_at": 1700000000, "expires_at": null}
                """);

        assertThat(JsonTable.fields(key))
                .containsExactly(
                        "id          key_1",
                        "owner.name  ada",
                        "areas       data, reports",
                        "created_at  2023-11-14T22:13:20Z");
        assertThat(JsonTable.rows(List.of(key), "owner.name", "expires_at")).containsExactly("name  expires", "ada");
    }

    @Test
    void aNameCannotWriteOverTheTerminal() throws Exception {
        JsonNode project = Terminal.JSON.readTree("{\"name\": \"a\\u001b[2Jb\\nproj_1\\tx\\u202ey\\u009bz\"}");

        assertThat(JsonTable.text(project, "name")).isEqualTo("a?[2Jb proj_1 x?y?z");
    }
}
