// Command sentrial receives, stores and shows what agents do. See `sentrial --help`.
package main

import (
	"os"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

func main() { os.Exit(cli.Main()) }
