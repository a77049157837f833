package org.llmfactory.launcher.agent;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A multipart/form-data body whose files are read while they are sent. */
public final class MultipartForm {
    private final String boundary = UUID.randomUUID().toString();
    private final List<BodyPublisher> parts = new ArrayList<>();

    public MultipartForm field(String name, String value) {
        parts.add(head("name=\"" + name + "\"", "text/plain; charset=utf-8"));
        parts.add(BodyPublishers.ofString(value + "\r\n"));
        return this;
    }

    public MultipartForm file(String name, Path file) throws FileNotFoundException {
        parts.add(head("name=\"" + name + "\"; filename=\"" + file.getFileName() + "\"", "application/octet-stream"));
        parts.add(BodyPublishers.ofFile(file));
        parts.add(BodyPublishers.ofString("\r\n"));
        return this;
    }

    public String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    public BodyPublisher body() {
        List<BodyPublisher> all = new ArrayList<>(parts);
        all.add(BodyPublishers.ofString("--" + boundary + "--\r\n"));
        return BodyPublishers.concat(all.toArray(BodyPublisher[]::new));
    }

    private BodyPublisher head(String disposition, String type) {
        return BodyPublishers.ofString("--" + boundary + "\r\nContent-Disposition: form-data; " + disposition
                + "\r\nContent-Type: " + type + "\r\n\r\n");
    }
}
