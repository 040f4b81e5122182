package mcpmeta_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter/mcpmeta"
	"github.com/sentrial/sentrial-go/types"
)

// FuzzRead reads what anybody may have put into a _meta, and writes into it.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `{"baggage":"sentrial.session_id=s1,sentrial.parent_id=e1","sentrial.dev/tool_call":"e1"}`,
		`{"baggage":["sentrial.session_id=s1"],"traceparent":7,"sentrial.dev/tool_call":{}}`,
		`{"baggage":"sentrial.session_id=%zz;=,,=,sentrial.parent_id=\u0000","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","tracestate":"=,="}`,
	} {
		f.Add([]byte(seed))
	}
	client, err := sentrial.New(sentrial.WithAPIURL("http://127.0.0.1:1"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { client.Close(f.Context()) })
	inside := client.Session("sess_here").Context(f.Context())
	f.Fuzz(func(t *testing.T, text []byte) {
		var meta, before map[string]any
		if json.Unmarshal(text, &meta) != nil {
			return
		}
		_ = json.Unmarshal(text, &before)
		ctx, recorded := mcpmeta.Read(t.Context(), client, meta)
		session := sentrial.SessionFromContext(ctx)
		if session != nil && !types.ValidID(session.ID()) || recorded && session == nil {
			t.Errorf("session %q, recorded %v", session.ID(), recorded)
		}
		next := mcpmeta.Write(inside, meta, true)
		if !reflect.DeepEqual(meta, before) {
			t.Errorf("the meta was changed to %v", meta)
		}
		for key := range before {
			if _, kept := next[key]; !kept {
				t.Errorf("%q is lost", key)
			}
		}
	})
}
