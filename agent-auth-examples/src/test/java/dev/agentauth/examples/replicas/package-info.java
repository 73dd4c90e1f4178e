/**
 * Two real JVMs of the demo over one real PostgreSQL: {@code Cluster} starts and stops them. {@code ReplicaRacesTest} has
 * them race, {@code KilledReplicaTest} kills them, {@code DatabaseOutageTest} stops the database; the last two do so while
 * a {@code Load} keeps a {@code Ledger} of what was promised.
 */
@NullMarked
package dev.agentauth.examples.replicas;

import org.jspecify.annotations.NullMarked;
