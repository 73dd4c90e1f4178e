package dev.agentauth;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderSubject;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AccessTokenStore;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.ProviderKey;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.Provisioning;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.StoreUnavailableException;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.spi.VerificationKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Wraps every port, counts the calls of all of them, and lets one of them fail: before it has done anything, or after. */
final class Faults {

    /** When the chosen call fails. */
    enum Mode {
        BEFORE,
        AFTER
    }

    private final Mode mode;
    private final int failing;
    private int calls;
    private String failed = "none";

    /** The ids of all registrations that were inserted. */
    final List<String> inserted = new ArrayList<>();

    /** Lets the call of that number fail; none for zero. */
    Faults(Mode mode, int failing) {
        this.mode = mode;
        this.failing = failing;
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
        calls++;
        boolean fails = calls == failing;
        if (fails) {
            failed = name;
        }
        if (fails && mode == Mode.BEFORE) {
            throw new StoreUnavailableException("planted before " + name);
        }
        T result = effect.get();
        if (fails) {
            throw new StoreUnavailableException("planted after " + name);
        }
        return result;
    }

    private void run(String name, Runnable effect) {
        call(name, () -> {
            effect.run();
            return true;
        });
    }

    AgentAuthBuilder wrap(AgentAuthBuilder builder, TestService service) {
        return builder.registrations(registrations(service.registrations))
                .accessTokens(tokens(service.tokens))
                .replay(replay(service.replay))
                .logoutMarks(marks(service.marks))
                .users(users(service.users))
                .mailer(mailer(service.outbox))
                .signingKeys(signingKeys(service.signingKeys))
                .providerKeys(providerKeys(SigningProvider.keysOf(service.provider, service.otherProvider)))
                .rateLimiter(limiter())
                .audit(audit(service.audit));
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
            public List<Registration> findByProvider(ProviderSubject subject) {
                return call("registrations.findByProvider", () -> kept.findByProvider(subject));
            }

            @Override
            public int revokeAll(Instant now) {
                return call("registrations.revokeAll", () -> kept.revokeAll(now));
            }

            @Override
            public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                return call("registrations.purge", () -> kept.purge(unclaimedBefore, settledBefore, limit));
            }
        };
    }

    private AccessTokenStore tokens(AccessTokenStore kept) {
        return new AccessTokenStore() {
            @Override
            public void insert(AccessToken token) {
                run("accessTokens.insert", () -> kept.insert(token));
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
            public void raise(ProviderSubject subject, Instant issuedAt, Instant until) {
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
            public Provisioning provision(SecretHash key, Contact contact) {
                return call("users.provision", () -> kept.provision(key, contact));
            }

            @Override
            public void forgetKeys(String userId) {
                run("users.forgetKeys", () -> kept.forgetKeys(userId));
            }

            @Override
            public void recordOwnProof(String userId, String email) {
                run("users.recordOwnProof", () -> kept.recordOwnProof(userId, email));
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
            public List<ProviderKey> find(TrustedProvider provider, String keyId) {
                return call("providerKeys.find", () -> kept.find(provider, keyId));
            }

            @Override
            public Optional<Instant> obtainedAt(TrustedProvider provider) {
                return call("providerKeys.obtainedAt", () -> kept.obtainedAt(provider));
            }
        };
    }

    private RateLimiter limiter() {
        return (limit, key) -> call("rateLimiter.tryAcquire", Optional::empty);
    }

    private AuditSink audit(AuditSink kept) {
        return event -> run("audit.record", () -> kept.record(event));
    }
}
