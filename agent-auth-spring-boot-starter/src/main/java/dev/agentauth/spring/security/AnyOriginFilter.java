package dev.agentauth.spring.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets agents call from pages of any origin. Whatever comes with a cookie is left alone, and credentials are never allowed. */
final class AnyOriginFilter extends OncePerRequestFilter {
    private final RequestMatcher open;
    private final CorsFilter cors;

    AnyOriginFilter(RequestMatcher open) {
        this.open = open;
        CorsConfiguration any = new CorsConfiguration();
        any.setAllowedOrigins(List.of(CorsConfiguration.ALL));
        any.setAllowedMethods(List.of(CorsConfiguration.ALL));
        any.setAllowedHeaders(List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.CONTENT_TYPE));
        any.setExposedHeaders(List.of(HttpHeaders.WWW_AUTHENTICATE, HttpHeaders.RETRY_AFTER));
        any.setMaxAge(Duration.ofMinutes(10));
        this.cors = new CorsFilter(request -> any);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.COOKIE) != null || !open.matches(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        cors.doFilter(request, response, chain);
    }
}
