package cli

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

// addConfirmation gives cmd the flag that says yes in advance.
func addConfirmation(cmd *cobra.Command) {
	cmd.Flags().BoolP("yes", "y", false, "do not ask")
}

// confirm says on stderr what will happen and asks, unless --yes was given. Where nobody can be asked it refuses.
func (a *app) confirm(cmd *cobra.Command, what string) error {
	if yes, _ := cmd.Flags().GetBool("yes"); yes {
		return nil
	}
	_, _ = fmt.Fprint(a.err, console.CleanBlock(what))
	if !a.asks() {
		return usage("Give --yes to do it.", "nobody is there to be asked: nothing was changed")
	}
	_, _ = fmt.Fprint(a.err, a.stderr().Paint(console.Bold, "Go on? [y/N] "))
	answer := make(chan string, 1)
	go func() { // a read cannot be cancelled; the process ends with it
		line, _ := bufio.NewReader(a.stdin).ReadString('\n')
		answer <- line
	}()
	select {
	case line := <-answer:
		if slices.Contains([]string{"y", "yes"}, strings.ToLower(strings.TrimSpace(line))) {
			return nil
		}
		return &problem{exit: exitFailed, what: "nothing was changed"}
	case <-cmd.Context().Done():
		return cmd.Context().Err()
	}
}
