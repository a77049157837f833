package org.llmfactory.projects.store;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;

/** A change in the making: the tables it writes, and what will be said of it. Used by the thread that makes it. */
public final class Change {
    /** News for whoever keeps something in memory. */
    record News(String topic, String key) {
        News {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(key, "key");
        }
    }

    private final Handle handle;
    private final Actor actor;
    private final List<AuditEvent> events = new ArrayList<>();
    private final Set<News> news = new LinkedHashSet<>();

    Change(Handle handle, Actor actor) {
        this.handle = handle;
        this.actor = actor;
    }

    /** Who makes it. */
    public Actor actor() {
        return actor;
    }

    public UserTable users() {
        return new UserTable(handle);
    }

    public GroupTable groups() {
        return new GroupTable(handle);
    }

    public ProjectTable projects() {
        return new ProjectTable(handle);
    }

    public MemberTable members() {
        return new MemberTable(handle);
    }

    public ServiceAccountTable serviceAccounts() {
        return new ServiceAccountTable(handle);
    }

    public InvitationTable invitations() {
        return new InvitationTable(handle);
    }

    public PresetTable presets() {
        return new PresetTable(handle);
    }

    /** Enters it in the audit log, if it comes to be. */
    public void enter(String type, Optional<String> project, String resource, Map<String, Object> details) {
        events.add(AuditEvent.of(type, actor, project, resource).with(details));
    }

    /** Tells of it, once it has come to be. */
    public void tell(String topic, String key) {
        news.add(new News(topic, key));
    }

    Handle handle() {
        return handle;
    }

    List<AuditEvent> events() {
        return List.copyOf(events);
    }

    List<News> news() {
        return List.copyOf(news);
    }
}
