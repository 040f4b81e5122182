// Package api holds the contract of the ingestion API: what `sentrial serve` speaks, and whoever else takes what the SDK sends.
package api

import _ "embed"

//go:embed openapi.yaml
var openAPI string

// OpenAPI returns the description of the API, OpenAPI 3.0 in YAML. A server gives the same as JSON at /v1/openapi.json. The tests of the server
// hold every request they make and every reply they get against it.
func OpenAPI() string { return openAPI }
