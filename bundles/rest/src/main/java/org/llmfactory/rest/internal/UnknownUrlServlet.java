package org.llmfactory.rest.internal;

import java.io.IOException;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.FailureText;
import org.llmfactory.rest.ServletErrors;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Answers where nobody else does: an unknown URL, or one whose plugin is not there. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/")
public final class UnknownUrlServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String message = FailureText.invalidUrl(request.getMethod(), FailureText.path(request));
        ServletErrors.send(response, new FactoryException(ErrorCode.NOT_FOUND, message));
    }
}
