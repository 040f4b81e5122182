package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/sentrial/sentrial-go/api"
)

// openAPI is the contract as JSON.
var openAPI = sync.OnceValues(func() ([]byte, error) {
	text, err := yaml.YAMLToJSON([]byte(api.OpenAPI()))
	if err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	err = json.Compact(&compact, text)
	return compact.Bytes(), err
})

// getOpenAPI answers with the contract of all routes.
func (s *Server) getOpenAPI(w http.ResponseWriter, _ *http.Request) error {
	text, err := openAPI()
	if err != nil {
		return err
	}
	writeRaw(w, text)
	return nil
}
