package org.llmfactory.messaging.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.Credential;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.SigningRequest;
import org.llmfactory.messaging.testing.SettableClock;
import org.llmfactory.messaging.testing.TestAuthority;

class HomeIdentityKeeperTest {
    private static final AgentAddress NODE = AgentAddress.parse("project-a/node-1");
    private static final Duration DAY = Duration.ofDays(1);
    private static final List<URI> BROKERS = List.of(URI.create("ssl://127.0.0.1:61617"));

    private final SettableClock clock = new SettableClock();
    private final TestAuthority root = TestAuthority.root("central", clock);
    private final List<String> told = new ArrayList<>();

    @TempDir
    Path home;

    private HomeIdentityKeeper keeper() {
        return new HomeIdentityKeeper(new NetworkFolder(home), clock, new Publication() {
            @Override
            public void publish(HomeIdentity identity) {
                told.add("is " + identity.self());
            }

            @Override
            public void withdraw() {
                told.add("is none");
            }
        });
    }

    @Test
    void anAgentBecomesAMemberAndIsOneAfterARestart() {
        HomeIdentityKeeper keeper = keeper();
        assertThat(keeper.identity()).isEmpty();
        join(keeper);
        NetworkIdentity again = keeper().identity().orElseThrow();
        assertThat(told).containsExactly("is " + NODE, "is " + NODE);
        assertThat(again.self()).isEqualTo(NODE);
        assertThat(again.region()).isEqualTo("central");
        assertThat(again.brokers()).isEqualTo(BROKERS);
        assertThat(again.controllers()).containsExactly(root.controller());
        assertThat(again.chain()).isEqualTo(keeper.identity().orElseThrow().chain());
        assertThat(((HomeIdentity) again).network())
                .isEqualTo(CertificateProfile.fingerprint(root.rootCertificate().getPublicKey()));
        assertThat(((HomeIdentity) again).expires())
                .isEqualTo(again.chain().get(0).getNotAfter().toInstant());
    }

    @Test
    void onlyTheOwnerReadsItsFiles() throws IOException {
        join(keeper());
        Path folder = home.resolve("network");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void aRenewalChangesWhatTheSameObjectReturns() throws IOException {
        HomeIdentityKeeper keeper = keeper();
        join(keeper);
        NetworkIdentity identity = keeper.identity().orElseThrow();
        PublicKey former = identity.chain().get(0).getPublicKey();
        join(keeper);
        assertThat(keeper.identity().orElseThrow()).isSameAs(identity);
        assertThat(identity.chain().get(0).getPublicKey()).isNotEqualTo(former);
        assertThat(told).hasSize(1);
        try (Stream<Path> files = Files.list(home.resolve("network"))) {
            assertThat(files).as("the former key is gone").hasSize(2);
        }
        assertThat(keeper().identity().orElseThrow().chain()).isEqualTo(identity.chain());
    }

    @Test
    void theFormerKeyStaysInUseUntilTheNewCertificateIsThere() {
        HomeIdentityKeeper keeper = keeper();
        join(keeper);
        NetworkIdentity identity = keeper.identity().orElseThrow();
        List<?> chain = identity.chain();
        keeper.request();
        assertThat(identity.chain()).isEqualTo(chain);
        assertThat(keeper().identity().orElseThrow().chain()).isEqualTo(chain);
    }

    @Test
    void aCertificateForAnotherKeyIsRefused() {
        HomeIdentityKeeper keeper = keeper();
        Credential stale = credential(root, keeper, NODE);
        keeper.request();
        refused(keeper, stale, ErrorCode.INVALID_VALUE, "asked for last");
        refused(keeper(), stale, ErrorCode.INVALID_VALUE, "No certificate was asked for");
    }

    @Test
    void aChainThatDoesNotHoldIsRefusedWithItsReason() {
        HomeIdentityKeeper keeper = keeper();
        Credential good = credential(root, keeper, NODE);
        TestAuthority other = TestAuthority.root("central", clock);
        Credential mixed = new Credential(good.chain(), other.rootCertificate(), List.of(), Set.of());
        refused(keeper, mixed, ErrorCode.INVALID_VALUE, "does not lead to this network's root");
        assertThat(keeper.identity()).isEmpty();
    }

    @Test
    void aMemberIsNotMovedToAnotherNetworkOrAddress() {
        HomeIdentityKeeper keeper = keeper();
        join(keeper);
        TestAuthority other = TestAuthority.root("other", clock);
        refused(keeper, credential(other, keeper, NODE), ErrorCode.CONFLICT, "another network");
        AgentAddress renamed = AgentAddress.parse("shared/node-1");
        refused(keeper, credential(root, keeper, renamed), ErrorCode.CONFLICT, "cannot become shared/node-1");
    }

    @Test
    void newWhereaboutsAreKept() {
        HomeIdentityKeeper keeper = keeper();
        join(keeper);
        List<URI> moved = List.of(URI.create("ssl://10.0.0.2:61617"));
        keeper.update(moved, Set.of(AgentAddress.parse("platform/second")));
        NetworkIdentity again = keeper().identity().orElseThrow();
        assertThat(again.brokers()).isEqualTo(moved);
        assertThat(again.controllers()).containsExactly(AgentAddress.parse("platform/second"));
    }

    @Test
    void whoLeavesHasNothingLeft() throws IOException {
        HomeIdentityKeeper keeper = keeper();
        join(keeper);
        keeper.identity().orElseThrow().trust().revoke(Set.of("abc"));
        keeper.forget();
        assertThat(keeper.identity()).isEmpty();
        assertThat(told).containsExactly("is " + NODE, "is none");
        try (Stream<Path> files = Files.list(home.resolve("network"))) {
            assertThat(files).isEmpty();
        }
        assertThatThrownBy(() -> keeper.update(List.of(), Set.of())).isInstanceOf(FactoryException.class);
        join(keeper);
        assertThat(keeper.identity()).isPresent();
    }

    @Test
    void aDamagedFileMeansNoIdentityAndIsLeftAsItIs() throws IOException {
        join(keeper());
        Path file = home.resolve("network").resolve(IdentityStore.FILE);
        Files.writeString(file, "{}");
        assertThat(keeper().identity()).isEmpty();
        assertThat(file).hasContent("{}");
    }

    private void join(IdentityKeeper keeper) {
        root.renew(keeper, NODE, DAY, BROKERS, Set.of(root.controller()));
    }

    private Credential credential(TestAuthority authority, IdentityKeeper keeper, AgentAddress agent) {
        return new Credential(
                authority.authority().certifyAgent(SigningRequest.verify(keeper.request()), agent, clock.instant()),
                authority.rootCertificate(),
                List.of(),
                Set.of());
    }

    private static void refused(IdentityKeeper keeper, Credential credential, ErrorCode code, String reason) {
        assertThatThrownBy(() -> keeper.accept(credential))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code))
                .hasMessageContaining(reason);
    }
}
