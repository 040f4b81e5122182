// Package httpclients shows that clients which know nothing of sentrial are recorded when their HTTP client has the transport of package httptap: go-openai, against
// OpenAI, Azure and what is compatible, and Ollama's own wire with nothing but net/http. It has tests and an example program, and nothing to import.
package httpclients
