/**
 * The ports that store things, in a relational database that any number of replicas share. Start reading at {@link
 * dev.agentauth.jdbc.JdbcStores}; each store is a class of its own with its statements at the top, {@code Database} runs
 * them, {@code Dialect} knows what databases write differently, and {@code SqlErrors} what their errors mean.
 */
@NullMarked
package dev.agentauth.jdbc;

import org.jspecify.annotations.NullMarked;
