package org.llmfactory.api.completion;

import java.util.Map;
import org.llmfactory.api.identity.Caller;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Lets models answer for a caller from within the platform, as if he had asked over HTTP: by the same names, with the same
 * rights, limits and policies, and entered in the ledger as his. Requests and answers are OpenAI's, as JSON has them (maps,
 * lists, strings, numbers, booleans), with this platform's extensions; answers come whole, whatever a request says of
 * streaming.
 *
 * <p>OSGi service; safe for use by several threads. A call takes as long as the answer does, within the deadline that
 * requests have.
 */
@ProviderType
public interface Completions {
    /**
     * Answers a conversation, as {@code POST /v1/chat/completions}.
     *
     * @throws org.llmfactory.api.error.FactoryException as the endpoint fails; those that pass say when
     *     to try again, see {@link org.llmfactory.api.error.FactoryException#retryAfter()}
     * @throws InterruptedException when the thread is interrupted; the answer is given up then
     */
    Map<String, Object> chat(Caller caller, Map<String, Object> request) throws InterruptedException;

    /**
     * Continues texts, as {@code POST /v1/completions}.
     *
     * @throws org.llmfactory.api.error.FactoryException as {@link #chat}
     * @throws InterruptedException when the thread is interrupted; the answer is given up then
     */
    Map<String, Object> text(Caller caller, Map<String, Object> request) throws InterruptedException;
}
