package org.llmfactory.auth.web;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardResource;

/** Has the container serve the style sheet of the pages. */
@Component(service = Style.class)
@HttpWhiteboardResource(pattern = "/auth/style.css", prefix = "/org/llmfactory/auth/web/style.css")
public final class Style {}
