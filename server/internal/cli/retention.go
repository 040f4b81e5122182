package cli

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server"
)

// addRetention gives cmd the flags that say how long sessions stay as they are, and are kept.
func addRetention(cmd *cobra.Command) {
	cmd.Flags().String("session-idle", "30m", "silence after which a session counts as abandoned")
	cmd.Flags().StringArray("retain", nil, "how long to keep sessions after the last event, such as 30d, or PROJECT=90d for a project of its own (repeatable; 0 or nothing: for ever)")
}

// retention reads what addRetention's flags say into cfg.
func (a *app) retention(cmd *cobra.Command, cfg *server.Config) error {
	idle := a.setting(cmd, "session-idle")
	var ok bool
	if cfg.SessionIdle, ok = period(idle); !ok || cfg.SessionIdle == 0 {
		return usage("", "--session-idle %q: expected a duration, such as 30m or 2h", idle)
	}
	rules, _ := cmd.Flags().GetStringArray("retain")
	cfg.Retention.Projects = make(map[string]time.Duration)
	for _, rule := range rules {
		if err := retain(&cfg.Retention, rule); err != nil {
			return err
		}
	}
	return nil
}

func retain(r *server.Retention, rule string) error {
	project, text, own := strings.Cut(rule, "=")
	if !own {
		project, text = "", rule
	}
	keep, ok := period(text)
	if !ok || own && project == "" {
		return usage("", "--retain %q: expected a duration or PROJECT=duration, such as 30d or billing=90d; 0 is for ever", rule)
	}
	if own {
		r.Projects[project] = keep
	} else {
		r.Default = keep
	}
	return nil
}

// maxDays is the longest that a duration holds.
const maxDays = 106_000

// period reads 0 or a duration such as 90m, 30d or 1d12h.
func period(text string) (time.Duration, bool) {
	if text == "0" {
		return 0, true
	}
	if !isBack(text) {
		return 0, false
	}
	days, rest, found := strings.Cut(text, "d")
	if !found {
		days, rest = "0", text
	}
	n, _ := strconv.Atoi(days) // isBack has read it
	d, _ := time.ParseDuration("0" + rest)
	return time.Duration(n)*24*time.Hour + d, n < maxDays/2 && d < maxDays/2*24*time.Hour
}
