package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

// serverKey is the key to show the server. One that is kept back is told of.
func (a *app) serverKey(cmd *cobra.Command) string {
	key := a.origin(cmd, "api-key", variables["api-key"]...)
	if !a.keptBack(cmd, key) {
		return key.value
	}
	_ = a.note(fmt.Sprintf("the api-key of %s is not shown to %s, which is not the url of that file: give --api-key or SENTRIAL_API_KEY",
		key.from, console.CleanLine(a.setting(cmd, "url", variables["url"]...))))
	return ""
}

// keptBack reports whether key is the configuration file's and the server is not: whoever can name another server, in a variable or in a command
// that is copied from somewhere, is not to get the key by it.
func (a *app) keptBack(cmd *cobra.Command, key origin) bool {
	s, ok := a.file.settings["api-key"]
	return ok && key.from == a.file.place(s.Line) && trimURL(a.setting(cmd, "url", variables["url"]...)) != trimURL(a.ownURL())
}

// ownURL is the server that the configuration file is about.
func (a *app) ownURL() string {
	if s, ok := a.file.settings["url"]; ok {
		return s.Values[0]
	}
	return defaultURL
}

func trimURL(url string) string { return strings.TrimRight(strings.TrimSpace(url), "/") }
