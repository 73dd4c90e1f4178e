/** A small service, tested as services are. */
package dev.agentauth.spring.test;
