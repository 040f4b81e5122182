package words_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/words"
)

// BenchmarkEvent reads an event of about 1.5 KB, as an agent that answers a customer sends it.
func BenchmarkEvent(b *testing.B) {
	raw := []byte(supportCall)
	r := new(words.Reader)
	n := 0
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		n = 0
		r.Event(raw, func([]byte) { n++ })
	}
	b.ReportMetric(float64(n), "words")
}

var supportCall = fmt.Sprintf(`{"id":"evt_0198c0de-0000-7000-8000-000000000001","type":"llm_call","session_id":"sess_0198c0de","seq":3,`+
	`"timestamp":"2026-11-22T00:16:56.123456789Z","duration_ms":1250.5,"status":"success","model":"gpt-5","provider":"openai","prompt_tokens":812,`+
	`"messages":[{"role":"user","content":%q},{"role":"tool","tool_call_id":"call_7","content":%q}],"output_messages":[{"role":"assistant","content":%q}]}`,
	`Hello, I moved to another town last week and the parcel from order 48213 went to my old address. Can you send it to Müllerstraße 12 instead? `+
		`I would also like to know whether the blue lamp is in stock again, because it was sold out when I ordered, and what a second one would cost me.`,
	`{"order":48213,"customer":{"name":"Ada Byron","since":"2019-04-02"},"items":[{"sku":"LMP-220-B","title":"Desk lamp, blue","price":39.9,"stock":14},`+
		`{"sku":"CBL-3M","title":"Cable, three metres","price":7.5,"stock":230}],"shipment":{"state":"in transit","carrier":"post","redirect":true,"eta":"2026-11-25"}}`,
	"Thank you for telling us. The parcel is still on its way, so I have asked the carrier to bring it to the new address; it should arrive on Wednesday.\n\n"+
		strings.Repeat("- The desk lamp in blue is in stock again: fourteen are left, and one costs 39.90 euros including tax.\n", 2)+
		"Shall I add a second lamp to this order? It would be sent separately, and shipping is free above thirty euros.")
