package org.llmfactory.auth.web;

import java.io.IOException;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Tells a page who is signed in, to which projects he belongs, and the token that its changing requests bring. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/auth/session")
public final class SessionServlet extends AuthServlet {
    private static final long serialVersionUID = 1L;

    private final transient SignIns signIns;

    @Activate
    public SessionServlet(@Reference SignIns signIns) {
        this.signIns = signIns;
    }

    @Override
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        json(response, HttpServletResponse.SC_OK, signIns.describe(signIns.require(request)));
    }
}
