package org.llmfactory.database.probe;

import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.database.Database;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;

/** Opens its tables as soon as there is a database, adds a visit, and offers how many there have been. */
public final class ProbeActivator implements BundleActivator {
    private ServiceTracker<Database, ServiceRegistration<?>> tracker;

    @Override
    public void start(BundleContext context) {
        tracker = new ServiceTracker<>(context, Database.class, null) {
            @Override
            public ServiceRegistration<?> addingService(ServiceReference<Database> reference) {
                Jdbi tables = context.getService(reference).open("probe", ProbeActivator.class);
                return context.registerService(
                        Supplier.class, () -> visit(tables), FrameworkUtil.asDictionary(Map.of("probe", true)));
            }

            @Override
            public void removedService(ServiceReference<Database> reference, ServiceRegistration<?> offered) {
                offered.unregister();
            }
        };
        tracker.open();
    }

    @Override
    public void stop(BundleContext context) {
        tracker.close();
    }

    private static Object visit(Jdbi tables) {
        return tables.inTransaction(handle -> {
            handle.createUpdate("INSERT INTO visit (id, story) VALUES (:id, :story)")
                    .bind("id", UUID.randomUUID().toString())
                    .bind("story", "x".repeat(50_000))
                    .execute();
            return handle.createQuery("SELECT COUNT(*) FROM visit")
                    .mapTo(Integer.class)
                    .one();
        });
    }
}
