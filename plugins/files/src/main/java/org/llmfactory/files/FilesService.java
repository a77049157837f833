package org.llmfactory.files;

import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.database.Database;
import org.llmfactory.files.store.Limits;
import org.llmfactory.files.store.StoredFiles;
import org.llmfactory.files.store.StoredUploads;
import org.llmfactory.files.store.Sweeper;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The files of all projects: a {@link FileCatalog} for others, with uploads for this plugin's own interface. */
@Component(
        service = {FileCatalog.class, FilesService.class},
        configurationPid = "org.llmfactory.files")
@Designate(ocd = FilesService.Config.class)
public final class FilesService implements FileCatalog {
    /** How much is taken. */
    @ObjectClassDefinition(name = "LLM Factory: files")
    public @interface Config {
        @AttributeDefinition(description = "Bytes of a file that comes in one piece")
        long maxFileBytes() default 512L << 20;

        @AttributeDefinition(description = "Bytes of a file that comes in parts")
        long maxUploadBytes() default 8L << 30;

        @AttributeDefinition(description = "How often expired files and leftovers are removed, in minutes")
        int sweepMinutes() default 60;
    }

    private final StoredFiles files;
    private final StoredUploads uploads;
    private final Sweeper sweeper;

    @Activate
    public FilesService(
            Config config, @Reference Database database, @Reference ObjectStore store, @Reference Ledger ledger) {
        this(
                database,
                store,
                ledger,
                new Limits(
                        config.maxFileBytes(),
                        config.maxUploadBytes(),
                        Limits.DEFAULT.partBytes(),
                        Limits.DEFAULT.uploadTime()),
                Clock.systemUTC());
        if (config.sweepMinutes() < 1) {
            throw new IllegalArgumentException("sweepMinutes must be at least 1.");
        }
        sweeper.start(Duration.ofMinutes(config.sweepMinutes()));
    }

    /** Files that nobody sweeps. */
    public FilesService(Database database, ObjectStore store, Ledger ledger, Limits limits, Clock clock) {
        Jdbi tables = database.open("files", FilesService.class);
        this.files = new StoredFiles(tables, store, ledger, limits, clock);
        this.uploads = new StoredUploads(tables, store, files, ledger, limits, clock);
        this.sweeper = new Sweeper(tables, store, files, clock);
    }

    @Deactivate
    public void close() {
        sweeper.close();
    }

    public StoredFiles files() {
        return files;
    }

    public StoredUploads uploads() {
        return uploads;
    }

    public Sweeper sweeper() {
        return sweeper;
    }

    @Override
    public Optional<FileInfo> find(String project, String id) {
        return files.find(project, id);
    }

    @Override
    public FileInfo add(Label label, InputStream content) {
        return files.add(label, content);
    }

    @Override
    public boolean delete(String project, String id) {
        return files.delete(project, id);
    }
}
