package org.llmfactory.messaging.keeper;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.Pem;

/**
 * Identities in the home: {@code identity.json}, and the key beside it in a file named after its public key. A renewal writes
 * the new key first and then {@code identity.json}, which is when it happens; the former key goes last.
 */
final class IdentityStore {
    static final String FILE = "identity.json";
    private static final String KEY = "key-";
    private static final int NAME = 16;

    private final NetworkFolder folder;
    private final ObjectMapper mapper = new ObjectMapper();

    IdentityStore(NetworkFolder folder) {
        this.folder = folder;
    }

    /** What {@code identity.json} holds: PEM text and addresses. */
    record Entry(String root, String chain, List<String> brokers, List<String> controllers) {}

    /** What was stored. */
    record Stored(X509Certificate root, Holding holding) {}

    Optional<Stored> load() throws IOException, GeneralSecurityException {
        Optional<byte[]> content = folder.read(FILE);
        return content.isEmpty() ? Optional.empty() : Optional.of(read(content.get()));
    }

    private Stored read(byte[] content) throws IOException, GeneralSecurityException {
        Entry entry = mapper.readValue(content, Entry.class);
        List<X509Certificate> chain = Pem.readCertificates(entry.chain());
        List<X509Certificate> root = Pem.readCertificates(entry.root());
        if (chain.isEmpty() || root.size() != 1) {
            throw new GeneralSecurityException("identity.json lacks its certificates");
        }
        String keyFile = keyFile(chain.get(0).getPublicKey());
        byte[] key = folder.read(keyFile).orElseThrow(() -> new GeneralSecurityException(keyFile + " is missing"));
        Holding holding = new Holding(
                chain,
                Pem.readKey(new String(key, StandardCharsets.US_ASCII)),
                entry.brokers().stream().map(URI::create).toList(),
                entry.controllers().stream().map(AgentAddress::parse).collect(Collectors.toSet()));
        return new Stored(root.get(0), holding);
    }

    void store(X509Certificate root, Holding holding) {
        String keyFile = keyFile(holding.chain().get(0).getPublicKey());
        folder.write(keyFile, Pem.write(holding.key()).getBytes(StandardCharsets.US_ASCII));
        Entry entry = new Entry(
                Pem.write(List.of(root)),
                Pem.write(holding.chain()),
                holding.brokers().stream().map(URI::toString).toList(),
                holding.controllers().stream()
                        .sorted()
                        .map(AgentAddress::toString)
                        .toList());
        try {
            folder.write(FILE, mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(entry));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        deleteKeys(Set.of(keyFile));
    }

    /** Deletes all that the agent keeps of its network. */
    void clear() {
        folder.delete(FILE);
        deleteKeys(Set.of());
        folder.names().forEach(folder::delete);
    }

    private void deleteKeys(Set<String> kept) {
        folder.names().stream()
                .filter(name -> name.startsWith(KEY) && !kept.contains(name))
                .forEach(folder::delete);
    }

    private static String keyFile(PublicKey key) {
        return KEY + CertificateProfile.fingerprint(key).substring(0, NAME) + ".pem";
    }
}
