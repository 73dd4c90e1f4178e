/**
 * Two demos in JVMs of their own over one PostgreSQL: races over both, one of them killed again and again, the database gone
 * for a while. Start reading at {@link dev.agentauth.examples.replicas.Replicas}.
 */
@NullMarked
package dev.agentauth.examples.replicas;

import org.jspecify.annotations.NullMarked;
