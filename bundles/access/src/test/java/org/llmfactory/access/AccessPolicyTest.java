package org.llmfactory.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;

/** Every row of role, action and resource, against what the table's words mean, written down a second time. */
final class AccessPolicyTest {
    private static final String HERE = "proj_here";
    private static final String ELSEWHERE = "proj_elsewhere";

    private static final List<OrganizationRole> ORGANIZATION_ROLES =
            List.of(OrganizationRole.NONE, OrganizationRole.READER, OrganizationRole.OWNER);
    private static final List<ProjectRole> PROJECT_ROLES =
            List.of(ProjectRole.VIEWER, ProjectRole.MEMBER, ProjectRole.MAINTAINER, ProjectRole.OWNER);

    /** A caller with a role here, or none at all, as the table's rows have him. */
    private static Caller caller(OrganizationRole organization, Optional<ProjectRole> role) {
        Map<String, ProjectRole> projects =
                role.map(present -> Map.of(HERE, present)).orElse(Map.of());
        return new Caller(
                Caller.Kind.USER, "user-me", HERE, organization, projects, Optional.of("key_1"), KeyScope.UNRESTRICTED);
    }

    static Stream<Arguments> rows() {
        return Stream.of(OrganizationRole.values())
                .flatMap(organization -> Stream.concat(
                                Stream.of(Optional.<ProjectRole>empty()),
                                Stream.of(ProjectRole.values()).map(Optional::of))
                        .flatMap(role -> Stream.of(Action.values())
                                .flatMap(action -> Stream.of(Visibility.values())
                                        .flatMap(visibility -> Stream.of(true, false)
                                                .flatMap(mine -> Stream.of(HERE, ELSEWHERE)
                                                        .map(project -> Arguments.of(
                                                                organization,
                                                                role,
                                                                action,
                                                                visibility,
                                                                mine,
                                                                project)))))));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowIsDecidedAsTheTableSays(
            OrganizationRole organization,
            Optional<ProjectRole> role,
            Action action,
            Visibility visibility,
            boolean mine,
            String project) {
        Resource resource =
                Resource.owned(project, Resource.Kind.FILE, "file-1", mine ? "user-me" : "user-other", visibility);

        boolean here = project.equals(HERE);
        int rank = role.map(PROJECT_ROLES::indexOf).orElse(-1);
        boolean organizationSuffices = action.organizationRole()
                .filter(needed -> ORGANIZATION_ROLES.indexOf(organization) >= ORGANIZATION_ROLES.indexOf(needed))
                .isPresent();
        boolean projectSuffices = action.projectRole()
                .filter(needed -> rank >= PROJECT_ROLES.indexOf(needed))
                .isPresent();
        boolean ownSuffices = action.ownRole()
                .filter(needed -> rank >= PROJECT_ROLES.indexOf(needed))
                .isPresent();
        boolean expected = (visibility != Visibility.PRIVATE && (organizationSuffices || (here && projectSuffices)))
                || (here && mine && ownSuffices)
                || (visibility == Visibility.PUBLIC && action.isForPublished() && ownSuffices);

        assertThat(AccessPolicy.allows(caller(organization, role), action, resource))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Action.class)
    void aKeyThatDoesNotOpenTheAreaOpensNothing(Action action) {
        Set<Area> others = Set.copyOf(
                Stream.of(Area.values()).filter(area -> area != action.area()).toList());
        Caller platform = Caller.platform();
        Caller narrowed = new Caller(
                platform.kind(),
                platform.id(),
                platform.project(),
                platform.organizationRole(),
                platform.projects(),
                platform.apiKey(),
                KeyScope.of(others));

        assertThat(AccessPolicy.allows(narrowed, action, Resource.project(Caller.DEFAULT_PROJECT)))
                .isFalse();
        assertThat(AccessPolicy.allows(narrowed, action, Resource.organization()))
                .isFalse();
    }

    @Test
    void aKeyForOneModelDoesNotOpenAnother() {
        Caller caller = narrowed(Optional.of(Set.of("smol")), Optional.of(Set.of("adapter-1")));

        assertThat(AccessPolicy.allows(caller, Action.GENERATE, model("smol"))).isTrue();
        assertThat(AccessPolicy.allows(caller, Action.GENERATE, model("large"))).isFalse();
        assertThat(AccessPolicy.allows(caller, Action.USE_ADAPTER, adapter("adapter-1")))
                .isTrue();
        assertThat(AccessPolicy.allows(caller, Action.USE_ADAPTER, adapter("adapter-2")))
                .isFalse();
    }

    @Test
    void unknownAndForbiddenLookTheSameToAnOutsider() {
        Caller outsider = caller(OrganizationRole.READER, Optional.of(ProjectRole.OWNER));
        for (Resource.Kind kind : Resource.Kind.values()) {
            Resource foreign = Resource.in(ELSEWHERE, kind, "x");
            FactoryException unknown = Resource.unknown(kind, "x");
            assertThatThrownBy(() -> AccessPolicy.check(outsider, Action.UPDATE_PROJECT, foreign))
                    .isInstanceOfSatisfying(FactoryException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(unknown.code());
                        assertThat(failure).hasMessage(unknown.getMessage());
                        assertThat(failure.parameter()).isEqualTo(unknown.parameter());
                    });
        }
    }

    @Test
    void nameThatACallerGaveIsNotAnsweredWithAnId() {
        Caller outsider = caller(OrganizationRole.OWNER, Optional.of(ProjectRole.OWNER));
        Resource foreign = Resource.owned(ELSEWHERE, Resource.Kind.PRESET, "preset_1", "other", Visibility.PROJECT);

        assertThatThrownBy(() -> AccessPolicy.check(outsider, Action.UPDATE_PRESET, foreign, "triage"))
                .hasMessage("The preset 'triage' does not exist or you do not have access to it.")
                .hasMessage(Resource.unknown(Resource.Kind.PRESET, "triage").getMessage());
    }

    @Test
    void whatIsPrivateIsUnknownToTheRestOfTheProject() {
        Caller maintainer = caller(OrganizationRole.READER, Optional.of(ProjectRole.MAINTAINER));
        Resource hidden = Resource.owned(HERE, Resource.Kind.ADAPTER, "a", "user-other", Visibility.PRIVATE);

        assertCode(ErrorCode.MODEL_NOT_FOUND, maintainer, Action.UPDATE_ADAPTER, hidden);
    }

    @Test
    void anInsiderIsToldWhatHeLacks() {
        Caller viewer = caller(OrganizationRole.READER, Optional.of(ProjectRole.VIEWER));

        assertThatThrownBy(() -> AccessPolicy.check(viewer, Action.MANAGE_MEMBERS, Resource.project(HERE)))
                .hasMessageContaining("owner in the project");
        assertCode(ErrorCode.PERMISSION_DENIED, viewer, Action.MANAGE_MEMBERS, Resource.project(HERE));
        assertCode(ErrorCode.PERMISSION_DENIED, viewer, Action.CREATE_PROJECT, Resource.organization());
    }

    @Test
    void theDoorLetsThroughWhoeverCouldDoItToHisOwn() {
        Caller member = caller(OrganizationRole.READER, Optional.of(ProjectRole.MEMBER));
        Caller viewer = caller(OrganizationRole.READER, Optional.of(ProjectRole.VIEWER));

        AccessPolicy.checkAny(member, Action.UPDATE_ADAPTER, HERE);
        assertThatThrownBy(() -> AccessPolicy.checkAny(viewer, Action.UPDATE_ADAPTER, HERE))
                .isInstanceOf(FactoryException.class);
        assertThatThrownBy(() -> AccessPolicy.checkAny(member, Action.UPDATE_ADAPTER, ELSEWHERE))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void theDoorRefusesWhatIsTheOrganizationsAlikeWhateverTheProject() {
        Caller outsider = caller(OrganizationRole.READER, Optional.empty());
        for (String project : List.of(HERE, ELSEWHERE)) {
            assertThatThrownBy(() -> AccessPolicy.checkAny(outsider, Action.MANAGE_LIMITS, project))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
                    .hasMessageContaining("an owner of the organization");
        }
        AccessPolicy.checkAny(caller(OrganizationRole.OWNER, Optional.empty()), Action.MANAGE_LIMITS, ELSEWHERE);
    }

    @Test
    void filesAreTheProjectsAndEachRemovesHisOwn() {
        Resource his = Resource.owned(HERE, Resource.Kind.FILE, "file-1", "user-other", Visibility.PROJECT);
        Resource mine = Resource.owned(HERE, Resource.Kind.FILE, "file-2", "user-me", Visibility.PROJECT);
        Caller viewer = caller(OrganizationRole.READER, Optional.of(ProjectRole.VIEWER));
        Caller member = caller(OrganizationRole.READER, Optional.of(ProjectRole.MEMBER));
        Caller maintainer = caller(OrganizationRole.READER, Optional.of(ProjectRole.MAINTAINER));
        Caller administrator = caller(OrganizationRole.OWNER, Optional.empty());

        assertThat(AccessPolicy.allows(viewer, Action.READ_FILE, his)).isFalse();
        assertThat(AccessPolicy.allows(member, Action.READ_FILE, his)).isTrue();
        assertThat(AccessPolicy.allows(member, Action.DELETE_FILE, his)).isFalse();
        assertThat(AccessPolicy.allows(member, Action.DELETE_FILE, mine)).isTrue();
        assertThat(AccessPolicy.allows(maintainer, Action.DELETE_FILE, his)).isTrue();
        assertThat(AccessPolicy.allows(administrator, Action.READ_FILE, his)).isFalse();
        assertThat(AccessPolicy.allows(administrator, Action.DELETE_FILE, his)).isTrue();
    }

    private static Caller narrowed(Optional<Set<String>> models, Optional<Set<String>> adapters) {
        KeyScope all = KeyScope.UNRESTRICTED;
        KeyScope scope = new KeyScope(
                all.areas(),
                models,
                adapters,
                all.addresses(),
                all.origins(),
                all.requestsPerMinute(),
                all.tokensPerMinute());
        return new Caller(
                Caller.Kind.USER,
                "user-me",
                HERE,
                OrganizationRole.READER,
                Map.of(HERE, ProjectRole.MEMBER),
                Optional.of("key_1"),
                scope);
    }

    private static Resource model(String id) {
        return Resource.in(HERE, Resource.Kind.MODEL, id);
    }

    private static Resource adapter(String id) {
        return Resource.owned(HERE, Resource.Kind.ADAPTER, id, "user-other", Visibility.PROJECT);
    }

    private static void assertCode(ErrorCode code, Caller caller, Action action, Resource resource) {
        assertThatThrownBy(() -> AccessPolicy.check(caller, action, resource))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
