package work_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/bench/work"
)

func TestEveryProcessHasTheSameCalls(t *testing.T) {
	if !reflect.DeepEqual(work.New(), work.New()) {
		t.Fatal("two makings differ")
	}
}

func TestTheCallsAreOfTheAgreedShape(t *testing.T) {
	w := work.New()
	different := map[string]bool{}
	escapes := 0
	for i := range work.Size {
		tool, llm := w.Tools[i], w.LLMs[i]
		if len(tool.Input) != 2 || len(tool.Output["titles"].([]string)) != 3 || len(tool.Output["scores"].([]float64)) != 3 || len(tool.Reasoning) != 40 {
			t.Fatalf("tool call %d is %+v", i, tool)
		}
		if len(llm.Prompt) != 1<<10 || len(llm.Response) != 1<<10 || llm.Cost <= 0 || llm.Duration <= 0 || llm.Duration >= work.Longest {
			t.Fatalf("LLM call %d is %+v", i, llm)
		}
		different[tool.Input["query"].(string)], different[llm.Prompt] = true, true
		escapes += strings.Count(llm.Prompt, "\n") + strings.Count(llm.Prompt, `"`)
	}
	if len(different) != 2*work.Size {
		t.Errorf("%d different texts, want %d", len(different), 2*work.Size)
	}
	if mean := escapes / work.Size; mean < 15 || mean > 50 {
		t.Errorf("%d characters of a prompt have to be escaped, want about 25", mean)
	}
}

// TestChangesAreSeenAndUndone: the canary has to reach every encoder that looks too late, and must not stay.
func TestChangesAreSeenAndUndone(t *testing.T) {
	for name, c := range map[string]struct {
		change, restore func(*work.Tool)
		input           bool // changes too
	}{
		"maps":    {(*work.Tool).Change, (*work.Tool).Restore, true},
		"numbers": {(*work.Tool).ChangeNumber, (*work.Tool).RestoreNumber, false},
	} {
		tool := &work.New().Tools[7]
		in, out := text(t, tool.Input), text(t, tool.Output)
		c.change(tool)
		if (text(t, tool.Input) != in) != c.input || text(t, tool.Output) == out {
			t.Errorf("%s: after the change: %v, %v", name, tool.Input, tool.Output)
		}
		c.restore(tool)
		if text(t, tool.Input) != in || text(t, tool.Output) != out {
			t.Errorf("%s: not restored: %v, %v", name, tool.Input, tool.Output)
		}
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFormsAreWhatEncodersWrite(t *testing.T) {
	w, e := work.New(), work.Expect()
	asJSON := text(t, w.Tools[3].Output)
	inJSON := text(t, asJSON)
	for name, written := range map[string]string{"JSON": asJSON, "JSON in JSON": inJSON[1 : len(inJSON)-1]} {
		if !has(e.Of(work.Out, work.ToolKind, 3), written) {
			t.Errorf("%s: no form is %s", name, written)
		}
	}
	if prompt := w.LLMs[5].Prompt; !has(e.Of(work.In, work.LLMKind, 5), prompt) {
		t.Error("no form is the prompt as it is")
	}
	for _, f := range e.Of(work.In, work.ToolKind, 9) {
		if marker := work.Marker(work.In, work.ToolKind, 9); !strings.HasPrefix(f.Text[f.Offset:], marker) {
			t.Errorf("the marker is not at %d of %s", f.Offset, f.Text)
		}
	}
}

func has(forms work.Forms, text string) bool {
	for _, f := range forms {
		if f.Text == text {
			return true
		}
	}
	return false
}

func TestWhatIsMissingAndWhatIsTooMuch(t *testing.T) {
	recorded, delivered := new(work.Counts), new(work.Counts)
	for i := range 10 {
		recorded.Tools[i], delivered.Tools[i] = 2, 2
	}
	delivered.Tools[3], delivered.Tools[4] = 0, 5 // the sums say one too many
	if lost, repeated := recorded.Beyond(delivered), delivered.Beyond(recorded); lost != 2 || repeated != 3 || delivered.Sum() != 21 {
		t.Fatalf("lost %d, repeated %d of %d, want 2 and 3 of 21", lost, repeated, delivered.Sum())
	}
}
