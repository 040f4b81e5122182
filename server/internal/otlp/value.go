package otlp

import (
	"errors"
	"math"
	"strconv"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// errDeep is about a value that nests deeper than is taken.
var errDeep = errors.New("a value nests too deep")

// attributes are those of a message. One without a key says nothing; left counts those that nest too deep.
func (d *decoder) attributes(from []*commonpb.KeyValue, left *int) ([]genai.Attribute, error) {
	if len(from) == 0 {
		return nil, nil
	}
	list := make([]genai.Attribute, 0, len(from))
	for _, kv := range from {
		v, err := d.pair(kv, 0)
		switch {
		case errors.Is(err, errDeep):
			*left++
		case err != nil:
			return list, err
		case kv.GetKey() != "":
			list = append(list, genai.Attribute{Key: kv.GetKey(), Value: v})
		}
	}
	return list, nil
}

func (d *decoder) pair(kv *commonpb.KeyValue, depth int) (any, error) {
	if err := d.another(); err != nil {
		return nil, err
	}
	return d.value(kv.GetValue(), depth)
}

// value is one of any kind, inside of so many lists and objects.
func (d *decoder) value(v *commonpb.AnyValue, depth int) (any, error) {
	switch v := v.GetValue().(type) {
	case *commonpb.AnyValue_StringValue:
		return v.StringValue, nil
	case *commonpb.AnyValue_BoolValue:
		return v.BoolValue, nil
	case *commonpb.AnyValue_IntValue:
		return v.IntValue, nil
	case *commonpb.AnyValue_DoubleValue:
		return double(v.DoubleValue), nil
	case *commonpb.AnyValue_BytesValue:
		return v.BytesValue, nil
	case *commonpb.AnyValue_ArrayValue:
		return d.array(v.ArrayValue.GetValues(), depth+1)
	case *commonpb.AnyValue_KvlistValue:
		return d.object(v.KvlistValue.GetValues(), depth+1)
	}
	return nil, nil //nolint:nilnil // a value may be none
}

// double is a number, or the word for one that JSON has no form for.
func double(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return f
}

func (d *decoder) array(from []*commonpb.AnyValue, depth int) (any, error) {
	if depth > d.limits.Depth {
		return nil, errDeep
	}
	list := make([]any, 0, len(from))
	for _, v := range from {
		if err := d.another(); err != nil {
			return nil, err
		}
		element, err := d.value(v, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, element)
	}
	return list, nil
}

func (d *decoder) object(from []*commonpb.KeyValue, depth int) (any, error) {
	if depth > d.limits.Depth {
		return nil, errDeep
	}
	object := make(map[string]any, len(from))
	for _, kv := range from {
		v, err := d.pair(kv, depth)
		if err != nil {
			return nil, err
		}
		object[kv.GetKey()] = v
	}
	return object, nil
}
