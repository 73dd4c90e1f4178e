package dev.agentauth.examples.console;

import dev.agentauth.examples.web.Answers;
import dev.agentauth.examples.web.MethodsServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Serves the page and its files from memory. Browsers keep them, and ask whether they are still the same. */
final class FilesServlet extends MethodsServlet {
    static final String FOLDER = "/console/";

    private static final long serialVersionUID = 1L;
    private static final String HTML = "text/html; charset=utf-8";
    private static final Map<String, String> TYPES =
            Map.of("js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8", "svg", "image/svg+xml");

    /** All that is served beside the page. */
    private static final List<String> NAMES = List.of(
            "clock.js",
            "code.js",
            "console.css",
            "console.js",
            "flows-claim.js",
            "flows-edge.js",
            "flows-provider.js",
            "flows-token.js",
            "flows.js",
            "icon.svg",
            "machine.js",
            "mail-page.js",
            "mail.css",
            "operator-page.js",
            "operator.css",
            "outbox.js",
            "palette.css",
            "person.js",
            "picture.js",
            "request.js",
            "rights.js",
            "saved.js",
            "sequence.css",
            "sequence.js",
            "server.js",
            "shared-steps.js",
            "snippets.js",
            "steps.js",
            "surfaces.css",
            "tabs.js",
            "terms.js",
            "tokens.js",
            "upcoming.js",
            "walk.css",
            "wire.js");

    private final transient File page;
    private final transient Map<String, File> files;

    FilesServlet(ConsoleSettings settings) {
        super("GET", "HEAD");
        this.page = File.of(HTML, filledIn(read("index.html"), settings));
        this.files = NAMES.stream().collect(Collectors.toUnmodifiableMap(name -> "/" + name, FilesServlet::file));
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        File file = asked(request);
        if (file == null) {
            notFound(response);
            return;
        }
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("ETag", file.tag());
        response.setHeader("X-Content-Type-Options", "nosniff");
        Answers.protect(response, Pages.POLICY);
        if (file.tag().equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        byte[] bytes = file.text().getBytes(StandardCharsets.UTF_8);
        response.setContentType(file.contentType());
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private @Nullable File asked(HttpServletRequest request) {
        if (!request.getServletPath().startsWith("/console")) {
            return page;
        }
        String path = String.valueOf(request.getPathInfo());
        return path.equals("/protocol") ? Contract.PAGE : files.get(path);
    }

    /** Read when somebody asks for it, and not before the demo answers. */
    private static final class Contract {
        static final File PAGE = File.of(HTML, ProtocolPage.of(read("protocol.md")));
    }

    private static File file(String name) {
        return File.of(Objects.requireNonNull(TYPES.get(name.substring(name.indexOf('.') + 1))), read(name));
    }

    /** The page names what this very demo is: the settings that its script reads, and links for those without one. */
    private static String filledIn(String page, ConsoleSettings settings) {
        String links = settings.links().entrySet().stream()
                .map(link -> "<li>" + Answers.link(link.getValue(), link.getKey()) + "</li>")
                .collect(Collectors.joining("\n"));
        return page.replace("@name@", Answers.escape(settings.name()))
                .replace("@issuer@", Answers.escape(settings.issuer()))
                .replace("@resource@", Answers.escape(settings.resource()))
                .replace("@provider@", Answers.escape(settings.provider().orElse("")))
                .replace("@mail@", settings.mail().name().toLowerCase(Locale.ROOT))
                .replace("@clock@", String.valueOf(settings.clock()))
                .replace("@local@", String.valueOf(settings.local()))
                .replace("@links@", links);
    }

    static String read(String name) {
        try (InputStream in = FilesServlet.class.getResourceAsStream(name)) {
            return new String(
                    Objects.requireNonNull(in, "a file of the console is missing: " + name)
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file with the tag that changes with its content (RFC 9110, section 8.8.3). */
    private record File(String contentType, String text, String tag) {

        static File of(String contentType, String text) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return new File(contentType, text, "\"" + HexFormat.of().formatHex(digest, 0, 16) + "\"");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }
}
