/**
 * An MCP server that agents may use, and an agent that uses it. Start at {@link dev.agentauth.examples.mcp.McpExample}; the
 * other side is {@link dev.agentauth.examples.mcp.NotesAgent}.
 */
@NullMarked
package dev.agentauth.examples.mcp;

import org.jspecify.annotations.NullMarked;
