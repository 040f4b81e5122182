package cli

import (
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
)

// maxPage is the most that the API gives in one page.
const maxPage = 1000

// addPaging gives cmd the flags of a list.
func addPaging(cmd *cobra.Command, limit int, what string) {
	cmd.Flags().Int("limit", limit, "at most this many "+what)
	cmd.Flags().String("cursor", "", "go on where an earlier list with the same filters ended")
	cmd.Flags().Bool("all", false, "all of them, whatever --limit says")
}

// list is as much of a list as was asked for.
type list struct {
	data []json.RawMessage
	next string // cursor of the rest, "" at the end
}

// collect reads page after page until --limit or, with --all, the end.
func collect(cmd *cobra.Command, query url.Values, read func(url.Values) (*apiclient.Page, error)) (list, error) {
	limit, _ := cmd.Flags().GetInt("limit")
	all, _ := cmd.Flags().GetBool("all")
	cursor, _ := cmd.Flags().GetString("cursor")
	if limit < 1 {
		return list{}, usage("", "--limit %d: expected at least 1", limit)
	}
	got := list{next: cursor}
	for first := true; first || got.next != ""; first = false {
		room := maxPage
		if !all {
			if room = min(limit-len(got.data), maxPage); room <= 0 {
				break
			}
		}
		query.Set("limit", strconv.Itoa(room))
		if got.next != "" {
			query.Set("cursor", got.next)
		}
		page, err := read(query)
		if err != nil {
			return list{}, err
		}
		got.data, got.next = append(got.data, page.Data...), page.NextCursor
	}
	return got, nil
}
