package standin

import (
	"encoding/json"
	"strings"

	"github.com/sentrial/sentrial-go/server/demo/chat"
)

// conversation is what the rules look at: the last question, the results of the tools asked for since, and the tools on offer.
type conversation struct {
	question string
	results  []result
	offered  map[string]offer
}

// offer is a tool that may be asked for, with the arguments it declares; none declared = any.
type offer struct{ Properties map[string]json.RawMessage }

// result is what a tool gave back.
type result struct{ text string }

func read(req chat.Request) (*conversation, error) {
	talk := &conversation{offered: make(map[string]offer, len(req.Tools))}
	asked := false
	for _, message := range req.Messages {
		switch message.Role {
		case "user":
			asked = true
			talk.question, talk.results = string(message.Content), nil
		case "tool":
			talk.results = append(talk.results, result{string(message.Content)})
		}
	}
	if !asked {
		return nil, errNoQuestion
	}
	for _, tool := range req.Tools {
		var declared offer
		_ = json.Unmarshal(tool.Function.Parameters, &declared) // a schema of another shape declares nothing
		talk.offered[tool.Function.Name] = declared
	}
	return talk, nil
}

// failed says whether the tool reported an error, as a text "error: …" or an object {"error": …}.
func (r result) failed() bool {
	var object struct{ Error *json.RawMessage }
	return strings.HasPrefix(strings.ToLower(r.text), "error:") || json.Unmarshal([]byte(r.text), &object) == nil && object.Error != nil
}

// listing is the result of list_files. Tools that give back bare names do too; then the sizes are 0.
type listing struct {
	Files      []entry
	Count      int
	TotalBytes int64 `json:"total_bytes"`
}

type entry struct {
	Path string
	Size int64
}

func (r result) listing() listing {
	var list listing
	if json.Unmarshal([]byte(r.text), &list) == nil {
		return list
	}
	var names []string
	if json.Unmarshal([]byte(r.text), &names) != nil {
		names = strings.Fields(r.text)
	}
	for _, name := range names {
		list.Files = append(list.Files, entry{Path: name})
	}
	list.Count = len(names)
	return list
}

// content is the result of read_file. Tools that give back the bare text do too.
type content struct {
	Path    string
	Lines   int
	Content string
}

func (r result) content() content {
	var file content
	if json.Unmarshal([]byte(r.text), &file) == nil {
		return file
	}
	if json.Unmarshal([]byte(r.text), &file.Content) != nil {
		file.Content = r.text
	}
	file.Lines = strings.Count(file.Content, "\n")
	return file
}

// matches is the result of search_files.
type matches struct {
	Matches []struct {
		Path string
		Line int
		Text string
	}
	Total   int
	InFiles int `json:"in_files"`
}

func (r result) matches() matches {
	var found matches
	_ = json.Unmarshal([]byte(r.text), &found) // another shape has nothing to show
	return found
}

// value is the result of calculate.
func (r result) value() string {
	var calculation struct{ Value string }
	if json.Unmarshal([]byte(r.text), &calculation) != nil || calculation.Value == "" {
		return strings.TrimSpace(r.text)
	}
	return calculation.Value
}
