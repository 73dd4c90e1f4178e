/**
 * The edge to what embedders plug in. Everything that a port throws or answers comes through here, and nowhere else is it
 * caught: what Java's checked exceptions do not promise (an undeclared checked one, an {@link java.lang.Error}, null) has
 * the outcome that the port documents, and none of its words go any further. Start at {@code Contained} for what happens
 * to which port, and at {@code Foreign} for the rules.
 */
@NullMarked
package dev.agentauth.internal.ports;

import org.jspecify.annotations.NullMarked;
