package genai

import (
	"maps"
	"slices"

	"github.com/sentrial/sentrial-go/internal/genaiwords"
)

// allParameters are what the caller asked for beside the model, under the names of gen_ai.request.*.
func (r *reading) allParameters() map[string]any {
	if !r.has(fieldParameters) && !r.has(fieldOutputType) && !r.has(fieldDimensions) {
		return r.parameters
	}
	all := maps.Clone(r.parameters)
	members := objectIn(structured(r.content(fieldParameters)))
	for _, key := range slices.Sorted(maps.Keys(members)) {
		if name := genaiwords.ParameterName(key); name != "" && all[name] == nil && !emptyJSON(members[key]) {
			all = with(all, name, value(members[key]))
		}
	}
	if v := r.content(fieldOutputType); v != nil {
		all = with(all, "output_type", v)
	}
	if v := r.content(fieldDimensions); v != nil {
		all = with(all, "dimensions", v)
	}
	return all
}
