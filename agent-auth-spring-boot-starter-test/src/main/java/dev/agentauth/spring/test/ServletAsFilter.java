package dev.agentauth.spring.test;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.springframework.mock.web.MockServletConfig;

/** A servlet where MockMvc knows one alone, the {@code DispatcherServlet}: whatever reaches this filter is the servlet's. */
final class ServletAsFilter implements Filter {
    private final Servlet servlet;
    private final ServletContext context;

    ServletAsFilter(Servlet servlet, ServletContext context) {
        this.servlet = servlet;
        this.context = context;
    }

    @Override
    public void init(FilterConfig config) throws ServletException {
        servlet.init(new MockServletConfig(context, "agentAuthServlet"));
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        servlet.service(request, response);
    }
}
