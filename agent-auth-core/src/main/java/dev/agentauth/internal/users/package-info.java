/**
 * Which user it is: {@code Matching} for somebody whom a provider vouches for, {@code Users} for somebody who proved an
 * address; and what a first proof ends: {@code OwnProof}.
 */
@NullMarked
package dev.agentauth.internal.users;

import org.jspecify.annotations.NullMarked;
