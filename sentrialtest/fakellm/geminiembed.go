package fakellm

import (
	"encoding/json"
	"net/http"
)

// geminiEmbedding is one text to embed; a batch has several.
type geminiEmbedding struct {
	Content    geminiContent
	Dimensions int `json:"outputDimensionality"`
	Requests   []geminiEmbedding
}

func readGeminiEmbed(req *Request, r *http.Request) error {
	var body geminiEmbedding
	if err := json.Unmarshal(req.Body, &body); err != nil {
		return err
	}
	req.Model = geminiModel(r.URL.Path)
	if len(body.Requests) == 0 {
		body.Requests = []geminiEmbedding{{Content: body.Content}}
	}
	for _, each := range body.Requests {
		var all texts
		for _, p := range each.Content.Parts {
			all = append(all, p.Text)
		}
		req.embed(all.joined())
	}
	return nil
}

func wholeGeminiEmbed(e *exchange) any {
	var asked geminiEmbedding
	_ = json.Unmarshal(e.Body, &asked) // it was read before
	if len(asked.Requests) == 0 {
		return object{"embedding": object{"values": e.vectors(asked.Dimensions)[0]}}
	}
	list := []any{}
	for _, v := range e.vectors(asked.Requests[0].Dimensions) {
		list = append(list, object{"values": v})
	}
	return object{"embeddings": list}
}
