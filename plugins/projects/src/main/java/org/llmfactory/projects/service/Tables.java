package org.llmfactory.projects.service;

import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.llmfactory.projects.state.GroupMapping;
import org.llmfactory.projects.store.OrganizationStore;
import org.llmfactory.projects.store.PresetStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugin's tables, opened once for all its components. A service within this bundle. */
@Component(service = Tables.class, configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class Tables implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

    private final ChangeFeed feed;
    private final OrganizationStore organization;
    private final PresetStore presets;
    private final boolean admitNewcomers;

    @Activate
    public Tables(@Reference Database database, Config config) {
        this(database, GroupMapping.parse(List.of(config.groupMapping()), Tables::complain), config.admitNewcomers());
    }

    Tables(Database database, GroupMapping mapping, boolean admitNewcomers) {
        Jdbi jdbi = database.open("projects", Tables.class);
        this.feed = database.changes();
        this.organization = new OrganizationStore(jdbi, feed, mapping);
        this.presets = new PresetStore(jdbi, feed);
        this.admitNewcomers = admitNewcomers;
    }

    private static void complain(String line) {
        LOG.error(
                "The line '{}' of groupMapping in {} gives nobody anything: write 'group=organization:owner' or"
                        + " 'group=proj_x:member'.",
                line,
                Config.PID);
    }

    public ChangeFeed feed() {
        return feed;
    }

    public OrganizationStore organization() {
        return organization;
    }

    public PresetStore presets() {
        return presets;
    }

    /** Whether people who were not invited are let in. */
    public boolean admitNewcomers() {
        return admitNewcomers;
    }

    @Override
    @Deactivate
    public void close() {
        organization.close();
        presets.close();
    }
}
