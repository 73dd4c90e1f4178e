/**
 * What a service puts into its web application: {@link dev.agentauth.servlet.AgentAuthServlet} answers the protocol's
 * endpoints, {@link dev.agentauth.servlet.BearerTokenFilter} guards the service's own API. Start reading at the servlet;
 * its table of routes names the class behind each endpoint.
 */
@NullMarked
package dev.agentauth.servlet;

import org.jspecify.annotations.NullMarked;
