/**
 * What an embedder implements: the ports, each small enough for an hour's work, and the values that cross them. Start at
 * {@link dev.agentauth.spi.RegistrationStore} for storage, {@link dev.agentauth.spi.UserDirectory} for people and
 * {@link dev.agentauth.spi.ClaimMailer} for mail.
 *
 * <p>Rules for every port: implementations are called by many threads at once; they throw
 * {@link dev.agentauth.spi.StoreUnavailableException} when their backend is out of reach, which callers see as a 503
 * {@code temporarily_unavailable}; instants are UTC with at most microseconds; strings are compared exactly, without
 * folding case, trailing blanks or Unicode forms, and hold no U+0000 and no unpaired surrogate.
 */
@NullMarked
package dev.agentauth.spi;

import org.jspecify.annotations.NullMarked;
