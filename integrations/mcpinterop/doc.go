// Package mcpinterop has tests alone: integrations/mcp and integrations/mcpgo, each for its library of the Model Context Protocol, record one call as one event also
// when they meet. It is a module of its own so that neither needs the other's library.
package mcpinterop
