package standin

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// linesOf answers "how many lines has this file?".
func linesOf(name string) goal {
	return func(w *walk) (string, error) {
		file, ok, err := w.open(name, 1)
		if err != nil || !ok {
			return fmt.Sprintf("There is no file %s.", name), err
		}
		return fmt.Sprintf("%s has %d lines.", cmp.Or(file.Path, name), file.Lines), nil
	}
}

// whatSays answers "what does this file say?".
func whatSays(name string) goal {
	return func(w *walk) (string, error) {
		file, ok, err := w.open(name, 40)
		if err != nil || !ok {
			return fmt.Sprintf("There is no file %s.", name), err
		}
		return fmt.Sprintf("%s says: %s", cmp.Or(file.Path, name), summary(file.Content)), nil
	}
}

// open reads a file. One that is not there is looked for by its last name, anywhere; ok is false when there is none either.
func (w *walk) open(name string, lines int) (file content, ok bool, err error) {
	got, err := w.call(reading(name, lines, "The question names this file.", 0.8, "list_files "+path.Base(name), "search_files "+name))
	if err != nil || !got.failed() {
		return got.content(), err == nil, err
	}
	found, err := w.call(proposal{
		tool: "list_files", args: map[string]any{"pattern": path.Base(name), "limit": 5}, about: path.Base(name),
		why: fmt.Sprintf("%s cannot be read; a file of that name may be elsewhere.", name), otherwise: []string{"answer that there is no such file"}, confidence: 0.7,
	})
	if err != nil || found.failed() {
		return file, false, err
	}
	for _, candidate := range found.listing().Files {
		if path.Base(candidate.Path) == path.Base(name) && candidate.Path != name {
			got, err = w.call(reading(candidate.Path, lines, "This is the file of that name.", 0.9))
			return got.content(), err == nil && !got.failed(), err
		}
	}
	return file, false, nil
}

func reading(name string, lines int, why string, confidence float64, otherwise ...string) proposal {
	return proposal{
		tool: "read_file", args: map[string]any{"path": name, "max_lines": lines}, about: name,
		why: why, otherwise: otherwise, confidence: confidence,
	}
}

// guess is where many projects describe themselves.
const guess = "docs/ARCHITECTURE.md"

// overview answers "how is this organised?": from the usual place, else from the documents that are there, else from the files themselves.
func overview(string) goal { return (*walk).overview }

func (w *walk) overview() (string, error) {
	got, err := w.call(reading(guess, 40, "Projects often describe themselves in "+guess+".", 0.5, "list_files *.md", "search_files architecture"))
	if err != nil || !got.failed() {
		return fmt.Sprintf("%s says: %s", guess, summary(got.content().Content)), err
	}
	found, err := w.call(proposal{
		tool: "list_files", args: map[string]any{"pattern": "*.md"}, about: "*.md",
		why: guess + " cannot be read. The documents that are there will tell instead.", otherwise: []string{"search_files architecture", "answer that nothing is documented"}, confidence: 0.9,
	})
	if err != nil {
		return "", err
	}
	best := document(found)
	if best == "" {
		return w.inventory()
	}
	got, err = w.call(reading(best, 40, "Of the documents found, this one is the most likely to describe the whole.", 0.8, "read_file of another document"))
	if err != nil || got.failed() {
		return "Nothing here describes how it is organised.", err
	}
	return fmt.Sprintf("%s says: %s", best, summary(got.content().Content)), nil
}

// inventory describes a directory without documents by its files.
func (w *walk) inventory() (string, error) {
	found, err := w.call(proposal{
		tool: "list_files", args: map[string]any{"sort": "size", "limit": 5}, about: "all files by size",
		why: "There are no documents; the files themselves are what is left.", otherwise: []string{"answer that nothing is documented"}, confidence: 0.6,
	})
	if err != nil || found.failed() {
		return "The files cannot be listed.", err
	}
	list := found.listing()
	names := make([]string, len(list.Files))
	for i, file := range list.Files {
		names[i] = file.Path
	}
	return fmt.Sprintf("Nothing describes it in words. There are %d files, of which the biggest are %s.", list.Count, strings.Join(names, ", ")), nil
}

// overviews are the documents that describe a whole, best first.
var overviews = []string{"ARCHITECTURE.md", "DESIGN.md", "README.md"}

// document is the document that most likely describes the whole: of the known ones the one nearest to the root, else of the others.
func document(found result) string {
	if found.failed() {
		return ""
	}
	files := found.listing().Files
	rank := func(name string) int {
		depth := strings.Count(name, "/")
		if at := slices.Index(overviews, path.Base(name)); at >= 0 {
			return depth*len(overviews) + at
		}
		return 1000 + depth
	}
	best := ""
	for _, file := range files {
		if best == "" || rank(file.Path) < rank(best) {
			best = file.Path
		}
	}
	return best
}

// license answers "what is the license?".
func license(string) goal { return (*walk).license }

func (w *walk) license() (string, error) {
	found, err := w.call(proposal{
		tool: "list_files", args: map[string]any{"pattern": "LICEN[CS]E*", "limit": 5}, about: "LICEN[CS]E*",
		why: "Licenses are in a file of that name, with or without an extension.", otherwise: []string{"read_file LICENSE", "search_files license"}, confidence: 0.9,
	})
	if err != nil {
		return "", err
	}
	files := found.listing().Files
	if found.failed() || len(files) == 0 {
		return "There is no license file.", nil
	}
	got, err := w.call(reading(files[0].Path, 30, "The first lines of a license name it.", 0.95, "search_files license"))
	if err != nil || got.failed() {
		return fmt.Sprintf("%s cannot be read.", files[0].Path), err
	}
	return fmt.Sprintf("%s is %s.", files[0].Path, licenseName(got.content().Content)), nil
}
