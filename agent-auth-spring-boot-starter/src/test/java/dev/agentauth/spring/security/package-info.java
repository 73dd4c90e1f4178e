/** Agents and people at the same paths, over real HTTP. */
@NullMarked
package dev.agentauth.spring.security;

import org.jspecify.annotations.NullMarked;
