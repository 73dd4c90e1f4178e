package dev.agentauth;

/**
 * What a purge has removed.
 *
 * @param registrations registrations that nobody claimed, and ended ones past their retention
 * @param accessTokens expired access tokens
 * @param replayRecords records of JWTs that can no longer be presented
 * @param logoutMarks marks that no ID-JAG can be under any more
 * @since 0.2.0
 */
public record PurgeReport(int registrations, int accessTokens, int replayRecords, int logoutMarks) {}
