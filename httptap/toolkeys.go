package httptap

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/internal/genaiwords"
	"github.com/sentrial/sentrial-go/internal/jsonindex"
)

// withoutKeys gives the tools offered without the keys of other services that some have: those that the provider itself calls. What a tool takes is a schema, further
// inside, and stays as it is.
func withoutKeys(tools json.RawMessage) json.RawMessage {
	if len(tools) == 0 || !mayHaveKeys(tools) {
		return tools
	}
	var list []json.RawMessage
	if json.Unmarshal(tools, &list) != nil {
		return tools
	}
	changed := false
	for i, tool := range list {
		if clean := toolWithoutKeys(tool); clean != nil {
			list[i], changed = clean, true
		}
	}
	if !changed {
		return tools
	}
	clean, _ := json.Marshal(list)
	return clean
}

// mayHaveKeys looks at the names, as most tools have none of these.
func mayHaveKeys(tools json.RawMessage) bool {
	var x jsonindex.Index
	if !x.Read(tools) {
		return false
	}
	for tool := range x.Root().Items {
		for name := range tool.Members {
			if lower := strings.ToLower(name); isKey(lower) || isPlace(lower) {
				return true
			}
		}
	}
	return false
}

func isKey(lower string) bool {
	return lower == "headers" || strings.HasSuffix(lower, "token") || genaiwords.Secret(lower)
}

func isPlace(lower string) bool { return strings.HasSuffix(lower, "url") }

// toolWithoutKeys gives nil for a tool that has none.
func toolWithoutKeys(tool json.RawMessage) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(tool, &members) != nil {
		return nil
	}
	changed := false
	for name, value := range members {
		switch lower := strings.ToLower(name); {
		case isKey(lower):
			members[name] = json.RawMessage(`"[hidden]"`)
		case isPlace(lower):
			members[name] = hostOnly(value)
		default:
			continue
		}
		changed = true
	}
	if !changed {
		return nil
	}
	clean, _ := json.Marshal(members)
	return clean
}

// hostOnly is a URL without its path, which may be as secret as a key.
func hostOnly(value json.RawMessage) json.RawMessage {
	var text string
	if json.Unmarshal(value, &text) != nil {
		return json.RawMessage(`"[hidden]"`)
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return json.RawMessage(`"[hidden]"`)
	}
	clean, _ := json.Marshal(u.Scheme + "://" + u.Host)
	return clean
}
