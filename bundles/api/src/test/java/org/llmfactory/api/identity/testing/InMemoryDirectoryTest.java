package org.llmfactory.api.identity.testing;

import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;

final class InMemoryDirectoryTest extends DirectoryContract {
    private final InMemoryDirectory directory = new InMemoryDirectory();
    private int people;

    @Override
    protected Directory directory() {
        return directory;
    }

    @Override
    protected String add(String email, OrganizationRole role) {
        people++;
        return directory.add("user-of-test-" + people, email, role).id();
    }

    @Override
    protected void join(String user, String project, ProjectRole role) {
        directory.join(user, project, role);
    }

    @Override
    protected void leave(String user, String project) {
        directory.leave(user, project);
    }

    @Override
    protected String invite(String email) {
        String token = "token-for-" + email;
        directory.invite(token, email);
        return token;
    }
}
