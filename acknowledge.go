package sentrial

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// acknowledgement is the reply to a batch. A 207 has results, any other success the counts.
type acknowledgement struct {
	Accepted   int         `json:"accepted"`
	Duplicates int         `json:"duplicates"`
	Rejected   []rejection `json:"rejected"`
	Results    []struct {
		ID     string `json:"id"`
		Status int    `json:"status"`
		Code   string `json:"code"`
	} `json:"results"`
}

type rejection struct {
	ID      string `json:"id"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Retry   bool   `json:"retry"`
}

// readAcknowledgement says what became of each of the records, or what is wrong with the reply. A nil slice of fates means that all were delivered.
func readAcknowledgement(r *httpx.Response, records [][]byte) (fates []fate, duplicates int, err error) {
	var ack acknowledgement
	switch {
	case !httpx.IsJSON(r.Header):
		return nil, 0, notAcknowledged(r, "want application/json")
	case r.Truncated:
		return nil, 0, notAcknowledged(r, "the body is too long")
	}
	if err := json.Unmarshal(r.Body, &ack); err != nil {
		return nil, 0, notAcknowledged(r, err.Error())
	}
	if r.Status == http.StatusMultiStatus && ack.Results != nil {
		return ack.perItem(records), 0, nil
	}
	if !ack.accountsFor(len(records)) {
		return nil, 0, notAcknowledged(r, fmt.Sprintf("want %d events in all, got %d accepted, %d duplicates, %d rejected", len(records), ack.Accepted, ack.Duplicates, len(ack.Rejected)))
	}
	if len(ack.Rejected) == 0 {
		return nil, ack.Duplicates, nil
	}
	fates, err = ack.perRejection(r, records)
	return fates, ack.Duplicates, err
}

// accountsFor tells whether the counts add up to n. Each is looked at alone too: huge or negative ones could add up to anything.
func (a *acknowledgement) accountsFor(n int) bool {
	possible := min(a.Accepted, a.Duplicates) >= 0 && max(a.Accepted, a.Duplicates) <= n
	return possible && a.Accepted+a.Duplicates+len(a.Rejected) == n
}

// perItem reads a 207: 2xx is delivered, 408, 429 and 5xx are sent again, as is what has no result; any other status is a refusal.
func (a *acknowledgement) perItem(records [][]byte) []fate {
	fates := make([]fate, len(records))
	for i := range fates {
		fates[i].again = true
	}
	places := placesOf(records)
	for _, result := range a.Results {
		i, known := places.next(result.ID)
		if !known {
			continue
		}
		switch s := result.Status; {
		case s >= 200 && s < 300:
			fates[i] = fate{}
		case s < 300 || s >= 500 || s == http.StatusRequestTimeout || s == http.StatusTooManyRequests:
			fates[i].err = &APIError{Status: s, Code: result.Code, Message: http.StatusText(s)}
		default:
			fates[i] = fate{reason: DropRejected, err: &APIError{Status: s, Code: result.Code, Message: http.StatusText(s)}}
		}
	}
	return fates
}

// errUnknownRejection says that it is unclear which event the server rejected: its id is none of ours, or that of two records, a copy of an open span and its
// end. Halving the batch finds it.
var errUnknownRejection = errors.New("sentrial: the server rejected an event that cannot be told from the others")

// perRejection reads the rejected list.
func (a *acknowledgement) perRejection(r *httpx.Response, records [][]byte) ([]fate, error) {
	fates := make([]fate, len(records))
	places := placesOf(records)
	for _, rejected := range a.Rejected {
		i, known := places.next(rejected.ID)
		if len(records) > 1 && !known {
			return nil, errUnknownRejection
		}
		err := &APIError{Status: r.Status, Code: rejected.Code, Message: rejected.Message, RequestID: r.Header.Get("X-Request-Id")}
		if fates[i] = (fate{again: true, err: err}); !rejected.Retry {
			fates[i] = fate{reason: DropRejected, err: err}
		}
	}
	for _, rejected := range a.Rejected {
		if len(places[rejected.ID]) > 0 {
			return nil, errUnknownRejection
		}
	}
	return fates, nil
}

// places finds records by event id. An id can be there twice: a copy of an open span and its end.
type places map[string][]int

func placesOf(records [][]byte) places {
	p := make(places, len(records))
	for i, r := range records {
		id, _, _ := identity(r)
		p[string(id)] = append(p[string(id)], i)
	}
	return p
}

// next gives the record of that id which has not been asked for yet.
func (p places) next(id string) (int, bool) {
	list := p[id]
	if len(list) == 0 {
		return 0, false
	}
	p[id] = list[1:]
	return list[0], true
}
