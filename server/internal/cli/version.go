package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// buildInfo says what this program was made from.
type buildInfo struct {
	Version  string `json:"version"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Commit   string `json:"commit,omitzero"`
	Time     string `json:"time,omitzero"`     // of the commit
	Modified bool   `json:"modified,omitzero"` // built from a tree with uncommitted changes
}

// build reads what the go command left in the program.
func build() buildInfo {
	b := buildInfo{Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func (b buildInfo) String() string {
	s := fmt.Sprintf("sentrial %s (%s, %s", b.Version, b.Go, b.Platform)
	if b.Commit != "" {
		s += ", commit " + b.Commit[:min(12, len(b.Commit))]
	}
	if b.Modified {
		s += ", modified"
	}
	return s + ")"
}

func (a *app) versionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:         "version",
		Short:       "Say which version this is",
		Example:     "  sentrial version\n  sentrial version --json",
		Annotations: map[string]string{unconfigured: "it works whatever the file holds"},
		Args:        cobra.NoArgs,
		RunE: a.run(func(cmd *cobra.Command, _ []string) error {
			if asJSON(cmd) {
				doc, err := json.Marshal(build())
				if err != nil {
					return err
				}
				return a.printJSON(doc)
			}
			_, err := fmt.Fprintln(sink{a.out}, build())
			return err
		}),
	}
	cmd.Flags().Bool("json", false, "print JSON")
	return cmd
}
