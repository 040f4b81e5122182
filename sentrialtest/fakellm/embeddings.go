package fakellm

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"net/http"

	"github.com/sentrial/sentrial-go/types"
)

// The embeddings of a text are the same each time, have length 1 and mean nothing.
var (
	openaiEmbeddings = &wire{name: "openai.embeddings", family: openai, read: readInput, whole: wholeOpenAIEmbeddings}
	geminiEmbed      = &wire{name: "gemini.embed_content", family: gemini, read: readGeminiEmbed, whole: wholeGeminiEmbed}
	ollamaEmbed      = &wire{name: "ollama.embed", family: ollama, read: readInput, whole: wholeOllamaEmbed}
)

const (
	dimensions    = 8    // of a vector of which nobody said how long it should be
	maxDimensions = 4096 // of one that somebody did
)

// embedding is what is asked of OpenAI and Ollama.
type embedding struct {
	Model      string
	Input      inputs
	Dimensions int
	Encoding   string `json:"encoding_format"`
}

func readInput(req *Request, r *http.Request) error {
	var body embedding
	if err := json.Unmarshal(req.Body, &body); err != nil {
		return err
	}
	req.Model = body.Model
	if req.Model == "" {
		req.Model = azureDeployment(r.URL.Path)
	}
	for _, text := range body.Input {
		req.embed(text)
	}
	return nil
}

// embed adds a text, also an empty one: each has its vector.
func (r *Request) embed(text string) { r.say("user", types.Part{Type: types.PartText, Content: text}) }

// inputs are one text or several, each as it is or as a list of tokens, which stays one.
type inputs []string

func (in *inputs) UnmarshalJSON(data []byte) error {
	var one string
	var list []json.RawMessage
	*in = nil
	if json.Unmarshal(data, &one) == nil {
		*in = inputs{one}
		return nil
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	if len(list) > 0 && json.Unmarshal(list[0], new(int)) == nil {
		*in = inputs{string(data)}
		return nil
	}
	for _, item := range list {
		one = string(item)
		_ = json.Unmarshal(item, &one) // tokens stay as they are
		*in = append(*in, one)
	}
	return nil
}

// vectors gives one for each of the texts.
func (e *exchange) vectors(size int) (list [][]float32) {
	if size <= 0 {
		size = dimensions
	}
	for _, m := range e.Messages {
		list = append(list, vector(m.Parts[0].Content, min(size, maxDimensions)))
	}
	return list
}

func vector(text string, size int) []float32 {
	seed := fnv.New64a()
	_, _ = seed.Write([]byte(text))                  // a hash takes everything
	random := rand.New(rand.NewPCG(seed.Sum64(), 0)) //nolint:gosec // the same text has to give the same numbers
	values, sum := make([]float64, size), 0.0
	for i := range values {
		values[i] = random.NormFloat64()
		sum += values[i] * values[i]
	}
	unit := make([]float32, size)
	for i, v := range values {
		unit[i] = float32(v / math.Sqrt(sum))
	}
	return unit
}

func wholeOpenAIEmbeddings(e *exchange) any {
	var asked embedding
	_ = json.Unmarshal(e.Body, &asked) // it was read before
	data := []any{}
	for i, v := range e.vectors(asked.Dimensions) {
		item := object{"object": "embedding", "index": i, "embedding": v}
		if asked.Encoding == "base64" {
			item["embedding"] = packed(v)
		}
		data = append(data, item)
	}
	usage := object{"prompt_tokens": e.Usage.PromptTokens, "total_tokens": e.Usage.PromptTokens}
	return object{"object": "list", "data": data, "model": e.Reply.Model, "usage": usage}
}

// packed is the vector as 32-bit numbers, little end first.
func packed(v []float32) string {
	b, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		return "" // numbers of a fixed size always fit
	}
	return base64.StdEncoding.EncodeToString(b)
}

func wholeOllamaEmbed(e *exchange) any {
	var asked embedding
	_ = json.Unmarshal(e.Body, &asked) // it was read before
	return object{
		"model": e.Reply.Model, "embeddings": e.vectors(asked.Dimensions), "prompt_eval_count": e.Usage.PromptTokens,
		"total_duration": 1_000_000, "load_duration": 1_000_000,
	}
}
