package dev.agentauth.examples;

import dev.agentauth.config.Lifetimes;
import dev.agentauth.examples.provider.SampleProvider;
import dev.agentauth.examples.web.Limits;
import dev.agentauth.spi.TrustedProvider;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the environment says about the demo.
 *
 * @param bind the address to listen on
 * @param port the service's port
 * @param issuer the service's issuer, which is where it is mounted
 * @param providers whom the service trusts
 * @param sampleProviderPort where to start the sample provider; empty: nowhere
 * @param smtp where to send mail; empty: to the outbox
 * @param rateLimits how generous to be
 * @param signingKeys the JWK-set file; empty: a key that dies with the process
 * @param lifetimes how long things live
 * @param database where everything is kept; empty: in memory
 * @param anyOrigin whether scripts of any origin may call the service
 * @param typedCode whether agents are given a code that people can type on the claim page
 * @param ceremony how people are known to the claim page
 * @param requireLoginHint whether an agent has to name whoever is to sign in
 * @param auditToLog whether audit events go to the log
 * @param auditFile which file they go to; empty: to the log, or to standard output
 * @param drain in which requests that are being answered may end once the demo is told to stop
 */
record DemoConfig(
        InetAddress bind,
        int port,
        String issuer,
        List<TrustedProvider> providers,
        OptionalInt sampleProviderPort,
        Optional<SmtpServer> smtp,
        RateLimits rateLimits,
        Optional<Path> signingKeys,
        Lifetimes lifetimes,
        Optional<Jdbc> database,
        boolean anyOrigin,
        boolean typedCode,
        Ceremony ceremony,
        boolean requireLoginHint,
        boolean auditToLog,
        Optional<Path> auditFile,
        Duration drain) {

    private static final String PORT = "AGENT_AUTH_PORT";
    private static final String BIND = "AGENT_AUTH_BIND";
    private static final String ISSUER = "AGENT_AUTH_ISSUER";
    private static final String PROVIDERS = "AGENT_AUTH_PROVIDERS";
    private static final String DEMO_PROVIDER = "AGENT_AUTH_DEMO_PROVIDER";
    private static final String SMTP = "AGENT_AUTH_SMTP";
    private static final String RATE_LIMITS = "AGENT_AUTH_RATE_LIMITS";
    private static final String SIGNING_KEYS = "AGENT_AUTH_SIGNING_KEYS";
    private static final String REQUIRE_AUTH_TIME = "AGENT_AUTH_REQUIRE_AUTH_TIME";
    private static final String CORS = "AGENT_AUTH_CORS";
    private static final String TYPED_CODE = "AGENT_AUTH_TYPED_CODE";
    private static final String CEREMONY = "AGENT_AUTH_CEREMONY";
    private static final String REQUIRE_LOGIN_HINT = "AGENT_AUTH_REQUIRE_LOGIN_HINT";
    private static final String AUDIT = "AGENT_AUTH_AUDIT";
    private static final String DRAIN = "AGENT_AUTH_DRAIN";
    private static final String JDBC_URL = "AGENT_AUTH_JDBC_URL";
    private static final String JDBC_USER = "AGENT_AUTH_JDBC_USER";
    private static final String JDBC_PASSWORD = "AGENT_AUTH_JDBC_PASSWORD";

    private static final String MAILED_LINK = "mailed-link";
    private static final String SIGN_IN = "sign-in";
    private static final String STANDARD_OUTPUT = "-";
    private static final String LOG = "log";

    private static final int DEFAULT_PORT = 8000;
    private static final int DEFAULT_PROVIDER_PORT = 4000;
    private static final int MAX_PORT = 65535;
    private static final int TEN_YEARS = 315_360_000;

    /** Segments of plain characters, so that the path that Jetty decodes is the path that the issuer has. */
    private static final Pattern PLAIN_PATH = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*");

    /** The group is what may be shown of it: the rest may hold a password. */
    private static final Pattern JDBC = Pattern.compile("jdbc:(postgresql|mariadb|h2):.+");

    private static final String A_PORT = "a port number from 1 to 65535";
    private static final String AN_ISSUER =
            "an https URL (http on loopback only) without query, fragment and slash at its"
                    + " end, such as http://localhost:8000";
    private static final String A_LIST_OF_PROVIDERS =
            "issuers separated by commas, each as issuer or issuer=client_id or"
                    + " issuer=client_id|client_id, where an issuer is an https URL (http on loopback only), none twice, and not"
                    + " the service's own";

    private static final String AN_AUDIT = STANDARD_OUTPUT + " for standard output, " + LOG
            + " for the log, or the path of a file that can be written";

    DemoConfig {
        providers = List.copyOf(providers);
    }

    /** How people are known to the claim page. */
    enum Ceremony {
        /** By the link that was mailed. */
        MAILED_LINK,
        /** By the demo's own sign-in, which believes everybody. */
        SIGN_IN
    }

    /** An SMTP server. */
    record SmtpServer(String host, int port) {}

    /** A database and who we are there. */
    record Jdbc(String url, String user, String password) {

        /** Never shows the password. */
        @Override
        public String toString() {
            return "jdbc:" + kind() + ":...";
        }

        /** Which database it is, as its scripts' folder is called. */
        String kind() {
            Matcher matcher = JDBC.matcher(url);
            return matcher.matches() ? matcher.group(1) : "";
        }
    }

    /** Reads the environment. An empty variable counts as unset. */
    static DemoConfig of(Map<String, String> environment) throws WrongSettingException {
        return new Reader(environment).read();
    }

    /** The protected resource, below which the API is. */
    String resource() {
        return issuer + "/api/";
    }

    /** The path that the service is mounted under; empty for the root. */
    String contextPath() {
        return URI.create(issuer).getRawPath();
    }

    /** Whether mail is shown to whoever opens the outbox: never to the world, and not where it is really sent. */
    boolean showsOutbox() {
        return smtp.isEmpty() && isLocal();
    }

    /**
     * Whether only this machine can be at the other end. An address of this machine is not enough: behind a proxy the
     * world comes from there, and may come with a name of this machine. So the service must not call itself public either.
     */
    boolean isLocal() {
        return bind.isLoopbackAddress() && isLoopback(URI.create(issuer).getHost());
    }

    /** The error of a port that cannot be listened on. */
    WrongSettingException portNotFree() {
        return new WrongSettingException(PORT, String.valueOf(port), expectedFreePort());
    }

    /** The error of a sample provider's port that cannot be listened on. */
    WrongSettingException providerPortNotFree() {
        return new WrongSettingException(
                DEMO_PROVIDER, String.valueOf(sampleProviderPort.orElseThrow()), expectedFreePort() + ", or off");
    }

    /** The error of a file with signing keys that cannot be used. */
    static WrongSettingException signingKeysNotUsable(Path file) {
        return new WrongSettingException(
                SIGNING_KEYS,
                file.toString(),
                "a JWK set with private P-256 keys that only its owner can access, or a file that can be created");
    }

    /** The error of a file that audit events cannot be written to. */
    static WrongSettingException auditNotUsable(Path file) {
        return new WrongSettingException(AUDIT, file.toString(), AN_AUDIT);
    }

    /** The error of a database that cannot be used. */
    static WrongSettingException databaseNotUsable(Jdbc database, Exception reason) {
        return new WrongSettingException(
                JDBC_URL,
                database.toString(),
                "a database that " + JDBC_USER + " can reach with " + JDBC_PASSWORD + " and make tables in ("
                        + String.valueOf(reason.getMessage())
                                .lines()
                                .findFirst()
                                .orElse("") + ")");
    }

    /** Whether a host, as it stands in a URL, can only be this machine. */
    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    private String expectedFreePort() {
        return "a port that is free on " + bind.getHostAddress() + " (" + BIND + ")";
    }

    /** One reading of an environment. */
    private static final class Reader {
        private final Map<String, String> environment;

        Reader(Map<String, String> environment) {
            this.environment = environment;
        }

        DemoConfig read() throws WrongSettingException {
            int port = port(PORT, DEFAULT_PORT);
            String issuer = issuer(port);
            OptionalInt providerPort = providerPort(port);
            Ceremony ceremony = ceremony();
            DemoConfig config = new DemoConfig(
                    bind(),
                    port,
                    issuer,
                    providers(issuer, providerPort),
                    providerPort,
                    smtp(),
                    rateLimits(),
                    signingKeys(),
                    lifetimes(),
                    database(),
                    isOn(CORS, false),
                    isOn(TYPED_CODE, true),
                    ceremony,
                    isOn(REQUIRE_LOGIN_HINT, false),
                    get(AUDIT).filter(LOG::equals).isPresent(),
                    auditFile(),
                    seconds(DRAIN, Limits.standard().drain()));
            if (ceremony == Ceremony.SIGN_IN && !config.isLocal()) {
                throw new WrongSettingException(
                        CEREMONY,
                        SIGN_IN,
                        "mailed-link, or a loopback address and issuer: this sign-in lets everybody be anybody");
            }
            return config;
        }

        private Ceremony ceremony() throws WrongSettingException {
            String value = get(CEREMONY).orElse(MAILED_LINK);
            return switch (value) {
                case MAILED_LINK -> Ceremony.MAILED_LINK;
                case SIGN_IN -> Ceremony.SIGN_IN;
                default -> throw new WrongSettingException(CEREMONY, value, MAILED_LINK + " or " + SIGN_IN);
            };
        }

        private Optional<String> get(String variable) {
            return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
        }

        private int port(String variable, int defaultPort) throws WrongSettingException {
            Optional<String> value = get(variable);
            return value.isEmpty() ? defaultPort : number(variable, value.get(), MAX_PORT, A_PORT);
        }

        private InetAddress bind() throws WrongSettingException {
            String value = get(BIND).orElse("127.0.0.1");
            try {
                return InetAddress.getByName(value);
            } catch (UnknownHostException e) {
                throw new WrongSettingException(BIND, value, "an IP address of this machine, or a name of one");
            }
        }

        private String issuer(int port) throws WrongSettingException {
            String value = get(ISSUER).orElse("http://localhost:" + port);
            Optional<URI> url = trustworthyUrl(value);
            if (url.isEmpty()
                    || !PLAIN_PATH.matcher(url.get().getRawPath()).matches()
                    || !url.get().getHost().equals(url.get().getHost().toLowerCase(Locale.ROOT))) {
                throw new WrongSettingException(ISSUER, value, AN_ISSUER);
            }
            return value;
        }

        private OptionalInt providerPort(int port) throws WrongSettingException {
            String value = get(DEMO_PROVIDER).orElse("on");
            String expected = "on, off, or " + A_PORT + " that is not the service's";
            int providerPort = switch (value) {
                case "off" -> 0;
                case "on" -> DEFAULT_PROVIDER_PORT;
                default -> number(DEMO_PROVIDER, value, MAX_PORT, expected);
            };
            if (providerPort == port) {
                throw new WrongSettingException(DEMO_PROVIDER, value, expected);
            }
            return providerPort == 0 ? OptionalInt.empty() : OptionalInt.of(providerPort);
        }

        private List<TrustedProvider> providers(String ownIssuer, OptionalInt sampleProviderPort)
                throws WrongSettingException {
            String sample = sampleProviderPort.isPresent() ? SampleProvider.issuer(sampleProviderPort.getAsInt()) : "";
            String value = get(PROVIDERS).orElse(sample);
            List<TrustedProvider> providers = new ArrayList<>();
            for (String entry : value.isEmpty() ? new String[0] : value.split(",", -1)) {
                TrustedProvider provider = provider(entry.strip())
                        .filter(found -> !found.issuer().equals(ownIssuer))
                        .filter(found -> providers.stream()
                                .noneMatch(known -> known.issuer().equals(found.issuer())))
                        .orElseThrow(() -> new WrongSettingException(PROVIDERS, value, A_LIST_OF_PROVIDERS));
                providers.add(
                        provider.issuer().equals(sample) ? provider.withDisplayName("Sample provider") : provider);
            }
            boolean loginTimeRequired = isOn(REQUIRE_AUTH_TIME, false);
            return providers.stream()
                    .map(provider -> provider.withLoginTimeRequired(loginTimeRequired))
                    .toList();
        }

        private static Optional<TrustedProvider> provider(String entry) {
            int equals = entry.indexOf('=');
            String issuer = equals < 0 ? entry : entry.substring(0, equals);
            if (trustworthyUrl(issuer).isEmpty()) {
                return Optional.empty();
            }
            TrustedProvider provider = TrustedProvider.of(issuer);
            if (equals < 0) {
                return Optional.of(provider);
            }
            List<String> clientIds = List.of(entry.substring(equals + 1).split("\\|", -1));
            return clientIds.contains("")
                    ? Optional.empty()
                    : Optional.of(provider.withClientIds(Set.copyOf(clientIds)));
        }

        private Optional<SmtpServer> smtp() throws WrongSettingException {
            Optional<String> value = get(SMTP);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            Optional<URI> url = url(value.get());
            if (url.isEmpty()
                    || !"smtp".equals(url.get().getScheme())
                    || url.get().getUserInfo() != null
                    || !url.get().getRawPath().isEmpty()
                    || url.get().getPort() == -1) {
                throw new WrongSettingException(SMTP, value.get(), "smtp://host:port");
            }
            return Optional.of(new SmtpServer(url.get().getHost(), url.get().getPort()));
        }

        private RateLimits rateLimits() throws WrongSettingException {
            String value = get(RATE_LIMITS).orElse("on");
            return switch (value) {
                case "on" -> RateLimits.ON;
                case "off" -> RateLimits.OFF;
                case "strict" -> RateLimits.STRICT;
                default -> throw new WrongSettingException(RATE_LIMITS, value, "on, off or strict");
            };
        }

        private Optional<Path> signingKeys() throws WrongSettingException {
            Optional<String> value = get(SIGNING_KEYS);
            try {
                return value.map(Path::of);
            } catch (InvalidPathException e) {
                throw new WrongSettingException(SIGNING_KEYS, value.orElse(""), "the path of a JWK-set file");
            }
        }

        private Optional<Path> auditFile() throws WrongSettingException {
            Optional<String> value = get(AUDIT).filter(text -> !text.equals(STANDARD_OUTPUT) && !text.equals(LOG));
            try {
                return value.map(Path::of);
            } catch (InvalidPathException e) {
                throw new WrongSettingException(AUDIT, value.orElse(""), AN_AUDIT);
            }
        }

        private Optional<Jdbc> database() throws WrongSettingException {
            Optional<String> url = get(JDBC_URL);
            if (url.isPresent() && !JDBC.matcher(url.get()).matches()) {
                throw new WrongSettingException(
                        JDBC_URL,
                        "(not shown)",
                        "a URL that begins with jdbc:postgresql:, jdbc:mariadb: (for MySQL, too) or jdbc:h2:");
            }
            return url.map(value -> new Jdbc(
                    value, get(JDBC_USER).orElse(""), get(JDBC_PASSWORD).orElse("")));
        }

        private Lifetimes lifetimes() throws WrongSettingException {
            Lifetimes standard = Lifetimes.standard();
            return new Lifetimes(
                    seconds("AGENT_AUTH_ASSERTION_TTL", standard.assertion()),
                    seconds("AGENT_AUTH_ACCESS_TOKEN_TTL", standard.accessToken()),
                    seconds("AGENT_AUTH_REGISTRATION_TTL", standard.registration()),
                    seconds("AGENT_AUTH_ATTEMPT_TTL", standard.attempt()),
                    seconds("AGENT_AUTH_CODE_TTL", standard.code()),
                    standard.retention(),
                    seconds("AGENT_AUTH_REFRESH_TTL", standard.refresh()));
        }

        private boolean isOn(String variable, boolean standard) throws WrongSettingException {
            String value = get(variable).orElse(standard ? "on" : "off");
            return switch (value) {
                case "on" -> true;
                case "off" -> false;
                default -> throw new WrongSettingException(variable, value, "on or off");
            };
        }

        private Duration seconds(String variable, Duration standard) throws WrongSettingException {
            Optional<String> value = get(variable);
            return value.isEmpty()
                    ? standard
                    : Duration.ofSeconds(number(
                            variable, value.get(), TEN_YEARS, "a whole number of seconds from 1 to " + TEN_YEARS));
        }

        private static int number(String variable, String value, int max, String expected)
                throws WrongSettingException {
            if (value.length() <= 9 && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                int number = Integer.parseInt(value);
                if (number >= 1 && number <= max) {
                    return number;
                }
            }
            throw new WrongSettingException(variable, value, expected);
        }

        /** https, or http on this machine; no query, no fragment, no user. */
        private static Optional<URI> trustworthyUrl(String text) {
            return url(text)
                    .filter(url -> url.getRawQuery() == null && url.getRawFragment() == null)
                    .filter(url -> url.getRawUserInfo() == null)
                    .filter(url -> "https".equals(url.getScheme())
                            || ("http".equals(url.getScheme()) && isLoopback(url.getHost())));
        }

        private static Optional<URI> url(String text) {
            try {
                return Optional.of(new URI(text))
                        .filter(url -> url.isAbsolute() && url.getHost() != null)
                        .filter(url -> url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= MAX_PORT));
            } catch (URISyntaxException e) {
                return Optional.empty();
            }
        }
    }
}
