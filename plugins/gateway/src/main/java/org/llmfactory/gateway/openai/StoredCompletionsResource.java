package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.chat.StoredChat;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Metadata;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** Chat completions that were kept: the chat history. */
@Path("chat/completions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class StoredCompletionsResource {
    private static final int PAGE = 20;
    private static final int LARGEST_PAGE = 100;
    private static final Pattern METADATA = Pattern.compile("metadata\\[(.*)\\]");

    private final StoredChats chats;

    /** What is said when one is gone. */
    record Deleted(String object, String id, boolean deleted) {}

    public StoredCompletionsResource(StoredChats chats) {
        this.chats = chats;
    }

    @GET
    @Requires(Action.KEEP_CHAT)
    public Pagination.Page<ObjectNode> list(
            @QueryParam("model") @Nullable String model,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order,
            @Context UriInfo uri,
            @Context SecurityContext security) {
        Pagination.Query query = Pagination.Query.of(limit, PAGE, LARGEST_PAGE, after, null, order, false);
        Pagination.Page<StoredChat> page = chats.list(Callers.of(security), model, metadata(uri), query);
        List<ObjectNode> data = page.data().stream().map(StoredCompletion::of).toList();
        return stated(page, data);
    }

    /** OpenAI's schema of these two lists has no null, not for an empty page either. */
    private static Pagination.Page<ObjectNode> stated(Pagination.Page<?> page, List<ObjectNode> data) {
        return new Pagination.Page<>(
                page.object(),
                data,
                Objects.requireNonNullElse(page.firstId(), ""),
                Objects.requireNonNullElse(page.lastId(), ""),
                page.hasMore());
    }

    private static Map<String, String> metadata(UriInfo uri) {
        Map<String, String> pairs = new TreeMap<>();
        uri.getQueryParameters().forEach((name, values) -> {
            Matcher key = METADATA.matcher(name);
            if (key.matches()) {
                pairs.put(key.group(1), values.get(0));
            }
        });
        return pairs;
    }

    @GET
    @Path("{completion}")
    @Requires(Action.KEEP_CHAT)
    public ObjectNode get(@PathParam("completion") String id, @Context SecurityContext security) {
        return StoredCompletion.of(chats.read(Client.of(security), id));
    }

    /** Replaces the metadata; nothing else of what was said can be changed. */
    @POST
    @Path("{completion}")
    @Requires(Action.KEEP_CHAT)
    public ObjectNode update(@PathParam("completion") String id, ObjectNode body, @Context SecurityContext security) {
        JsonFields fields = JsonFields.of(body);
        if (!body.has("metadata")) {
            throw fields.missing("metadata");
        }
        return StoredCompletion.of(chats.update(Client.of(security), id, Metadata.read(fields)));
    }

    @DELETE
    @Path("{completion}")
    @Requires(Action.KEEP_CHAT)
    public Deleted delete(@PathParam("completion") String id, @Context SecurityContext security) {
        chats.delete(Client.of(security), id);
        return new Deleted("chat.completion.deleted", id, true);
    }

    @GET
    @Path("{completion}/messages")
    @Requires(Action.KEEP_CHAT)
    public Pagination.Page<ObjectNode> messages(
            @PathParam("completion") String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order,
            @Context SecurityContext security) {
        Pagination.Query query = Pagination.Query.of(limit, PAGE, LARGEST_PAGE, after, null, order, false);
        List<ObjectNode> messages = StoredCompletion.messages(chats.read(Client.of(security), id));
        Pagination.Page<ObjectNode> page =
                Pagination.page(messages, query, message -> message.path("id").asText());
        return stated(page, page.data());
    }
}
