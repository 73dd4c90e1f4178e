/** A service's own sign-in as the claim page uses it, over plain servlet sessions. The page that lets people in believes everybody. */
@NullMarked
package dev.agentauth.examples.signin;

import org.jspecify.annotations.NullMarked;
