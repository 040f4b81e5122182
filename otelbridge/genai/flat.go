package genai

import (
	"encoding/json"
	"slices"
	"strings"
)

// Attributes have no lists of objects, so instrumentations flatten them: N.document.content, N.tool.json_schema, ...

// under gives the attributes below a prefix, without it.
func under(list []Attribute, prefix string) (inner []Attribute) {
	for _, a := range list {
		if rest, ok := strings.CutPrefix(a.Key, prefix); ok {
			inner = append(inner, Attribute{rest, a.Value})
		}
	}
	return inner
}

// flatObjects gives the objects of N.prefix.member in a list; nil when there is none.
func flatObjects(list []Attribute, prefix string) any {
	numbers := indices(list)
	if len(numbers) == 0 {
		return nil
	}
	objects := make([]any, len(numbers))
	for i, n := range numbers {
		object := make(map[string]any)
		for _, a := range under(list, n+".") {
			object[strings.TrimPrefix(a.Key, prefix)] = spelled(a.Value)
		}
		objects[i] = object
	}
	return jsonOf(finite(objects))
}

// flatTools gives definitions of tools: the schema where one was written, else an object of what was.
func flatTools(list []Attribute, prefix string) any {
	numbers := indices(list)
	if len(numbers) == 0 {
		return nil
	}
	tools := make([]any, len(numbers))
	for i, n := range numbers {
		object := make(map[string]any)
		for _, a := range under(list, n+".") {
			object[strings.TrimPrefix(a.Key, prefix)] = spelled(a.Value)
		}
		tools[i] = object
		if schema := object["json_schema"]; schema != nil {
			tools[i] = schema
		}
	}
	return jsonOf(finite(tools))
}

// flatTexts gives the texts of N.name: one alone as it is, several as a list.
func flatTexts(list []Attribute, name string) any {
	var texts flatList[string]
	for _, a := range list {
		head, rest, _ := strings.Cut(a.Key, ".")
		if rest != name {
			continue
		}
		if at, _, ok := texts.at(head, ""); ok {
			*at = textOf(a.Value)
		}
	}
	texts.sort()
	all := make([]string, len(texts))
	for i := range texts {
		all[i] = texts[i].it
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return all
}

// textParts reads a content that is a text, or a list of parts in JSON. Other JSON is a text: models answer in it.
func textParts(s string) []Part {
	if items := listIn(structured(s)); items != nil {
		if parts := loneParts(items); parts != nil {
			return parts
		}
	}
	return []Part{{Type: "text", Content: s}}
}

// contentJSON gives a content in JSON under the same rule; what a tool answered keeps its structure.
func contentJSON(role string, v any) json.RawMessage {
	s, ok := v.(string)
	if !ok || role == "tool" {
		return jsonOf(spelled(v))
	}
	if raw := structured(s); raw != nil && loneParts(listIn(raw)) != nil {
		return raw
	}
	return jsonOf(s)
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
