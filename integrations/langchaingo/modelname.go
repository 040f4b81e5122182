package langchaingo

import (
	"path"
	"reflect"
	"strings"

	"github.com/tmc/langchaingo/llms"
)

// providers are the names of OpenTelemetry's conventions for langchaingo's packages, where they differ.
var providers = map[string]string{
	"googleai": "gcp.gemini", "vertex": "gcp.vertex_ai", "palm": "gcp.vertex_ai", "bedrock": "aws.bedrock", "mistral": "mistral_ai", "watsonx": "ibm.watsonx.ai",
}

const providersPath = "github.com/tmc/langchaingo/llms/"

// providerOf is named after the package of the model, "" for those of others.
func providerOf(model llms.Model) string {
	t := reflect.TypeOf(model)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || !strings.HasPrefix(t.PkgPath(), providersPath) {
		return ""
	}
	switch name := path.Base(t.PkgPath()); {
	case name == "fake" || name == "cache":
		return ""
	case providers[name] != "":
		return providers[name]
	default:
		return name
	}
}

// nameFields are where langchaingo's providers keep the name that they were made with; nothing else tells it.
var nameFields = [][]string{
	{"model"}, {"client", "Model"}, {"options", "model"}, {"opts", "DefaultModel"}, {"clientOptions", "model"}, {"modelID"}, {"client", "model"},
}

// configuredName is the model's name as langchaingo's provider was given it, "" if it cannot be told.
func configuredName(model llms.Model) (name string) {
	if providerOf(model) == "" {
		return ""
	}
	quietly(func() {
		for _, fields := range nameFields {
			if name = textAt(reflect.ValueOf(model), fields); name != "" {
				return
			}
		}
	})
	return name
}

func textAt(v reflect.Value, fields []string) string {
	for _, field := range fields {
		if v = pointedAt(v); v.Kind() != reflect.Struct {
			return ""
		}
		v = v.FieldByName(field)
	}
	if v = pointedAt(v); v.Kind() != reflect.String {
		return ""
	}
	return v.String()
}

func pointedAt(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}
