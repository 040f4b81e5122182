package platform_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/platform"
)

type inXML struct{ S platform.Secret }

func TestASecretDoesNotShowItself(t *testing.T) {
	const canary = "canary-4711"
	s := platform.Secret(canary)
	holder := struct {
		S platform.Secret
		P *platform.Secret
		M map[string]platform.Secret
	}{s, &s, map[string]platform.Secret{"s": s}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		fmt.Fprintf(&out, verb+" ", s)
		fmt.Fprintf(&out, verb+" ", holder)
		fmt.Fprintf(&out, verb+" ", []platform.Secret{s})
	}
	fmt.Fprintln(&out, s, s.String(), s.GoString())
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "h", holder)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "s", s, "h", holder)
	encoded, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(encoded)
	if encoded, err = xml.Marshal(inXML{s}); err != nil {
		t.Fatal(err)
	}
	out.Write(encoded)
	if text := out.String(); strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) {
		t.Errorf("it shows: %s", text)
	}
	if s.Reveal() != canary {
		t.Errorf("revealed as %q", s.Reveal())
	}
}

func TestASecretIsReadAsItIs(t *testing.T) {
	var got struct{ S platform.Secret }
	if err := json.Unmarshal([]byte(`{"S":"a\u0062c"}`), &got); err != nil || got.S.Reveal() != "abc" {
		t.Errorf("got %q, %v", got.S.Reveal(), err)
	}
}

func TestScrub(t *testing.T) {
	if got := platform.Scrub("bad token abc, abc is old", "abc", ""); got != "bad token [hidden], [hidden] is old" {
		t.Errorf("got %q", got)
	}
}
