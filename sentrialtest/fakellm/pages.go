package fakellm

import (
	"net/http"
	"strings"
)

// models are the names that listings show. Any other name may be asked for too.
var models = []string{"gpt-4o-mini", "claude-sonnet-4-5", "gemini-2.5-flash", "llama3.2"}

// fixedPage gives what a GET shows that asks no model; nil is none.
func fixedPage(r *http.Request) func() any {
	if r.Method != http.MethodGet {
		return nil
	}
	switch path := r.URL.Path; {
	case strings.HasSuffix(path, "/v1/models") && r.Header.Get("Anthropic-Version") != "":
		return anthropicModels
	case strings.HasSuffix(path, "/v1beta/models"):
		return geminiModels
	case strings.HasSuffix(path, "/models"):
		return openaiModels
	case strings.HasSuffix(path, "/api/version"):
		return func() any { return object{"version": "0.17.4"} }
	case strings.HasSuffix(path, "/api/tags"):
		return ollamaTags
	}
	return nil
}

const made = "2026-01-01T00:00:00Z"

func openaiModels() any {
	return object{"object": "list", "data": each(func(name string) any {
		return object{"id": name, "object": "model", "created": 1767225600, "owned_by": "fakellm"}
	})}
}

func anthropicModels() any {
	list := each(func(name string) any {
		return object{"id": name, "type": "model", "display_name": name, "created_at": made}
	})
	return object{"data": list, "has_more": false, "first_id": models[0], "last_id": models[len(models)-1]}
}

func geminiModels() any {
	return object{"models": each(func(name string) any {
		return object{"name": "models/" + name, "displayName": name, "supportedGenerationMethods": []string{"generateContent", "embedContent"}}
	})}
}

func ollamaTags() any {
	return object{"models": each(func(name string) any {
		return object{"name": name, "model": name, "modified_at": made, "size": 0, "digest": "", "details": object{"family": "fakellm"}}
	})}
}

func each(show func(name string) any) (list []any) {
	for _, name := range models {
		list = append(list, show(name))
	}
	return list
}
