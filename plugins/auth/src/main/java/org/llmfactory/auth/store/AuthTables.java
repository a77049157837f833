package org.llmfactory.auth.store;

import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.agent.Home;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.llmfactory.database.SecretFile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The plugin's tables, brought up to date, with the news of their changes and the pepper of their hashes. */
@Component(service = AuthTables.class)
public final class AuthTables {
    private static final int PEPPER_BYTES = 32;

    private final Jdbi jdbi;
    private final ChangeFeed changes;
    private final Pepper pepper;

    @Activate
    public AuthTables(@Reference Database database, @Reference Home home) {
        this.pepper = new Pepper(SecretFile.readOrCreate(home.secrets().resolve("auth.pepper"), PEPPER_BYTES));
        this.jdbi = database.open("auth", AuthTables.class);
        this.changes = database.changes();
    }

    public Jdbi jdbi() {
        return jdbi;
    }

    public ChangeFeed changes() {
        return changes;
    }

    public Pepper pepper() {
        return pepper;
    }
}
