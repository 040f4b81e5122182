// Command tidy checks that the go.mod and go.sum of every module of the repository are tidy, or with -w makes them so.
//
// Plain `go mod tidy` cannot do it, for two reasons. The nested modules require the root at a version that is not published, and no
// committed go.mod may replace it; so tidy works on a generated copy that does. And tidy wants the tests of all dependencies: one single
// version among them that the module proxy does not hand out would stop it, although nothing here is built from it. So tidy runs with -e,
// and the checksums of such a version are taken as they are committed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

func main() {
	write := flag.Bool("w", false, "write the tidy go.mod and go.sum instead of checking them")
	flag.Parse()
	if err := run(context.Background(), *write); err != nil {
		fmt.Fprintln(os.Stderr, "tidy:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, write bool) error {
	root, err := repo.Root(".")
	if err != nil {
		return err
	}
	modules, err := repo.Modules(root)
	if err != nil {
		return err
	}
	untidy := 0
	for _, module := range modules {
		findings, err := tidyModule(ctx, root, filepath.Join(root, module), write)
		if err != nil {
			return err
		}
		for _, finding := range findings {
			fmt.Fprintf(os.Stderr, "%s: %s\n", module, finding)
		}
		untidy += len(findings)
	}
	if untidy > 0 {
		return fmt.Errorf("%d findings; `make tidy` repairs them", untidy)
	}
	return nil
}
