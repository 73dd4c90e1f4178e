/** A service that people and agents share: all of it is {@link dev.agentauth.examples.spring.NotesService} and two resources. */
@NullMarked
package dev.agentauth.examples.spring;

import org.jspecify.annotations.NullMarked;
