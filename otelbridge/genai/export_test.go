package genai

// Seen is what one span is found to be, before its surroundings are looked at.
type Seen struct {
	Span            string
	Kind, Rule      string
	Dialects        []string
	Session, From   string
	Status          Status
	Incomplete      bool           `json:",omitempty"`
	Error           *Failure       `json:",omitempty"`
	LLMCall         *LLMCall       `json:",omitempty"`
	ToolCall        *ToolCall      `json:",omitempty"`
	Decision        *Decision      `json:",omitempty"`
	Feedback        *Feedback      `json:",omitempty"`
	Step            *Step          `json:",omitempty"`
	About           *Session       `json:",omitempty"`
	Metadata        map[string]any `json:",omitempty"`
	Attributes      map[string]any `json:",omitempty"`
	ContentIsInLogs bool           `json:",omitempty"`
}

// Look reads one span and what was logged for it.
func Look(s *Span, logs ...*Log) (seen Seen) {
	var extra []SpanEvent
	for _, l := range logs {
		extra = append(extra, eventOfLog(l))
	}
	r := read(s, extra)
	seen = Seen{Span: s.Name, Kind: r.kind.String(), Rule: r.rule, Dialects: r.dialects(), Status: r.status(), Incomplete: r.incomplete(), ContentIsInLogs: r.contentInLogs}
	seen.Session, seen.From = r.sessionID(StandardSessionKeys())
	seen.payload(r)
	if r.failed() {
		f, _ := r.failure()
		seen.Error = &f
	}
	seen.Metadata, seen.Attributes = r.rest()
	about := r.session() // last, for it uses fields
	seen.About = &about
	return seen
}

func (seen *Seen) payload(r *reading) {
	switch {
	case r.kind.inference():
		seen.LLMCall = r.llmCall()
	case r.kind.toolLike():
		seen.ToolCall = r.toolCall()
	case r.kind == kindPlan, r.kind == kindDecision:
		seen.Decision = r.decision()
	case r.kind == kindEvaluation:
		seen.Feedback = r.feedback()
	default:
		seen.Step = r.step()
	}
}

// Read does with one span what an Assembler does with it alone.
func Read(s *Span) *LLMCall {
	r := read(s, nil)
	r.sessionID(standardSessionKeys())
	r.status()
	if !r.kind.inference() {
		return nil
	}
	c := r.llmCall()
	r.rest()
	return c
}

// Vocabulary gives all keys, beginnings of keys, names of events and scopes that any dialect knows.
func Vocabulary() (keys, prefixes, events, scopes []string) {
	for _, d := range dialects {
		for _, k := range d.keys {
			keys = append(keys, k.key)
		}
		keys, prefixes, events, scopes = append(keys, d.facts...), append(prefixes, d.families...), append(events, d.events...), append(scopes, d.scopes...)
	}
	return keys, prefixes, events, scopes
}

// How JSON is read.
var (
	ObjectIn = objectIn
	ListIn   = listIn
	StringIn = stringIn
	Schema   = schema
)

// Dialects gives the names of all dialects.
func Dialects() (names []string) {
	for _, d := range byRank() {
		names = append(names, d.name)
	}
	return names
}
