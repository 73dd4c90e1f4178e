/** The starter in real contexts of Spring Boot, and over real HTTP where it answers. */
@NullMarked
package dev.agentauth.spring;

import org.jspecify.annotations.NullMarked;
