package hivium

import (
	"context"
	"iter"
	"net/url"
	"strconv"
	"time"
)

// Page is a part of a list. The document names limit and cursor, and no form of the reply: its two fields are ours.
type Page[T any] struct {
	Data       []T    `json:"data"`
	NextCursor string `json:"next_cursor,omitzero"` // "" = the list ends here
}

// missing names a field without which it cannot be.
func (p *Page[T]) missing() string {
	if p.Data == nil {
		return "data"
	}
	for i := range p.Data {
		if item, ok := any(&p.Data[i]).(required); ok {
			if field := item.missing(); field != "" {
				return "data." + field
			}
		}
	}
	return ""
}

// PageOptions says which part of a list is wanted. The document names them for contacts; for other lists they are ours.
type PageOptions struct {
	Limit  int    // of a page; 0 = what the server thinks right
	Cursor string // [Page.NextCursor] of the page before; "" = the beginning
}

func (o PageOptions) query() url.Values {
	q := url.Values{}
	if o.Limit > 0 {
		q.Set("limit", strconv.Itoa(o.Limit))
	}
	return set(q, "cursor", o.Cursor)
}

func set(q url.Values, name, value string) url.Values {
	if value != "" {
		q.Set(name, value)
	}
	return q
}

func timeOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// list gets a page.
func list[T any](ctx context.Context, c *Client, e endpoint, q url.Values) (*Page[T], error) {
	input := map[string]any{}
	for name := range q {
		input[name] = q.Get(name)
	}
	var got Page[T]
	return result(&got, c.do(ctx, call{endpoint: e, query: q, input: input, into: &got, output: &got}))
}

// each goes through the pages from one on. An error is the last that it yields.
func each[T any](ctx context.Context, from PageOptions, fetch func(context.Context, PageOptions) (*Page[T], error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		seen := map[string]bool{}
		for options := from; ; {
			seen[options.Cursor] = true
			page, err := fetch(ctx, options)
			if err == nil && page.NextCursor != "" && seen[page.NextCursor] {
				err = &Error{Code: CodeUnexpectedReply, Message: "the cursor of the next page is that of a page before: the list would not end"}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range page.Data {
				if !yield(&page.Data[i], nil) {
					return
				}
			}
			if options.Cursor = page.NextCursor; options.Cursor == "" {
				return
			}
		}
	}
}
