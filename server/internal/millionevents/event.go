package millionevents

import (
	"fmt"
	"strconv"
	"time"
)

// next writes the session's next event.
func (g *generator) next(s *session) []byte {
	s.events++
	s.at = s.at.Add(time.Duration(g.random.IntN(3_000_000)) * time.Microsecond)
	g.line = g.line[:0]
	switch kind := s.events; {
	case kind == 1:
		g.head(s, "session_start")
		g.add(`,"name":"%s","agent_name":"agent-%02d","user_id":"user-%04d","input":"`, g.language.phrase(g.random, 30), s.agent, s.user)
		g.words(120)
		g.line = append(g.line, '"')
	case kind == PerSession:
		g.end(s)
	case kind%6 == 5:
		g.head(s, "decision")
		g.content("reasoning", 300)
		g.add(`,"alternatives":["refund","replace","ask"],"chosen":"refund","confidence":0.8`)
	case kind%2 == 0:
		g.llm(s)
	default:
		g.tool(s)
	}
	g.line = append(g.line, '}')
	return g.line
}

// head is what every event has.
func (g *generator) head(s *session, kind string) {
	g.add(`{"id":"%s","type":"%s","session_id":"%s","seq":%d,"timestamp":"%s"`,
		g.id("evt_", s.at), kind, s.id, s.events, s.at.UTC().Format(time.RFC3339Nano))
}

func (g *generator) llm(s *session) {
	g.head(s, "llm_call")
	prompt, completion := 300+g.random.IntN(3000), 20+g.random.IntN(500)
	g.duration(900)
	g.add(`,"status":"success","model":"model-%02d","provider":"maker","prompt_tokens":%d,"completion_tokens":%d,"tokens_used":%d,"cost":%.6f`,
		g.skewed(models), prompt, completion, prompt+completion, float64(prompt)*1e-6+float64(completion)*4e-6)
	g.add(`,"messages":[{"role":"system","content":"You are a helpful agent."},{"role":"user","content":"`)
	g.words(1100)
	g.line = append(g.line, `"}]`...)
	g.content("response", 500)
}

func (g *generator) tool(s *session) {
	g.head(s, "tool_call")
	g.duration(200)
	status := "success"
	if s.failing && g.random.IntN(3) == 0 {
		status = "error"
		g.content("error", 60)
	}
	g.add(`,"status":"%s","tool_name":"tool-%02d","call_id":"call_%x","tool_input":{"order":%d,"query":"`, status, g.skewed(tools), g.random.Uint32(), g.random.IntN(1e6))
	g.words(80)
	g.line = append(g.line, `"}`...)
	g.content("tool_output", 1200)
}

func (g *generator) end(s *session) {
	g.head(s, "session_end")
	status := "success"
	if s.failing {
		status = "error"
	}
	g.add(`,"status":"%s"`, status)
	g.content("summary", 100)
	g.content("output", 300)
}

// duration is around the middle and now and then ten times as long.
func (g *generator) duration(middle float64) {
	g.line = append(g.line, `,"duration_ms":`...)
	g.line = strconv.AppendFloat(g.line, middle*(0.2+g.random.ExpFloat64()), 'f', 3, 64)
}

func (g *generator) content(name string, bytes int) {
	g.add(`,"%s":"`, name)
	g.words(bytes)
	g.line = append(g.line, '"')
}

// words writes about that many bytes of text.
func (g *generator) words(bytes int) {
	g.line = g.language.appendText(g.line, g.random, bytes)
}

func (g *generator) add(format string, args ...any) { g.line = fmt.Appendf(g.line, format, args...) }
