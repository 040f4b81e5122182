module github.com/sentrial/sentrial-go/integrations/httpclients

go 1.26.0

require (
	github.com/sashabaranov/go-openai v1.43.0 // indirect
	github.com/sentrial/sentrial-go v0.0.0
)
