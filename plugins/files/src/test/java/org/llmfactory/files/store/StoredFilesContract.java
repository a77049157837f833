package org.llmfactory.files.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileCatalog.Label;
import org.llmfactory.api.file.testing.FileCatalogContract;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.database.Database;
import org.llmfactory.files.FilesService;

/** What the stored files do on every product. */
abstract class StoredFilesContract extends FileCatalogContract {
    private static final Label LABEL = new Label(PROJECT, "user-1", "data.txt", "user_data");
    private static final Actor ACTOR = Actor.system();
    private static final Limits SMALL = new Limits(100, 1000, 10, Duration.ofHours(1));

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryLedger ledger = new InMemoryLedger();
    private FilesService service;

    abstract Database database();

    abstract void closeDatabase();

    @BeforeEach
    void open() {
        service = at(Clock.systemUTC());
    }

    private FilesService at(Clock clock) {
        return new FilesService(database(), store, ledger, SMALL, clock);
    }

    private FilesService later(Duration time) {
        return at(Clock.fixed(Instant.now().plus(time), ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        service.close();
        closeDatabase();
    }

    @Override
    protected FileCatalog catalog() {
        return service;
    }

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Test
    void everyChangeIsInTheLedger() {
        Entry file = add("abc", Optional.empty());
        service.files().delete(PROJECT, file.file().id(), ACTOR);

        assertThat(ledger.types()).containsExactly("file.created", "file.deleted");
    }

    @Test
    void aFileThatCannotBeEnteredInTheLedgerIsNotThere() throws IOException {
        StoredFiles files = new FilesService(database(), store, new RefusingLedger(), SMALL, Clock.systemUTC()).files();
        StoredFiles.Received received = files.receive(PROJECT, stream("abc"));

        assertThatThrownBy(() -> files.accept(received, LABEL, StoredFiles.Terms.NONE, ACTOR, (handle, file) -> {}))
                .isInstanceOf(FactoryException.class);
        assertThat(files.list(PROJECT, null, null, true, 10)).isEmpty();
        assertThat(store.list("projects")).isEmpty();
    }

    @Test
    void whatIsTooLargeLeavesNothing() throws IOException {
        assertCode(ErrorCode.PAYLOAD_TOO_LARGE, () -> service.files().receive(PROJECT, stream("x".repeat(101))));
        assertThat(store.list("projects")).isEmpty();
    }

    @Test
    void filesAreListedPageByPage() {
        List<String> ids = List.of(id("a"), id("b"), id("c"));
        StoredFiles files = service.files();

        List<String> all = ids(files.list(PROJECT, null, null, false, 10));
        assertThat(all).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(ids(files.list(PROJECT, null, all.get(0), false, 10))).isEqualTo(all.subList(1, 3));
        assertThat(ids(files.list(PROJECT, null, null, true, 1))).containsExactly(all.get(2));
        assertThat(files.list(PROJECT, "batch", null, true, 10)).isEmpty();
        assertThat(files.list(OTHER_PROJECT, null, null, true, 10)).isEmpty();
        assertCode(ErrorCode.INVALID_VALUE, () -> files.list(OTHER_PROJECT, null, all.get(0), true, 10));
    }

    @Test
    void anExpiredFileIsNotShownAndIsSweptAway() throws IOException {
        Entry file = add("abc", Optional.of(Duration.ofHours(2)));
        Entry kept = add("def", Optional.empty());
        FilesService late = later(Duration.ofHours(3));

        assertThat(late.find(PROJECT, file.file().id())).isEmpty();
        assertThat(ids(late.files().list(PROJECT, null, null, true, 10)))
                .containsExactly(kept.file().id());
        late.sweeper().sweep();
        assertThat(store.list("projects"))
                .extracting(object -> object.key())
                .containsExactly(kept.file().key());
        assertThat(ledger.types()).endsWith("file.expired");
        late.close();
    }

    @Test
    void whatAKillLeftBehindIsSweptAwayAfterAWhile() throws IOException {
        service.files().receive(PROJECT, stream("abc"));
        store.put("projects/proj_a/other/thing", stream("not ours"));
        Upload upload = service.uploads().create(LABEL, 6, Optional.empty(), ACTOR);
        service.uploads().addPart(upload, stream("abc"));

        service.sweeper().sweep();
        assertThat(store.list("projects")).hasSize(3);
        FilesService late = later(Duration.ofHours(2));
        late.sweeper().sweep();
        assertThat(store.list("projects"))
                .extracting(object -> object.key())
                .containsExactly("projects/proj_a/other/thing");
        late.close();
    }

    @Test
    void partsBecomeAFileInTheOrderThatIsSaid() throws IOException {
        StoredUploads uploads = service.uploads();
        Upload upload = uploads.create(LABEL, 6, Optional.empty(), ACTOR);
        String second = uploads.addPart(upload, stream("def")).id();
        String first = uploads.addPart(upload, stream("abc")).id();

        assertCode(ErrorCode.INVALID_VALUE, () -> complete(upload, List.of(first), Optional.empty()));
        assertCode(ErrorCode.INVALID_VALUE, () -> complete(upload, List.of(first, first), Optional.empty()));
        assertCode(ErrorCode.INVALID_VALUE, () -> complete(upload, List.of(first, "part_x"), Optional.empty()));
        assertCode(ErrorCode.INVALID_VALUE, () -> complete(upload, List.of(first, second), Optional.of("00")));
        Entry file = complete(upload, List.of(first, second), Optional.of("e80b5017098950fc58aad83c8c14978e"));

        try (var content = service.files().open(file.file(), 0)) {
            assertThat(content.readAllBytes()).asString().isEqualTo("abcdef");
        }
        assertThat(store.list("projects"))
                .extracting(object -> object.key())
                .containsExactly(file.file().key());
        assertThat(uploads.find(PROJECT, upload.id()).orElseThrow().file())
                .contains(file.file().id());
        assertCode(ErrorCode.INVALID_REQUEST, () -> complete(upload, List.of(first, second), Optional.empty()));
        assertThat(ids(service.files().list(PROJECT, null, null, true, 10))).hasSize(1);
    }

    @Test
    void uploadsThatEndedTakeNothingMore() throws IOException {
        StoredUploads uploads = service.uploads();
        Upload upload = uploads.create(LABEL, 6, Optional.empty(), ACTOR);
        uploads.addPart(upload, stream("abc"));
        FilesService late = later(Duration.ofMinutes(61));
        assertCode(ErrorCode.INVALID_REQUEST, () -> late.uploads().addPart(upload, stream("def")));
        assertThat(late.uploads().find(PROJECT, upload.id()).orElseThrow().status())
                .isEqualTo(Upload.Status.EXPIRED);
        late.close();

        uploads.cancel(upload, ACTOR);
        assertThat(store.list("projects")).isEmpty();
        assertCode(ErrorCode.INVALID_REQUEST, () -> uploads.addPart(upload, stream("def")));
        assertCode(
                ErrorCode.PAYLOAD_TOO_LARGE,
                () -> uploads.addPart(uploads.create(LABEL, 500, Optional.empty(), ACTOR), stream("x".repeat(11))));
        assertCode(ErrorCode.INVALID_VALUE, () -> uploads.create(LABEL, 1001, Optional.empty(), ACTOR));
        assertThat(store.list("projects")).isEmpty();
        assertThat(ledger.events()).extracting(AuditEvent::type).contains("upload.created", "upload.cancelled");
    }

    private Entry complete(Upload upload, List<String> order, Optional<String> md5) {
        return service.uploads().complete(upload, order, md5, received -> {}, ACTOR);
    }

    private Entry add(String content, Optional<Duration> lifetime) {
        StoredFiles.Received received = service.files().receive(PROJECT, stream(content));
        return service.files()
                .accept(
                        received,
                        LABEL,
                        new StoredFiles.Terms(lifetime, Optional.empty()),
                        ACTOR,
                        (handle, file) -> {});
    }

    private String id(String content) {
        return add(content, Optional.empty()).file().id();
    }

    private static List<String> ids(List<Entry> entries) {
        return entries.stream().map(entry -> entry.file().id()).toList();
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertCode(ErrorCode code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
