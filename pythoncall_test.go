package sentrial_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pythonCalls reads the calls of the client in a Python text: the parameters of each method, as they stand there.
func pythonCalls(text string) map[string]map[string]string {
	calls := map[string]map[string]string{}
	for _, at := range regexp.MustCompile(`client\.(\w+)\(`).FindAllStringSubmatchIndex(text, -1) {
		parameters := map[string]string{}
		for _, argument := range pythonArguments(text[at[1]:]) {
			if name, value, ok := strings.Cut(argument, "="); ok {
				parameters[strings.TrimSpace(name)] = strings.TrimSpace(value)
			}
		}
		calls[text[at[2]:at[3]]] = parameters
	}
	return calls
}

// pythonArguments splits what follows an opening parenthesis, up to the one that closes it.
func pythonArguments(text string) (arguments []string) {
	begin, depth, quoted := 0, 0, false
	for i, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case strings.ContainsRune("([{", r):
			depth++
		case depth > 0 && strings.ContainsRune(")]}", r):
			depth--
		case depth == 0 && r == ',':
			arguments, begin = append(arguments, text[begin:i]), i+1
		case depth == 0 && r == ')':
			return append(arguments, text[begin:i])
		}
	}
	return arguments
}

// pythonValue is the value of a Python literal; a variable has none.
func pythonValue(literal string) (v any, ok bool) {
	switch literal {
	case "True":
		return true, true
	case "False":
		return false, true
	}
	return v, json.Unmarshal([]byte(literal), &v) == nil
}

// leaves calls visit with each value inside v that is no object, and its path.
func leaves(path string, v any, visit func(path string, v any)) {
	object, ok := v.(map[string]any)
	if !ok {
		visit(path, v)
	}
	for name, inner := range object {
		leaves(path+"."+name, inner, visit)
	}
}

// atPath gives what leaves would visit at the path, nil if there is nothing.
func atPath(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

func TestPythonCalls(t *testing.T) {
	calls := pythonCalls(`id = client.f(a="x, (y", b={"c": [1, 2], "d": {"e": True}},
	                      g=True, h=id) # client
	client.g(id, i=0.5)`)
	for call, want := range map[string]any{"f a": "x, (y", "f g": true, "g i": 0.5} {
		method, name, _ := strings.Cut(call, " ")
		if v, ok := pythonValue(calls[method][name]); !ok || v != want {
			t.Errorf("%s = %v, want %v", call, v, want)
		}
	}
	if _, isLiteral := pythonValue(calls["f"]["h"]); isLiteral || len(calls["f"]) != 4 || len(calls["g"]) != 1 {
		t.Errorf("calls = %v", calls)
	}
	var paths []string
	leaves("a", map[string]any{"b": 1, "c": map[string]any{"d": []any{2}}}, func(path string, _ any) { paths = append(paths, path) })
	if slices.Sort(paths); !slices.Equal(paths, []string{"a.b", "a.c.d"}) {
		t.Errorf("leaves at %q", paths)
	}
}
