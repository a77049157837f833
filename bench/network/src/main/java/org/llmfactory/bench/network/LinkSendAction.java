package org.llmfactory.bench.network;

import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;
import org.llmfactory.messaging.link.Link;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@value #NAME}: sends frames to the caller over the bare link, as {@link LinkAction} asks. */
@Component(service = AgentAction.class)
public final class LinkSendAction implements AgentAction<LinkSendAction.Frames, LinkSendAction.Sent> {
    static final String NAME = "bench.link-send";

    /** What a sealed frame has around a message: its head of 31 bytes and the tag of 16. */
    private static final int AROUND = 47;

    /** Frames under way on one stream: as many of the largest as a stream's window of 1 MiB lets. */
    private static final int WINDOW = 16;

    /** Frames under way on all streams together: less than a broker has room for. */
    private static final int WINDOW_OF_ALL = 256;

    /**
     * What is sent.
     *
     * @param streams senders at the same time
     * @param frames of each
     * @param size bytes of a frame
     * @param window frames of a sender that are under way at most
     */
    public record Frames(
            @Meaning("senders at the same time") int streams,
            @Meaning("frames of each sender") int frames,
            @Meaning("bytes of each frame") int size,

            @Meaning("frames of a sender that are under way at most")
            int window) {
        /** Frames in the place of the messages of streams. */
        static Frames of(Transfer asked) {
            int window = Math.max(1, Math.min(WINDOW, WINDOW_OF_ALL / Math.max(1, asked.streams())));
            return new Frames(asked.streams(), asked.messages(), asked.size() + AROUND, window);
        }
    }

    /**
     * All of it has come.
     *
     * @param frames how many
     */
    public record Sent(
            @Meaning("frames that were sent and have come") long frames) {}

    private final BundleContext context;
    private final Link link;

    @Activate
    public LinkSendAction(BundleContext context, @Reference Link link) {
        this.context = context;
        this.link = link;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String why() {
        return "Sends frames to the caller over the link, not sealed; stops all streams for that long.";
    }

    @Override
    public Class<Frames> arguments() {
        return Frames.class;
    }

    @Override
    public Class<Sent> result() {
        return Sent.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public Sent perform(AgentAddress caller, Frames asked) throws InterruptedException {
        return DataPlanePause.during(context, () -> send(caller, asked));
    }

    private Sent send(AgentAddress caller, Frames asked) throws InterruptedException {
        try (BareSender sender = new BareSender(link, caller, asked.streams(), asked.window())) {
            sender.send(asked.frames(), asked.size());
        }
        return new Sent((long) asked.streams() * asked.frames());
    }
}
