package tools

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

const (
	listDescription = "Lists the files below a directory, with their sizes in bytes. Counts all that match and shows the first ones."
	listSchema      = `{"type":"object","additionalProperties":false,"properties":{
"dir":{"type":"string","description":"directory, relative to the root; default the root"},
"pattern":{"type":"string","description":"glob on the file name, such as *.go, or on the path where it has a slash"},
"sort":{"type":"string","enum":["name","size"],"description":"size = biggest first; default name"},
"limit":{"type":"integer","description":"how many to show, 1 to 200; default 50"}}}`
)

const (
	defaultListed = 50
	maxListed     = 200
)

type listInput struct {
	Dir     string `json:"dir"`
	Pattern string `json:"pattern"`
	Sort    string `json:"sort"`
	Limit   int    `json:"limit"`
}

// Listing is the result of list_files: Count and TotalBytes are of all files that match, Files holds the first ones.
type Listing struct {
	Files      []File `json:"files"`
	Count      int    `json:"count"`
	TotalBytes int64  `json:"total_bytes"`
}

// File is one entry of a Listing.
type File struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
}

func (s *Set) list(ctx context.Context, in listInput) (*Listing, error) {
	if in.Sort != "" && in.Sort != "name" && in.Sort != "size" {
		return nil, fmt.Errorf("sort %q: want name or size", in.Sort)
	}
	out := &Listing{Files: []File{}}
	err := s.walk(ctx, in.Dir, in.Pattern, func(name string, size int64) error {
		out.Files = append(out.Files, File{Path: name, Size: size})
		out.TotalBytes += size
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out.Files, order(in.Sort))
	out.Count = len(out.Files)
	out.Files = out.Files[:min(out.Count, bounded(in.Limit, defaultListed, maxListed))]
	return out, nil
}

// order sorts by name, or by size, biggest first, and then by name.
func order(by string) func(a, b File) int {
	return func(a, b File) int {
		if by == "size" && a.Size != b.Size {
			return cmp.Compare(b.Size, a.Size)
		}
		return strings.Compare(a.Path, b.Path)
	}
}

// bounded is the limit asked for, or the default when none was, and at most most.
func bounded(asked, byDefault, most int) int {
	if asked <= 0 {
		return byDefault
	}
	return min(asked, most)
}
