package cli

import (
	"fmt"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

// note tells a person something beside the data.
func (a *app) note(text string) error {
	_, _ = fmt.Fprintln(a.err, a.stderr().Paint(console.Dim, "sentrial: "+text))
	return nil
}

// printList prints a list as the API's JSON. A person hears on stderr that there is more: jq shows no cursor.
func (a *app) printList(got list, noun string) error {
	if err := a.printJSON(listDocument(got.data, got.next)); err != nil || !a.stderr().Terminal {
		return err
	}
	return a.noteMore(got, noun)
}

func (a *app) noteMore(got list, noun string) error {
	if got.next == "" {
		return nil
	}
	return a.note(fmt.Sprintf("%s shown, there are more: --all, or go on with --cursor %s",
		format.Plural(len(got.data), noun), console.CleanLine(got.next)))
}
