package org.llmfactory.database.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.resource.LoadableResource;

/** One migration script, by its URL. */
final class Script extends LoadableResource {
    private final URL location;

    Script(URL location) {
        this.location = location;
    }

    @Override
    public Reader read() {
        try (InputStream in = location.openStream()) {
            return new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new FlywayException("The script " + location + " cannot be read.", e);
        }
    }

    @Override
    public String getFilename() {
        String path = location.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public String getAbsolutePath() {
        return location.getPath();
    }

    @Override
    public String getAbsolutePathOnDisk() {
        return location.toString();
    }

    @Override
    public String getRelativePath() {
        return location.getPath();
    }
}
