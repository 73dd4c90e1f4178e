package dev.agentauth;

import dev.agentauth.config.SharedSecrets;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.ResourceServers;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.spi.UserOrigins;
import dev.agentauth.spi.VerificationKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Wraps every port, counts the calls of all of them, and lets one of them fail: before it has done anything, or after. */
final class Faults {

    /** When the chosen call fails. */
    enum Mode {
        BEFORE,
        AFTER
    }

    /** What the chosen call does in place of answering. */
    @SuppressWarnings("ImmutableEnumChecker") // its suppliers are constants
    enum Kind {
        DECLARED(() -> new PortUnavailableException("planted")),
        RUNTIME(() -> new IllegalStateException(WORDS)),
        SNEAKED(() -> new IOException(WORDS)),
        REFUSAL(() -> AgentAuthException.rateLimited(Duration.ofDays(1))),
        LINKAGE(() -> new NoClassDefFoundError(WORDS)),
        ASSERTION(() -> new AssertionError(WORDS, new IllegalStateException(WORDS))),
        STACK(() -> new StackOverflowError(WORDS)),
        INTERRUPTED(() -> new InterruptedException(WORDS)),
        /** Answers null; where nothing is answered, or no object, nothing worse than an exception is left. */
        NULL(() -> new NullPointerException(WORDS));

        private final Supplier<Throwable> thrown;

        Kind(Supplier<Throwable> thrown) {
            this.thrown = thrown;
        }
    }

    /** What no caller and no log may be told. */
    static final String WORDS = "550 <bob@example.net> no such user";

    private final Mode mode;
    private final Kind kind;
    private final int failing;
    private final String failingName;
    private boolean armed;
    private int calls;
    private String failed = "none";

    /** The ids of all registrations that were inserted. */
    final List<String> inserted = new ArrayList<>();

    /** Whether nobody can be made, because of somebody who cannot be found. */
    boolean contactsAreTaken;

    /** The names of all calls that were made. */
    final Set<String> called = new TreeSet<>();

    /** Lets the call of that number fail; none for zero. */
    Faults(Mode mode, int failing) {
        this.mode = mode;
        this.kind = Kind.values()[failing % Kind.values().length];
        this.failing = failing;
        this.failingName = "";
    }

    /** Lets the first call of that name fail. */
    Faults(String name, Kind kind) {
        this.mode = Mode.BEFORE;
        this.kind = kind;
        this.failing = -1;
        this.failingName = name;
    }

    /** From now on calls count; what is called while the service is built does not. */
    void arm() {
        armed = true;
    }

    Mode mode() {
        return mode;
    }

    int calls() {
        return calls;
    }

    /** Which call has failed. */
    String failed() {
        return failed;
    }

    private <T> T call(String name, Supplier<T> effect) {
        return call(name, effect, kind == Kind.NULL);
    }

    private <T> T call(String name, Supplier<T> effect, boolean answersNull) {
        if (!armed) {
            return effect.get();
        }
        calls++;
        called.add(name);
        boolean fails = calls == failing || (name.equals(failingName) && failed.equals("none"));
        if (fails) {
            failed = name;
        }
        if (fails && mode == Mode.BEFORE) {
            return answersNull ? null : sneak(kind.thrown.get());
        }
        T result = effect.get();
        if (fails) {
            return answersNull ? null : sneak(kind.thrown.get());
        }
        return result;
    }

    private void run(String name, Runnable effect) {
        call(
                name,
                () -> {
                    effect.run();
                    return true;
                },
                false);
    }

    /** What Kotlin and Lombok do: Java's compiler is not asked. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "DoNotCallSuggester"})
    static <T, E extends Throwable> T sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    AgentAuthBuilder wrap(AgentAuthBuilder builder, TestService service) {
        return builder.stores(stores(service.stores))
                .trust(trust(service.trust))
                .clock(clock(service.clock))
                .users(users(service.users))
                .mailer(mailer(service.outbox))
                .signingKeys(signingKeys(service.signingKeys))
                .providerKeys(providerKeys(SigningProvider.keysOf(service.provider, service.otherProvider)))
                .rateLimiter(limiter())
                .introspection(resourceServers())
                .audit(audit(service.audit));
    }

    private Stores stores(Stores kept) {
        RegistrationStore registrations = registrations(kept.registrations());
        TokenStore tokens = tokens(kept.tokens());
        ReplayStore replay = replay(kept.replay());
        LogoutMarks marks = marks(kept.logoutMarks());
        UserOrigins origins = origins(kept.userOrigins());
        return new Stores() {
            @Override
            public String issuer() {
                return kept.issuer();
            }

            @Override
            public RegistrationStore registrations() {
                return registrations;
            }

            @Override
            public TokenStore tokens() {
                return tokens;
            }

            @Override
            public ReplayStore replay() {
                return replay;
            }

            @Override
            public LogoutMarks logoutMarks() {
                return marks;
            }

            @Override
            public UserOrigins userOrigins() {
                return origins;
            }

            @Override
            public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
                return call("stores.findTokenWithRegistration", () -> kept.findTokenWithRegistration(hash));
            }

            @Override
            public void checkWritable() {
                run("stores.checkWritable", kept::checkWritable);
            }
        };
    }

    private TrustList trust(TrustList kept) {
        return new TrustList() {
            @Override
            public Optional<TrustedProvider> find(String issuer) {
                return call("trust.find", () -> kept.find(issuer));
            }

            @Override
            public Collection<TrustedProvider> all() {
                return call("trust.all", kept::all);
            }
        };
    }

    private InstantSource clock(InstantSource kept) {
        return () -> failingName.startsWith("clock.") ? call("clock.instant", kept::instant) : kept.instant();
    }

    private RegistrationStore registrations(RegistrationStore kept) {
        return new RegistrationStore() {
            @Override
            public boolean insert(Registration registration, Instant now) {
                return call("registrations.insert", () -> {
                    inserted.add(registration.id());
                    return kept.insert(registration, now);
                });
            }

            @Override
            public Optional<Registration> replace(Registration current, Registration next) {
                return call("registrations.replace", () -> kept.replace(current, next));
            }

            @Override
            public Optional<Registration> findById(String id) {
                return call("registrations.findById", () -> kept.findById(id));
            }

            @Override
            public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
                return call("registrations.findByClaimToken", () -> kept.findByClaimToken(tokenHash));
            }

            @Override
            public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
                return call("registrations.findByAttemptToken", () -> kept.findByAttemptToken(tokenHash));
            }

            @Override
            public List<Registration> findByUser(String userId) {
                return call("registrations.findByUser", () -> kept.findByUser(userId));
            }

            @Override
            public List<Registration> findMadeBefore(Instant createdAt, String id, int limit) {
                return call("registrations.findMadeBefore", () -> kept.findMadeBefore(createdAt, id, limit));
            }

            @Override
            public List<Registration> findUnclaimedByRecipient(String recipient) {
                return call("registrations.findUnclaimedByRecipient", () -> kept.findUnclaimedByRecipient(recipient));
            }

            @Override
            public List<Registration> findByProvider(ProviderIdentity identity) {
                return call("registrations.findByProvider", () -> kept.findByProvider(identity));
            }

            @Override
            public List<Registration> findByProviderInAnyTenant(ProviderIdentity subject) {
                return call("registrations.findByProviderInAnyTenant", () -> kept.findByProviderInAnyTenant(subject));
            }

            @Override
            public int revokeAll(Instant now) {
                return call("registrations.revokeAll", () -> kept.revokeAll(now));
            }

            @Override
            public int writeRevocations(int limit) {
                return call("registrations.writeRevocations", () -> kept.writeRevocations(limit));
            }

            @Override
            public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                return call("registrations.purge", () -> kept.purge(unclaimedBefore, settledBefore, limit));
            }
        };
    }

    private TokenStore tokens(TokenStore kept) {
        return new TokenStore() {
            @Override
            public void insert(AccessToken token, Instant now, int limit) {
                run("accessTokens.insert", () -> kept.insert(token, now, limit));
            }

            @Override
            public Optional<AccessToken> find(SecretHash hash) {
                return call("accessTokens.find", () -> kept.find(hash));
            }

            @Override
            public void delete(SecretHash hash) {
                run("accessTokens.delete", () -> kept.delete(hash));
            }

            @Override
            public int purgeExpired(Instant now, int limit) {
                return call("accessTokens.purgeExpired", () -> kept.purgeExpired(now, limit));
            }
        };
    }

    private ReplayStore replay(ReplayStore kept) {
        return new ReplayStore() {
            @Override
            public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
                return call("replay.recordFirst", () -> kept.recordFirst(kind, issuer, jti, now, until));
            }

            @Override
            public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
                return call("replay.seen", () -> kept.seen(kind, issuer, jti, now));
            }

            @Override
            public int purgeExpired(Instant now, int limit) {
                return call("replay.purgeExpired", () -> kept.purgeExpired(now, limit));
            }
        };
    }

    private LogoutMarks marks(LogoutMarks kept) {
        return new LogoutMarks() {
            @Override
            public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {
                run("logoutMarks.raise", () -> kept.raise(subject, issuedAt, until));
            }

            @Override
            public Optional<Instant> newest(ProviderIdentity identity) {
                return call("logoutMarks.newest", () -> kept.newest(identity));
            }

            @Override
            public int purgeExpired(Instant now, int limit) {
                return call("logoutMarks.purgeExpired", () -> kept.purgeExpired(now, limit));
            }
        };
    }

    private UserDirectory users(UserDirectory kept) {
        return new UserDirectory() {
            @Override
            public Optional<User> findById(String userId) {
                return call("users.findById", () -> kept.findById(userId));
            }

            @Override
            public Optional<User> findByVerifiedEmail(String email) {
                return call("users.findByVerifiedEmail", () -> kept.findByVerifiedEmail(email));
            }

            @Override
            public Optional<User> findByVerifiedPhone(String phone) {
                return call("users.findByVerifiedPhone", () -> kept.findByVerifiedPhone(phone));
            }

            @Override
            public Optional<User> create(Contact contact) {
                return call("users.create", () -> contactsAreTaken ? Optional.empty() : kept.create(contact));
            }
        };
    }

    private UserOrigins origins(UserOrigins kept) {
        return new UserOrigins() {
            @Override
            public Optional<Origin> find(SecretHash key) {
                return call("origins.find", () -> kept.find(key));
            }

            @Override
            public boolean reserve(
                    SecretHash key, String reservation, Optional<SecretHash> address, Instant now, Instant until) {
                return call("origins.reserve", () -> kept.reserve(key, reservation, address, now, until));
            }

            @Override
            public boolean record(String reservation, String userId) {
                return call("origins.record", () -> kept.record(reservation, userId));
            }

            @Override
            public void release(String reservation) {
                run("origins.release", () -> kept.release(reservation));
            }

            @Override
            public void cancel(SecretHash address) {
                run("origins.cancel", () -> kept.cancel(address));
            }

            @Override
            public boolean isReserved(SecretHash address) {
                return call("origins.isReserved", () -> kept.isReserved(address));
            }

            @Override
            public boolean isOnProvidersWord(String userId) {
                return call("origins.isOnProvidersWord", () -> kept.isOnProvidersWord(userId));
            }

            @Override
            public void forgetKeys(String userId) {
                run("origins.forgetKeys", () -> kept.forgetKeys(userId));
            }

            @Override
            public int forgetAllKeys(int limit) {
                return call("origins.forgetAllKeys", () -> kept.forgetAllKeys(limit));
            }

            @Override
            public void forget(String userId) {
                run("origins.forget", () -> kept.forget(userId));
            }
        };
    }

    private ClaimMailer mailer(ClaimMailer kept) {
        return new ClaimMailer() {
            @Override
            public void sendClaimLink(ClaimMail mail) {
                run("mailer.sendClaimLink", () -> kept.sendClaimLink(mail));
            }

            @Override
            public void sendLinkedNotice(LinkedNotice notice) {
                run("mailer.sendLinkedNotice", () -> kept.sendLinkedNotice(notice));
            }
        };
    }

    private SigningKeys signingKeys(SigningKeys kept) {
        return new SigningKeys() {
            @Override
            public SigningKey current() {
                return call("signingKeys.current", kept::current);
            }

            @Override
            public List<VerificationKey> published() {
                return call("signingKeys.published", kept::published);
            }
        };
    }

    private ProviderKeys providerKeys(ProviderKeys kept) {
        return new ProviderKeys() {
            @Override
            public ProviderKeys.Answer find(TrustedProvider provider, String keyId) {
                return call("providerKeys.find", () -> kept.find(provider, keyId));
            }

            @Override
            public Optional<Duration> age(TrustedProvider provider) {
                return call("providerKeys.age", () -> kept.age(provider));
            }
        };
    }

    private ResourceServers resourceServers() {
        ResourceServers kept = SharedSecrets.of("api", TestService.API_SECRET);
        return new ResourceServers() {
            @Override
            public Set<Method> methods() {
                return kept.methods();
            }

            @Override
            public Optional<String> authenticate(Credentials credentials) {
                return call("resourceServers.authenticate", () -> kept.authenticate(credentials));
            }
        };
    }

    private RateLimiter limiter() {
        return new RateLimiter() {
            @Override
            public Optional<Duration> tryAcquire(RateLimit limit, String key) {
                return call("rateLimiter.tryAcquire", Optional::empty);
            }

            @Override
            public Optional<Duration> check(RateLimit limit, String key) {
                return call("rateLimiter.check", Optional::empty);
            }
        };
    }

    private AuditSink audit(AuditSink kept) {
        return new AuditSink() {
            @Override
            public void record(AuditEvent event) {
                run("audit.record", () -> kept.record(event));
            }

            @Override
            public long lost() {
                return call("audit.lost", kept::lost, false);
            }
        };
    }
}
