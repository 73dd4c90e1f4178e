/**
 * What an embedder implements: the ports, each small enough for an hour's work, and the values that cross them. Start at
 * {@link dev.agentauth.spi.RegistrationStore} for storage, {@link dev.agentauth.spi.UserDirectory} for people and
 * {@link dev.agentauth.spi.ClaimMailer} for mail.
 *
 * <p>Rules for every port: implementations are called by many threads at once; they throw
 * {@link dev.agentauth.spi.PortUnavailableException} when their backend is out of reach, which callers see as a 503
 * {@code temporarily_unavailable}, and may throw {@link dev.agentauth.spi.InstallationException} where that will never
 * change; instants are UTC with at most microseconds; strings are compared exactly, without
 * folding case, trailing blanks or Unicode forms, and hold no U+0000 and no unpaired surrogate.
 *
 * <p>Whatever else they throw, undeclared checked exceptions and errors included, and null where an object is answered, is
 * contained: it counts as {@code PortUnavailableException}, unless the port says what else it does. Of such an exception
 * only the types and the trace are told, never the words, to no caller and to no log. A
 * {@link java.lang.VirtualMachineError} other than a stack overflow is thrown on.
 */
@NullMarked
package dev.agentauth.spi;

import org.jspecify.annotations.NullMarked;
