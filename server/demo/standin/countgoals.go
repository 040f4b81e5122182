package standin

import "fmt"

// countFiles answers "how many Go files are there?".
func countFiles(word string) goal {
	pattern, name := kind(word)
	return func(w *walk) (string, error) {
		found, err := w.call(listing1(pattern, "The listing counts all files that match."))
		if err != nil || found.failed() {
			return "The files cannot be listed.", err
		}
		list := found.listing()
		return fmt.Sprintf("There are %d %s, %d bytes in all.", list.Count, name, list.TotalBytes), nil
	}
}

// averageSize answers "how big is the average Go file?" with two calls: one counts, one divides.
func averageSize(word string) goal {
	pattern, name := kind(word)
	return func(w *walk) (string, error) {
		found, err := w.call(listing1(pattern, "The average needs the number of files and their size in all."))
		if err != nil || found.failed() {
			return "The files cannot be listed.", err
		}
		list := found.listing()
		if list.Count == 0 {
			return fmt.Sprintf("There are no %s.", name), nil
		}
		quotient, err := w.call(division(list.TotalBytes, list.Count))
		if err != nil || quotient.failed() {
			return fmt.Sprintf("The %d %s have %d bytes in all.", list.Count, name, list.TotalBytes), err
		}
		return fmt.Sprintf("The %d %s have %d bytes in all, %s on average.", list.Count, name, list.TotalBytes, quotient.value()), nil
	}
}

func division(bytes int64, files int) proposal {
	expression := fmt.Sprintf("%d / %d", bytes, files)
	return proposal{
		tool: "calculate", args: map[string]any{"expression": expression}, about: expression,
		why: "Dividing is left to the tool that is exact.", otherwise: []string{"answer with an estimate"}, confidence: 0.95,
	}
}

// listing1 asks for the count of the files that match and shows one of them.
func listing1(pattern, why string) proposal {
	return proposal{
		tool: "list_files", args: map[string]any{"pattern": pattern, "limit": 1}, about: orAll(pattern),
		why: why, otherwise: []string{"search_files " + orAll(pattern)}, confidence: 0.9,
	}
}

// largest answers "which is the largest file?".
func largest(word string) goal {
	pattern, name := kind(word)
	return func(w *walk) (string, error) {
		found, err := w.call(proposal{
			tool: "list_files", args: map[string]any{"pattern": pattern, "sort": "size", "limit": 3}, about: orAll(pattern) + " by size",
			why: "Sorted by size, the first file is the answer.", otherwise: []string{"read_file of each file"}, confidence: 0.95,
		})
		if err != nil || found.failed() {
			return "The files cannot be listed.", err
		}
		list := found.listing()
		if len(list.Files) == 0 {
			return fmt.Sprintf("There are no %s.", name), nil
		}
		return fmt.Sprintf("The largest of the %d %s is %s with %d bytes.", list.Count, name, list.Files[0].Path, list.Files[0].Size), nil
	}
}

// linesOfKind answers "how many lines of Go are there?": every line has a beginning to match.
func linesOfKind(word string) goal {
	pattern, name := kind(word)
	return func(w *walk) (string, error) {
		found, err := w.call(proposal{
			tool: "search_files", args: map[string]any{"query": "^", "regex": true, "pattern": pattern, "limit": 1}, about: "^ in " + orAll(pattern),
			why: "An expression that matches every line counts them all in one call.", otherwise: []string{"list_files " + orAll(pattern), "read_file of each file"}, confidence: 0.85,
		})
		if err != nil || found.failed() {
			return "The lines cannot be counted.", err
		}
		lines := found.matches()
		return fmt.Sprintf("There are %d lines in %d %s.", lines.Total, lines.InFiles, name), nil
	}
}

// arithmetic answers "what is 12 * (3 + 4)?".
func arithmetic(expression string) goal {
	expression = balanced(expression)
	return func(w *walk) (string, error) {
		found, err := w.call(proposal{
			tool: "calculate", args: map[string]any{"expression": expression}, about: expression,
			why: "The question has an expression to evaluate.", otherwise: []string{"answer from memory"}, confidence: 0.99,
		})
		if err != nil {
			return "", err
		}
		if found.failed() {
			return fmt.Sprintf("%s cannot be calculated: %s.", expression, found.text), nil
		}
		return fmt.Sprintf("%s = %s.", expression, found.value()), nil
	}
}

func orAll(pattern string) string {
	if pattern == "" {
		return "all files"
	}
	return pattern
}
