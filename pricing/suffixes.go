package pricing

import "strings"

// versions are the suffixes that name a release of a model and not another model: those of Google, and of Bedrock's ids. A bare -v2 is none of them: of DeepSeek's coder it is
// another model.
var versions = []string{"-001", "-v1:0", "-v2:0", "-v1", ":0"}

// latest is a name's newest release.
const latest = "-latest"

// withoutVersion takes a listed version off a name.
func withoutVersion(name string) (rest string, ok bool) {
	for _, v := range versions {
		if rest, ok := strings.CutSuffix(name, v); ok && rest != "" {
			return rest, true
		}
	}
	return name, false
}

// withoutRelease takes a date or -latest off a name.
func withoutRelease(name string) (rest string, ok bool) {
	if rest, ok := strings.CutSuffix(name, latest); ok && rest != "" {
		return rest, true
	}
	return withoutDay(name)
}

// spellings are the names that a name may stand for, the exact one first: itself, and itself without its version, its date, or both.
func spellings(name string) (list [4]string, n int) {
	list[0], n = name, 1
	rest, versioned := withoutVersion(name)
	if versioned {
		list[n] = rest
		n++
	}
	if bare, ok := withoutRelease(rest); ok {
		list[n] = bare
		n++
	}
	if bare, ok := withoutRelease(name); ok && versioned {
		list[n] = bare
		n++
	}
	return list, n
}
