package translate

import (
	"encoding/json"
	"maps"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// ofFields makes an event of its members by name. The envelope's are what was found of the span.
func ofFields(envelope types.Event, fields map[string]any) (whole types.Event, err error) {
	members := maps.Clone(fields)
	text, err := json.Marshal(envelope)
	if err != nil {
		return whole, err
	}
	var own map[string]json.RawMessage
	if err := json.Unmarshal(text, &own); err != nil {
		return whole, err
	}
	for name, raw := range own {
		members[name] = raw
	}
	err = json.Unmarshal(jsonenc.Append(nil, members), &whole)
	whole.Timestamp, whole.Duration = envelope.Timestamp, envelope.Duration
	return whole, err
}
