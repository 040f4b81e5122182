package server

// What becomes of what comes by OTLP, as a label, beside what becomes of events.
const (
	outcomeLeftOut = "left_out" // it says nothing that an event could be made of, such as a log record of no span
	outcomeEvents  = "events"
	outcomeNothing = "nothing" // nothing of GenAI is in it, or it came before
)

// beginOTLP makes the counters, so that a rate sees the first one.
func (m *metrics) beginOTLP() {
	for what := range counted {
		for _, outcome := range []string{outcomeAccepted, outcomeRejected, outcomeLeftOut, outcomeFailed} {
			m.otlp.WithLabelValues(string(what), outcome)
		}
	}
	for _, outcome := range []string{outcomeEvents, outcomeNothing} {
		m.otlpTraces.WithLabelValues(outcome)
	}
}

// noteOTLP counts what a request held, and whether it could be kept: what could not comes again.
func (m *metrics) noteOTLP(what signal, got *arrival, err error) {
	count := func(outcome string, n int) { m.otlp.WithLabelValues(string(what), outcome).Add(float64(n)) }
	if err != nil {
		count(outcomeFailed, got.tally.Taken)
		return
	}
	count(outcomeAccepted, got.tally.Taken-got.left)
	count(outcomeLeftOut, got.left)
	count(outcomeRejected, got.tally.Rejected)
}

// noteTrace counts what became of a trace. Ends of sessions are of none.
func (m *metrics) noteTrace(g *given) {
	switch {
	case len(g.released) > 0 && !g.traceID.IsZero():
		m.otlpTraces.WithLabelValues(outcomeEvents).Inc()
	case !g.traceID.IsZero():
		m.otlpTraces.WithLabelValues(outcomeNothing).Inc()
	}
}

// noteUnfit counts events that never reached the store, for they cannot be read.
func (m *metrics) noteUnfit(n int) {
	m.events.WithLabelValues(outcomeRejected).Add(float64(n))
	m.rejected.WithLabelValues(codeValidation).Add(float64(n))
}
