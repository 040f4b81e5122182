package httptap

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/internal/genaiwords"
)

// withoutKeys gives the tools offered without the keys of other services that some have: those that the provider itself calls. What a tool takes is a schema, further
// inside, and stays as it is.
func withoutKeys(tools json.RawMessage) json.RawMessage {
	if len(tools) == 0 {
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

// toolWithoutKeys gives nil for a tool that has none.
func toolWithoutKeys(tool json.RawMessage) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(tool, &members) != nil {
		return nil
	}
	changed := false
	for name, value := range members {
		switch lower := strings.ToLower(name); {
		case lower == "headers" || strings.HasSuffix(lower, "token") || genaiwords.Secret(lower):
			members[name] = json.RawMessage(`"[hidden]"`)
		case strings.HasSuffix(lower, "url"):
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
