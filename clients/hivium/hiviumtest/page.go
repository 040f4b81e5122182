package hiviumtest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	usualLimit = 50
	mostLimit  = 100
)

// page gives what is wanted of a list behind the cursor, in the order in which it was made. A cursor is bound to what was asked for.
func page[T any](x *exchange, all []T, number func(T) int, wanted func(T) bool) (any, *refusal) {
	q := x.r.URL.Query()
	limit, refused := limitOf(q)
	if refused != nil {
		return nil, refused
	}
	after, refused := place(q)
	if refused != nil {
		return nil, refused
	}
	data, next := []T{}, ""
	for _, v := range all {
		if number(v) <= after || !wanted(v) {
			continue
		}
		if len(data) == limit {
			next = cursor(q, number(data[limit-1]))
			break
		}
		data = append(data, v)
	}
	reply := map[string]any{"data": data}
	if next != "" {
		reply["next_cursor"] = next
	}
	return reply, nil
}

func limitOf(q url.Values) (int, *refusal) {
	if !q.Has("limit") {
		return usualLimit, nil
	}
	n, err := strconv.Atoi(q.Get("limit"))
	if err != nil || n < 1 || n > mostLimit {
		return 0, wrong(fmt.Sprintf("limit must be 1 to %d.", mostLimit))
	}
	return n, nil
}

// cursor names a place in the list that the other parameters choose.
func cursor(q url.Values, number int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(number) + " " + filterOf(q)))
}

func filterOf(q url.Values) string {
	filter := url.Values{}
	for name, values := range q {
		if name != "cursor" && name != "limit" {
			filter[name] = values
		}
	}
	sum := sha256.Sum256([]byte(filter.Encode()))
	return fmt.Sprintf("%x", sum[:8])
}

// place is the number behind which a page begins.
func place(q url.Values) (int, *refusal) {
	if !q.Has("cursor") {
		return 0, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(q.Get("cursor"))
	number, filter, _ := strings.Cut(string(text), " ")
	n, bad := strconv.Atoi(number)
	if err != nil || bad != nil || filter != filterOf(q) {
		return 0, wrong("cursor is none of this list.")
	}
	return n, nil
}

func same(asked, has string) bool { return asked == "" || asked == has }

// since reads a point in time.
func since(q url.Values, name string) (time.Time, *refusal) {
	if !q.Has(name) {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, q.Get(name))
	if err != nil {
		return t, wrong(name + " must be an ISO timestamp.")
	}
	return t, nil
}

// oneOf refuses a parameter with a value that the document does not name.
func oneOf(q url.Values, name string, values ...string) *refusal {
	text := q.Get(name)
	for _, v := range values {
		if text == "" || text == v {
			return nil
		}
	}
	return wrong(name + " must be one of " + strings.Join(values, ", ") + ".")
}
