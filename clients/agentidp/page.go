package agentidp

import (
	"context"
	"iter"
	"net/url"
	"strconv"
)

// Page is a part of a list. The platform's document names limit and data; page and total are ours.
type Page[T any] struct {
	Data  []T `json:"data"`
	Total int `json:"total"` // of all pages; 0 with Data = the server did not say
	Page  int `json:"page"`  // 1 = the first
	Limit int `json:"limit"` // the most that a page holds
}

// missing names a field without which it cannot be.
func (p *Page[T]) missing() string {
	if p.Data == nil {
		return "data"
	}
	for i := range p.Data {
		if item, ok := any(&p.Data[i]).(interface{ missing() string }); ok {
			if field := item.missing(); field != "" {
				return "data." + field
			}
		}
	}
	return ""
}

// PageOptions says which part of a list is wanted.
type PageOptions struct {
	Page  int // 0 and 1 = the first; iterators begin there
	Limit int // 0 = what the server thinks right
}

func (o PageOptions) addTo(q url.Values) url.Values {
	if o.Page > 1 {
		q.Set("page", strconv.Itoa(o.Page))
	}
	if o.Limit > 0 {
		q.Set("limit", strconv.Itoa(o.Limit))
	}
	return q
}

func set(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

// inputOf is what is recorded of a query.
func inputOf(q url.Values, more map[string]any) map[string]any {
	if more == nil {
		more = map[string]any{}
	}
	for name := range q {
		more[name] = q.Get(name)
	}
	return more
}

var errSamePage = &Error{Code: CodeUnexpectedReply, Message: "the next page of the list is the one before it: the server does not know the parameter page"}

// each goes through all pages. An error is the last that it yields.
func each[T any](ctx context.Context, from PageOptions, fetch func(context.Context, PageOptions) (*Page[T], error), id func(*T) string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		options, before := from, ""
		for options.Page = max(from.Page, 1); ; options.Page++ {
			page, err := fetch(ctx, options)
			if err == nil && len(page.Data) > 0 && id(&page.Data[0]) == before {
				err = errSamePage
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
			if page.last(options) {
				return
			}
			before = id(&page.Data[0])
		}
	}
}

// last tells whether nothing comes after the page that was asked for.
func (p *Page[T]) last(asked PageOptions) bool {
	limit := asked.Limit
	if p.Limit > 0 {
		limit = p.Limit
	}
	switch {
	case len(p.Data) == 0:
		return true
	case p.Total > 0 && limit > 0:
		return asked.Page*limit >= p.Total
	}
	return len(p.Data) < limit
}
