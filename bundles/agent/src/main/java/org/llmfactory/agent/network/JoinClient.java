package org.llmfactory.agent.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.llmfactory.agent.join.Clocks;
import org.llmfactory.agent.join.JoinAnswer;
import org.llmfactory.agent.join.JoinKind;
import org.llmfactory.agent.join.JoinRequest;
import org.llmfactory.agent.join.JoinToken;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.Credential;
import org.llmfactory.rest.Json;

/**
 * Asks a controller over HTTP to be let in. The way may be plain and in anyone's hands: what goes over it is proven by the
 * token's secret, which does not, and the root authority by the token's fingerprint.
 */
public final class JoinClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int NONCE_BYTES = 16;
    private static final int MAXIMUM_ANSWER = 256 * 1024;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final Clock clock;
    private final Duration deadline;
    private final SecureRandom random = new SecureRandom();

    /**
     * Makes a client.
     *
     * @param deadline for an answer
     */
    public JoinClient(Clock clock, Duration deadline) {
        this.clock = clock;
        this.deadline = deadline;
    }

    /**
     * Reads a controller's URL.
     *
     * @throws FactoryException {@code INVALID_VALUE} for what is none
     */
    static URI url(String text) {
        try {
            URI url = URI.create(text.strip().replaceFirst("/+$", ""));
            String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            boolean plain = url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
            if (plain && SCHEMES.contains(scheme)) {
                return url;
            }
        } catch (IllegalArgumentException malformed) {
            throw noUrl(text);
        }
        throw noUrl(text);
    }

    private static FactoryException noUrl(String text) {
        return FactoryException.ofParameter(
                ErrorCode.INVALID_VALUE,
                "url",
                "'" + text + "' is no controller's URL; one looks like http://controller.example.org:8080");
    }

    /**
     * Asks, and checks the answer's proof, root and clock.
     *
     * @param csr PKCS#10, DER
     * @throws FactoryException the controller's own refusal; {@code INVALID_VALUE} for a wrong URL; {@code
     *     PERMISSION_DENIED} when whoever answers is not the token's network; {@code DEADLINE_EXCEEDED}, {@code OVERLOADED}
     */
    public Credential join(URI controller, JoinToken token, JoinKind kind, String name, byte[] csr)
            throws InterruptedException {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        JoinRequest request = JoinRequest.proven(
                token,
                kind,
                name,
                Base64.getEncoder().encodeToString(csr),
                HexFormat.of().formatHex(nonce),
                clock.millis());
        JoinAnswer answer = send(controller, request);
        if (!answer.isProven(token.secret(), request)) {
            throw notTheNetwork(controller, "its answer is not proven");
        }
        Credential credential = answer.certified().credential();
        if (!CertificateProfile.fingerprint(credential.root().getPublicKey()).equals(token.network())) {
            throw notTheNetwork(controller, "its root authority is another one");
        }
        Clocks.requireAgreement(clock.instant(), Instant.ofEpochMilli(answer.time()));
        return credential;
    }

    private static FactoryException notTheNetwork(URI controller, String reason) {
        return new FactoryException(
                ErrorCode.PERMISSION_DENIED,
                "What answers at " + controller + " is not the network that the token is for: " + reason
                        + ". Nothing was taken from it. Check the URL, and who is between here and there.");
    }

    private JoinAnswer send(URI controller, JoinRequest request) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
        HttpRequest post = HttpRequest.newBuilder(URI.create(controller + JoinRequest.PATH))
                .timeout(deadline)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.write(request)))
                .build();
        try {
            HttpResponse<InputStream> response = client.send(post, BodyHandlers.ofInputStream());
            byte[] body;
            try (InputStream in = response.body()) {
                body = in.readNBytes(MAXIMUM_ANSWER);
            }
            if (response.statusCode() != 200) {
                throw refusal(controller, response.statusCode(), body);
            }
            return answer(controller, body);
        } catch (HttpTimeoutException e) {
            throw new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "The controller at " + controller + " did not answer within " + deadline.toSeconds() + " seconds.",
                    e);
        } catch (IOException e) {
            throw new FactoryException(
                    ErrorCode.OVERLOADED,
                    "Nothing answers at " + controller + " (" + e + "). Is this the controller's URL, does it run, and"
                            + " does it listen on other addresses than 127.0.0.1?",
                    e);
        }
    }

    private static JoinAnswer answer(URI controller, byte[] body) {
        try {
            return Json.MAPPER.readValue(body, JoinAnswer.class);
        } catch (IOException | NullPointerException e) {
            throw new FactoryException(
                    ErrorCode.INVALID_VALUE, "What answers at " + controller + " is no controller of LLM Factory.", e);
        }
    }

    private static FactoryException refusal(URI controller, int status, byte[] body) {
        JsonNode error = error(body);
        String message = error.path("message").asText("");
        if (message.isEmpty() || status == 404 || status == 401) {
            return FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "url",
                    "At " + controller + " is no controller of LLM Factory that agents can join (HTTP status " + status
                            + "). Check the URL.");
        }
        return new FactoryException(code(status, error.path("code").asText("")), message);
    }

    private static ErrorCode code(int status, String code) {
        List<ErrorCode> candidates = Arrays.stream(ErrorCode.values())
                .filter(known -> known.status() == status)
                .toList();
        return candidates.stream()
                .filter(known -> code.equals(known.code()))
                .findFirst()
                .or(() -> candidates.stream().findFirst())
                .orElse(ErrorCode.INVALID_REQUEST);
    }

    private static JsonNode error(byte[] body) {
        try {
            return Json.MAPPER.readTree(body).path("error");
        } catch (IOException noJson) {
            return MissingNode.getInstance();
        }
    }
}
