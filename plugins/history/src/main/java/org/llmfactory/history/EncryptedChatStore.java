package org.llmfactory.history;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.chat.StoredChat;
import org.llmfactory.api.project.Projects;
import org.llmfactory.database.Database;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Chats in the database. What was said, and the metadata, are encrypted under a key of the project; who asked which model and
 * when is not, since chats are listed by it. What has been kept long enough is not shown, whether it is deleted already or
 * not.
 */
@Component(service = ChatStore.class, configurationPid = "org.llmfactory.history")
@Designate(ocd = EncryptedChatStore.Config.class)
public final class EncryptedChatStore implements ChatStore {
    /** How chats are kept. */
    @ObjectClassDefinition(name = "Stored chats")
    public @interface Config {
        /** How often expired chats are deleted. */
        @AttributeDefinition(
                name = "Sweep (minutes)",
                description =
                        "How often chats that their project does not keep any longer are deleted. They are not shown"
                                + " meanwhile.")
        int sweepMinutes() default 60;
    }

    private final ChatTable chats;
    private final ProjectKeys keys;
    private final Retention retention;
    private final Sweeper sweeper;

    @Activate
    public EncryptedChatStore(
            Config config, @Reference Database database, @Reference Home home, @Reference Projects projects) {
        this(database, home, projects, Clock.systemUTC());
        if (config.sweepMinutes() < 1) {
            throw new IllegalArgumentException("sweepMinutes must be at least 1.");
        }
        sweeper.start(Duration.ofMinutes(config.sweepMinutes()));
    }

    EncryptedChatStore(Database database, Home home, Projects projects, Clock clock) {
        Jdbi tables = database.open("history", EncryptedChatStore.class);
        this.chats = new ChatTable(tables);
        this.keys = new ProjectKeys(tables, home.secrets().resolve("chat.key"));
        this.retention = new Retention(projects, clock);
        this.sweeper = new Sweeper(chats, retention);
    }

    @Deactivate
    void close() {
        sweeper.close();
    }

    @Override
    public void save(StoredChat chat) {
        ProjectCipher cipher = keys.cipher(chat.project());
        chats.save(cipher.seal(chat), retention.expiry(chat.project(), chat.created()), cipher.labels(chat.metadata()));
    }

    @Override
    public Optional<StoredChat> find(String project, String id) {
        return keys.existing(project)
                .flatMap(cipher ->
                        chats.find(project, id, retention.since(project)).map(cipher::open));
    }

    @Override
    public List<StoredChat> list(Query query) {
        Optional<ProjectCipher> cipher = keys.existing(query.project());
        if (cipher.isEmpty()) {
            return List.of();
        }
        ChatTable.Search search = new ChatTable.Search(
                query.project(),
                retention.since(query.project()),
                query.owner(),
                query.model(),
                cipher.get().labels(query.metadata()),
                query.after(),
                query.limit(),
                query.descending());
        return chats.list(search).stream().map(cipher.get()::open).toList();
    }

    @Override
    public Optional<StoredChat> update(String project, String id, Map<String, String> metadata) {
        return keys.existing(project)
                .flatMap(cipher -> chats.update(
                                project,
                                id,
                                retention.since(project),
                                cipher.sealMetadata(id, metadata),
                                cipher.labels(metadata))
                        .map(cipher::open));
    }

    @Override
    public boolean delete(String project, String id) {
        return chats.delete(project, id, retention.since(project));
    }

    /** Deletes what has expired, now; says how many. */
    int sweep() {
        return sweeper.sweep();
    }
}
