module github.com/sentrial/sentrial-go/integrations/mcp

go 1.26.0

require (
	github.com/modelcontextprotocol/go-sdk v1.8.0
	github.com/sentrial/sentrial-go v0.0.0
)
