package org.llmfactory.database.internal;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The notifications that reached one connection. JDBC has no word for them, so they are asked of the driver by the names of
 * its own interfaces: the driver is a bundle that comes, goes and is updated, and this bundle is not wired to it.
 */
final class PostgresNotices {
    private final Object connection;
    private final Method getNotifications;
    private final Method getParameter;

    /** The notifications of a connection of the PostgreSQL driver that listens already. */
    PostgresNotices(Connection connection) throws SQLException {
        try {
            ClassLoader driver = connection.getClass().getClassLoader();
            Class<?> type = Class.forName("org.postgresql.PGConnection", false, driver);
            this.connection = connection.unwrap(type);
            this.getNotifications = type.getMethod("getNotifications", int.class);
            this.getParameter = Class.forName("org.postgresql.PGNotification", false, driver)
                    .getMethod("getParameter");
        } catch (ReflectiveOperationException e) {
            throw new SQLException("The PostgreSQL driver tells nothing of notifications; use version 42.", e);
        }
    }

    /**
     * Waits for notifications.
     *
     * @param deadline how long at most, at least a millisecond
     * @return what they say, in order; empty when there were none
     */
    List<String> await(Duration deadline) throws SQLException {
        Object found = call(getNotifications, connection, (int) deadline.toMillis());
        List<String> notices = new ArrayList<>();
        int count = found == null ? 0 : Array.getLength(found);
        for (int i = 0; i < count; i++) {
            notices.add(String.valueOf(call(getParameter, Array.get(found, i))));
        }
        return notices;
    }

    private static Object call(Method method, Object target, Object... arguments) throws SQLException {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new SQLException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new SQLException(e);
        }
    }
}
