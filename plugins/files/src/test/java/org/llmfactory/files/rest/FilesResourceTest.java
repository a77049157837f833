package org.llmfactory.files.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.StreamingOutput;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.database.testing.CleanDatabase;
import org.llmfactory.datasets.DatasetReport;
import org.llmfactory.files.FilesService;
import org.llmfactory.files.store.Limits;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.testing.TypeHeader;

final class FilesResourceTest {
    private static final SecurityContext USER = security(InMemoryAuthenticator.USER);
    private static final SecurityContext MEMBER =
            security(InMemoryAuthenticator.user("user-4", Caller.DEFAULT_PROJECT, ProjectRole.MEMBER));
    private static final SecurityContext MAINTAINER =
            security(InMemoryAuthenticator.user("user-2", Caller.DEFAULT_PROJECT, ProjectRole.MAINTAINER));
    private static final SecurityContext OUTSIDER =
            security(InMemoryAuthenticator.user("user-3", "proj_other", ProjectRole.OWNER));
    private static final String TYPE = "multipart/form-data; boundary=edge";
    private static final String ROW =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"%d\"},{\"role\":\"assistant\",\"content\":\"yes\"}]}\n";

    private final CleanDatabase database = new CleanDatabase();
    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final FilesService service = new FilesService(database, store, ledger, Limits.DEFAULT, Clock.systemUTC());
    private final FilesResource files = new FilesResource(service.files());
    private final UploadsResource uploads = new UploadsResource(service);
    private final DatasetsResource datasets = new DatasetsResource(
            service.files(), new Tokenizers(new InMemoryProjects(), List.of(StubLocalModel.of("tiny"))));
    private final DerivedFilesResource derived = new DerivedFilesResource(service.files());

    @AfterEach
    void close() {
        service.close();
        database.close();
    }

    @Test
    void aFileIsOpenAisObjectWhateverTheOrderOfTheParts() throws IOException {
        FileObject first = send(USER, file("a.txt", "abc") + text("purpose", "user_data"));
        FileObject second = send(
                USER,
                text("purpose", "batch")
                        + text("expires_after[anchor]", "created_at")
                        + text("expires_after[seconds]", "3600")
                        + file("../b\\c.txt", "abc"));

        JsonNode json = Json.MAPPER.readTree(Json.write(first));
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("id", "object", "bytes", "created_at", "filename", "purpose", "status");
        assertThat(json.path("status").asText()).isEqualTo("processed");
        assertThat(second.filename()).isEqualTo("c.txt");
        assertThat(second.expiresAt()).isEqualTo(second.createdAt() + 3600);
        assertThat(files.get(MEMBER, first.id())).isEqualTo(first);
        assertThat(files.list(USER, null, null, "asc", null).data()).containsExactlyInAnyOrder(first, second);
        assertThat(files.list(USER, "batch", "1", null, null).data()).containsExactly(second);
        assertThat(files.list(USER, null, "1", null, null).hasMore()).isTrue();
    }

    @Test
    void whatIsRefusedLeavesNothing() throws IOException {
        for (String parts : List.of(
                file("a", "abc"),
                file("a", "abc") + text("purpose", "nonsense"),
                file("a", "") + text("purpose", "user_data"),
                text("purpose", "user_data"),
                file("a.jsonl", "{\"messages\":[]}") + text("purpose", "fine-tune"),
                file("a.jsonl", "a\u0000b") + text("purpose", "fine-tune"),
                file("a", "abc") + text("purpose", "batch") + text("expires_after[seconds]", "1"))) {
            assertThatThrownBy(() -> send(USER, parts)).isInstanceOf(FactoryException.class);
        }
        assertCode(ErrorCode.INVALID_REQUEST, () -> sendRaw(USER, file("a", "abc")));
        assertThat(store.list("projects")).isEmpty();
        assertThat(files.list(USER, null, null, null, null).data()).isEmpty();
        assertThat(ledger.types()).isEmpty();
    }

    @Test
    void aFileIsTheProjectsAndItsOwnersToRemove() {
        String id =
                send(USER, file("a.txt", "abc") + text("purpose", "user_data")).id();

        assertCode(ErrorCode.NOT_FOUND, () -> files.get(OUTSIDER, id));
        assertCode(ErrorCode.NOT_FOUND, () -> files.delete(OUTSIDER, id));
        assertCode(ErrorCode.NOT_FOUND, () -> files.content(OUTSIDER, new TypeHeader(TYPE, null), id));
        assertThat(files.list(OUTSIDER, null, null, null, null).data()).isEmpty();
        assertCode(ErrorCode.PERMISSION_DENIED, () -> files.delete(MEMBER, id));
        assertThat(files.delete(MAINTAINER, id).deleted()).isTrue();
        assertCode(ErrorCode.NOT_FOUND, () -> files.get(USER, id));
        assertThat(ledger.types()).containsExactly("file.created", "file.deleted");
    }

    @Test
    void contentComesWholeOrInRanges() throws IOException {
        String id = send(USER, file("a.txt", "0123456789") + text("purpose", "user_data"))
                .id();

        assertContent(id, null, 200, "0123456789");
        assertContent(id, "bytes=2-4", 206, "234");
        assertContent(id, "bytes=7-", 206, "789");
        assertContent(id, "bytes=-3", 206, "789");
        assertContent(id, "bytes=8-100", 206, "89");
        assertContent(id, "bytes=0-1,3-4", 200, "0123456789");
        assertThat(files.content(USER, new TypeHeader(TYPE, "bytes=10-"), id).getStatus())
                .isEqualTo(416);
        assertThat(ledger.types()).contains("file.read");
    }

    @Test
    void anUploadComesInPartsAndIsItsOwners() throws IOException {
        var body = new ObjectMapper().createObjectNode();
        body.put("filename", "a.txt")
                .put("purpose", "user_data")
                .put("bytes", 6)
                .put("mime_type", "text/plain");
        UploadObject upload = uploads.create(USER, body);
        String second = part(upload.id(), "def");
        String first = part(upload.id(), "abc");
        var order = new ObjectMapper().createObjectNode();
        order.putArray("part_ids").add(first).add(second);

        assertThat(upload.status()).isEqualTo("pending");
        assertCode(ErrorCode.NOT_FOUND, () -> uploads.cancel(MEMBER, upload.id()));
        UploadObject completed = uploads.complete(USER, upload.id(), order);
        assertThat(completed.status()).isEqualTo("completed");
        assertContent(completed.file().id(), null, 200, "abcdef");
        UploadObject other = uploads.create(USER, body);
        assertThat(uploads.cancel(USER, other.id()).status()).isEqualTo("cancelled");
    }

    @Test
    void dataSetsAreLookedInto() {
        String id = train(10, 3);

        DatasetReport report = datasets.report(USER, id, "tiny");
        assertThat(report.rows()).isEqualTo(13);
        assertThat(report.duplicates().rows()).isEqualTo(3);
        assertThat(report.tokens()).isNotNull();
        assertCode(ErrorCode.MODEL_NOT_FOUND, () -> datasets.report(USER, id, "huge"));
        DatasetsResource.RowList rows = datasets.rows(USER, id, "4", "2");
        assertThat(rows.data()).extracting(DatasetsResource.RowObject::line).containsExactly(5, 6);
        assertThat(rows.hasMore()).isTrue();
        assertThat(datasets.rows(USER, id, "12", null).data()).hasSize(1);
    }

    @Test
    void filesAreMadeOfFilesAndSayOfWhich() {
        String id = train(200, 5);
        var how = new ObjectMapper().createObjectNode().put("fraction", 0.2).put("seed", 7);

        List<FileObject> sides = derived.split(USER, id, how).data();
        FileObject distinct = derived.dedupe(USER, id);
        var which = new ObjectMapper().createObjectNode();
        which.putArray("file_ids").add(sides.get(0).id()).add(sides.get(1).id());
        FileObject merged = derived.merge(USER, which);

        assertThat(sides).extracting(FileObject::filename).containsExactly("t.rest.jsonl", "t.held_out.jsonl");
        assertThat(sides.get(1).lineage()).contains("\"seed\":7", id);
        assertThat(datasets.report(USER, distinct.id(), null).rows()).isEqualTo(200);
        assertThat(datasets.report(USER, merged.id(), null).rows()).isEqualTo(205);
        assertThat(datasets.difference(USER, id, merged.id()).common()).isEqualTo(200);
        assertThat(datasets.difference(USER, sides.get(0).id(), sides.get(1).id())
                        .common())
                .isZero();
        assertCode(ErrorCode.NOT_FOUND, () -> derived.split(OUTSIDER, id, how));
    }

    private String train(int rows, int repeated) {
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < rows + repeated; i++) {
            data.append(ROW.formatted(i % rows));
        }
        return send(USER, text("purpose", "fine-tune") + file("t.jsonl", data.toString()))
                .id();
    }

    private String part(String upload, String content) {
        String part = "--edge\r\nContent-Disposition: form-data; name=\"data\"; filename=\"p\"\r\n\r\n" + content
                + "\r\n--edge--\r\n";
        return uploads.addPart(USER, new TypeHeader(TYPE, null), upload, new ByteArrayInputStream(part.getBytes(UTF_8)))
                .id();
    }

    private void assertContent(String id, String range, int status, String content) throws IOException {
        try (Response answer = files.content(USER, new TypeHeader(TYPE, range), id)) {
            assertThat(answer.getStatus()).isEqualTo(status);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ((StreamingOutput) answer.getEntity()).write(out);
            assertThat(out.toString(UTF_8)).isEqualTo(content);
            assertThat(answer.getHeaderString("Content-Length")).isEqualTo(String.valueOf(content.length()));
        }
    }

    private FileObject send(SecurityContext caller, String parts) {
        return sendRaw(caller, parts + "--edge--\r\n");
    }

    private FileObject sendRaw(SecurityContext caller, String body) {
        return files.create(caller, new TypeHeader(TYPE, null), new ByteArrayInputStream(body.getBytes(UTF_8)));
    }

    private static SecurityContext security(Caller caller) {
        return Callers.securityContext(caller, "127.0.0.1", false);
    }

    private static String text(String name, String value) {
        return "--edge\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static String file(String name, String content) {
        return "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + content
                + "\r\n";
    }

    private static void assertCode(ErrorCode code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
