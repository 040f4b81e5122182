package genai

import (
	"slices"
	"strings"
)

// What dialects note in a reading beside fields.

// heard adds messages that a model was sent, which key held.
func (r *reading) heard(d *dialect, key string, list []Message) {
	if len(list) > 0 {
		r.input = append(r.input, list...)
		r.inputFrom = found{key: key, of: d}
	}
}

// answered adds messages that a model answered.
func (r *reading) answered(d *dialect, key string, list []Message) {
	if len(list) > 0 {
		r.answer = append(r.answer, list...)
		r.answerFrom = found{key: key, of: d}
	}
}

// keep notes what a program attached to a span: names, numbers and the like are facts, what has structure may hold anything.
func (r *reading) keep(key string, v any) {
	switch spelled(v).(type) {
	case nil:
	case string, bool, int64, float64:
		r.fact(key, v)
	default:
		if structured(v) == nil {
			r.fact(key, v)
			return
		}
		r.leave(key, v)
	}
}

// keepFamily is keep for all attributes of a family.
func (r *reading) keepFamily(prefix string) {
	for _, a := range r.family(prefix) {
		r.keep(prefix+a.Key, a.Value)
	}
}

// factsOfFamily notes all attributes of a family as facts.
func (r *reading) factsOfFamily(prefix string) {
	for _, a := range r.family(prefix) {
		r.fact(prefix+a.Key, a.Value)
	}
}

// parametersOfFamily notes all attributes of a family as parameters of the request.
func (r *reading) parametersOfFamily(prefix string) {
	for _, a := range r.family(prefix) {
		r.parameter(a.Key, a.Value)
	}
}

// fail notes that a tool failed, as key says in another way than by a word.
func (r *reading) fail(d *dialect, key string) {
	r.give(d, 900, fieldToolStatus, key, "error")
	r.use(fieldToolStatus)
}

// kindBy looks up the kind that a fact names.
func (r *reading) kindBy(key string, kinds map[string]kind) (kind, string) {
	name := wordOf(r.facts[key])
	if k := kinds[strings.ToLower(name)]; k != kindOther {
		return k, key + " = " + name
	}
	return kindOther, ""
}

// toolsOfInput takes the definitions of tools out of the whole request, where nothing else has them.
func (r *reading) toolsOfInput() {
	if v := r.get(fieldInput); v.key != "" && !r.has(fieldToolDefinitions) {
		if tools := first(objectIn(structured(v.value)), "tools", "functions"); tools != nil {
			r.give(v.of, 900, fieldToolDefinitions, v.key, tools)
		}
	}
}

// namedBySpan is for a dialect in which the name of a span is the name of what it is.
func (r *reading) namedBySpan(name string) {
	i := slices.IndexFunc(dialects, func(d *dialect) bool { return d.name == name })
	if !r.has(fieldEntityName) {
		r.give(dialects[i], 999, fieldEntityName, "name", r.span.Name)
		r.use(fieldEntityName)
	}
}

// modelOfParameters takes the model that was asked for out of the parameters, where some keep it.
func (r *reading) modelOfParameters() {
	v := r.get(fieldParameters)
	if r.has(fieldRequestModel) || v.key == "" {
		return
	}
	if name := firstText(objectIn(structured(v.value)), "model", "model_name", "modelId", "model_id"); name != "" {
		r.offer(fieldRequestModel, found{value: name, key: v.key, rank: v.rank, of: v.of})
	}
}
