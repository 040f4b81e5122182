package sentrial

import (
	"net/url"
	"strings"

	"go.opentelemetry.io/otel/baggage"

	"github.com/sentrial/sentrial-go/types"
)

// Members of the W3C baggage header that name where to go on.
const (
	baggageHeader  = "baggage"
	baggageSession = "sentrial.session_id"
	baggageParent  = "sentrial.parent_id"
)

// maxBaggage is the size up to which the standard has everyone read a baggage header. A longer one is thrown away as a whole by many.
const maxBaggage = 8192

// baggageText is the text of a baggage header. It is read a member at a time: one that some program spelled wrong must not take the others with it.
type baggageText string

// baggageOf reads all lines of the header where the carrier has lines, as http.Header does.
func baggageOf(c Carrier) baggageText {
	if lines, ok := c.(interface{ Values(key string) []string }); ok {
		return baggageText(strings.Join(lines.Values(baggageHeader), ","))
	}
	return baggageText(c.Get(baggageHeader))
}

// members calls yield with each member and its key.
func (b baggageText) members(yield func(key, member string) bool) {
	for member := range strings.SplitSeq(string(b), ",") {
		member = strings.TrimSpace(member)
		key, _, _ := strings.Cut(member, "=")
		if member != "" && !yield(strings.TrimSpace(key), member) {
			return
		}
	}
}

// id gives the id that the member of that key holds, "" if there is none or none by the rules for ids. Of two the last counts, as in OpenTelemetry.
func (b baggageText) id(want string) (id string) {
	for key, member := range b.members {
		if key == want {
			_, value, _ := strings.Cut(member, "=")
			value, _, _ = strings.Cut(value, ";") // properties
			id, _ = url.PathUnescape(strings.TrimSpace(value))
		}
	}
	if !types.ValidID(id) {
		return ""
	}
	return id
}

// with gives the header with the members of bag that it lacks and with where to go on; everything else stays as it is. It is false when that is too long.
func (b baggageText) with(bag baggage.Baggage, sessionID, parentID string) (string, bool) {
	all := []string{baggageSession + "=" + sessionID}
	if parentID != "" {
		all = append(all, baggageParent+"="+parentID)
	}
	seen := map[string]bool{baggageSession: true, baggageParent: true}
	for key, member := range b.members {
		if key != baggageSession && key != baggageParent {
			seen[key], all = true, append(all, member)
		}
	}
	for _, m := range bag.Members() {
		if text := m.String(); text != "" && !seen[m.Key()] {
			all = append(all, text)
		}
	}
	header := strings.Join(all, ",")
	return header, len(header) <= maxBaggage
}

// parsed gives the members that OpenTelemetry can read, for those who look for them in the context.
func (b baggageText) parsed() baggage.Baggage {
	if len(b) > maxBaggage {
		return baggage.Baggage{}
	}
	var readable []baggage.Member
	for _, member := range b.members {
		if bag, err := baggage.Parse(member); err == nil {
			readable = append(readable, bag.Members()...)
		}
	}
	bag, err := baggage.New(readable...)
	if err != nil {
		return baggage.Baggage{}
	}
	return bag
}
