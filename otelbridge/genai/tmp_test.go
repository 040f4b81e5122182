package genai_test
import ("testing";"os";"path/filepath";"fmt";"time";"github.com/sentrial/sentrial-go/otelbridge/genai";"sort")
func TestTmp(t *testing.T) {
	files,_ := filepath.Glob("/work/shared/otel/captures/*.json")
	sort.Strings(files)
	for _, f := range files {
		if w := os.Getenv("F"); w != "" { if m,_ := filepath.Match("*"+w+"*", filepath.Base(f)); !m {continue} }
		data,_ := os.ReadFile(f)
		fmt.Println("=====", filepath.Base(f))
		a := genai.NewAssembler(genai.Config{Explain:true})
		now := time.Now()
		a.Add(now, decodeOTLP(t, data)...)
		for _, r := range a.Close(now.Add(time.Second)) {
			for _, e := range r.Events {
				u := ""
				if e.LLMCall != nil { u = fmt.Sprint(e.LLMCall.Model, " ", e.LLMCall.Usage, " ", e.LLMCall.FinishReason, " id=", e.LLMCall.ResponseID, " msgs=", len(e.LLMCall.Messages), "/", len(e.LLMCall.OutputMessages)) }
				if e.ToolCall != nil { u = fmt.Sprintf("%+v", *e.ToolCall) }
				if e.Session != nil { u = fmt.Sprintf("%+v", *e.Session) }
				if e.Result != nil { u = fmt.Sprintf("%+v", *e.Result) }
				if e.Failure != nil { u = e.Failure.Type+"|"+e.Failure.Message }
				if len(u) > 200 {u = u[:200]}
				par := e.ParentID; if len(par)>42 {par=par[37:]}; id := e.ID; if len(id)>42{id=id[37:]}
				fmt.Println("  ", e.Type, id, "in", e.SessionID, "<", par, e.Status, u)
			}
			if os.Getenv("X") != "" { for _, x := range r.Explanations { fmt.Println("    X", x.Span.Name, x.Kind, x.Rule, "|", len(x.Became), x.Why, "|", x.Session, x.From) } }
		}
	}
}
