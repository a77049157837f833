package org.llmfactory.rest.testing;

import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.ws.rs.core.Cookie;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.MultivaluedHashMap;
import javax.ws.rs.core.MultivaluedMap;

/** Headers that consist of a content type and a range. */
public record TypeHeader(String contentType, String range) implements HttpHeaders {
    @Override
    public String getHeaderString(String name) {
        return name.equals(CONTENT_TYPE) ? contentType : name.equals("Range") ? range : null;
    }

    @Override
    public List<String> getRequestHeader(String name) {
        return name.equals(CONTENT_TYPE) ? List.of(contentType) : List.of();
    }

    @Override
    public MultivaluedMap<String, String> getRequestHeaders() {
        MultivaluedMap<String, String> headers = new MultivaluedHashMap<>();
        headers.add(CONTENT_TYPE, contentType);
        return headers;
    }

    @Override
    public List<MediaType> getAcceptableMediaTypes() {
        return List.of(MediaType.WILDCARD_TYPE);
    }

    @Override
    public List<Locale> getAcceptableLanguages() {
        return List.of();
    }

    @Override
    public MediaType getMediaType() {
        return MediaType.MULTIPART_FORM_DATA_TYPE;
    }

    @Override
    public Locale getLanguage() {
        return Locale.ROOT;
    }

    @Override
    public Map<String, Cookie> getCookies() {
        return Map.of();
    }

    @Override
    @SuppressWarnings("JavaUtilDate") // the interface asks for it
    public Date getDate() {
        return new Date(0);
    }

    @Override
    public int getLength() {
        return -1;
    }
}
