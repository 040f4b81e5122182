package genai

import (
	"slices"
	"strconv"
	"strings"
)

// flatMessages puts messages together of attributes N.role, N.content, N.tool_calls.M.name, ...; what comes before N. was cut off.
func flatMessages(list []Attribute, role string) (messages []Message) {
	var thoughts []Part
	var why any // the model stopped
	for _, index := range indices(list) {
		members := map[string]any{"role": role}
		nest(list, index+".", members)
		if s, ok := members["user"].(string); ok && members["content"] == nil { // a prompt without messages
			members["content"] = s
			delete(members, "user")
		}
		if members["role"] == "thinking" { // what a model thought stands before what it said
			thoughts = append(thoughts, Part{Type: "reasoning", Content: textOf(members["content"])})
			why = members["finish_reason"]
			continue
		}
		if m, ok := messageOf(objectIn(jsonOf(finite(members)))); ok {
			if m.FinishReason == "" {
				m.FinishReason = finishReason(textOf(why))
			}
			m.Parts, thoughts = append(thoughts, m.Parts...), nil
			messages = append(messages, m)
		}
	}
	if thoughts != nil {
		messages = append(messages, Message{Role: role, Parts: thoughts})
	}
	return messages
}

// indices gives the numbers that attributes begin with, in order.
func indices(list []Attribute) (all []string) {
	var numbers []int
	for _, a := range list {
		head, _, _ := strings.Cut(a.Key, ".")
		if n, err := strconv.Atoi(head); err == nil && n >= 0 && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		all = append(all, strconv.Itoa(n))
	}
	return all
}

// maxDots bounds how deep names nest.
const maxDots = 20

// nest puts attributes below prefix into objects and lists: a.0.b = v becomes a: [{b: v}].
func nest(list []Attribute, prefix string, into map[string]any) {
	inner := make(map[string][]Attribute)
	var names []string
	for _, a := range list {
		path, ok := strings.CutPrefix(a.Key, prefix)
		if !ok {
			continue
		}
		name, rest, deeper := strings.Cut(path, ".")
		if deeper && strings.Count(rest, ".") > maxDots {
			name, deeper = path, false
		}
		if !deeper {
			into[name] = spelled(a.Value)
			if name == "content" {
				into[name] = contentJSON(roleUnder(list, prefix), a.Value)
			}
			continue
		}
		if inner[name] == nil {
			names = append(names, name)
		}
		inner[name] = append(inner[name], Attribute{rest, a.Value})
	}
	for _, name := range names {
		into[name] = nested(inner[name])
	}
}

func roleUnder(list []Attribute, prefix string) string {
	for _, a := range list {
		if a.Key == prefix+"role" {
			return textOf(a.Value)
		}
	}
	return ""
}

// nested gives a list where the names are numbers, else an object.
func nested(list []Attribute) any {
	numbers := indices(list)
	if len(numbers) == 0 {
		object := make(map[string]any)
		nest(list, "", object)
		return object
	}
	items := make([]any, len(numbers))
	for i, n := range numbers {
		object := make(map[string]any)
		nest(list, n+".", object)
		items[i] = object
	}
	return items
}
