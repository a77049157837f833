package org.llmfactory.api.identity.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;

/** What every {@link Directory} must do. A provider's test extends it, and says how people get into its directory. */
public abstract class DirectoryContract {
    /** A project that is there and has no members. */
    protected static final String PROJECT = "proj_default";

    /** A directory without people that lets no newcomers in; the same one during one test. */
    protected abstract Directory directory();

    /** Adds a person and says his id. */
    protected abstract String add(String email, OrganizationRole role);

    /** Gives a person a role in a project. */
    protected abstract void join(String user, String project, ProjectRole role);

    /** Takes a person out of a project. */
    protected abstract void leave(String user, String project);

    /** Opens an invitation and says the secret of its link. */
    protected abstract String invite(String email);

    @Test
    protected void nobodyIsKnownAtFirst() {
        assertThat(directory().user("user-1")).isEmpty();
        assertThat(directory().userByEmail("ada@example.org")).isEmpty();
        assertThat(directory().memberships("user-1")).isEmpty();
    }

    @Test
    protected void aPersonIsFoundByIdAndByAddressInAnyCase() {
        String id = add("ada@example.org", OrganizationRole.READER);

        assertThat(directory().user(id)).map(User::role).contains(OrganizationRole.READER);
        assertThat(directory().userByEmail("Ada@Example.ORG")).map(User::id).contains(id);
        assertThat(directory().user(id)).map(User::email).contains("ada@example.org");
    }

    @Test
    protected void rolesComeAndGoAtOnce() {
        String id = add("ada@example.org", OrganizationRole.READER);

        join(id, PROJECT, ProjectRole.MEMBER);
        assertThat(directory().memberships(id)).isEqualTo(Map.of(PROJECT, ProjectRole.MEMBER));
        join(id, PROJECT, ProjectRole.MAINTAINER);
        assertThat(directory().memberships(id)).isEqualTo(Map.of(PROJECT, ProjectRole.MAINTAINER));
        leave(id, PROJECT);
        assertThat(directory().memberships(id)).isEmpty();
    }

    @Test
    protected void aStrangerIsNotLetIn() {
        assertThatThrownBy(() -> directory().signedIn("eve@example.org", "Eve", Set.of()))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
        assertThat(directory().userByEmail("eve@example.org")).isEmpty();
    }

    @Test
    protected void aKnownPersonSignsIn() {
        String id = add("ada@example.org", OrganizationRole.READER);

        assertThat(directory()
                        .signedIn("Ada@example.org", "Ada", Set.of("nobody-knows"))
                        .id())
                .isEqualTo(id);
    }

    @Test
    protected void anInvitationLetsInOnce() {
        String token = invite("ada@example.org");

        User user = directory().accept(token, "Ada");

        assertThat(user.email()).isEqualTo("ada@example.org");
        assertThat(directory().user(user.id())).isPresent();
        assertThatThrownBy(() -> directory().accept(token, "Ada"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    protected void aWrongInvitationLetsNobodyIn() {
        invite("ada@example.org");

        assertThatThrownBy(() -> directory().accept("' OR '1'='1", "Eve"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }
}
