package mcpmeta

import "maps"

// maxMember is the length of the longest member that is read: everyone has to read as much of a baggage header, and few read more.
const maxMember = 8192

// carrier is a sentrial.Carrier over a _meta, which is copied before the first change.
type carrier struct {
	meta   map[string]any
	copied bool
	traced bool // it names a trace already, which stays
}

// Get gives a member that is a text; any other says nothing.
func (c *carrier) Get(key string) string {
	text, _ := c.meta[key].(string)
	if len(text) > maxMember {
		return ""
	}
	return text
}

func (c *carrier) Set(key, value string) {
	if c.traced && (key == traceParent || key == traceState) {
		return
	}
	if !c.copied {
		meta := make(map[string]any, len(c.meta)+4)
		maps.Copy(meta, c.meta)
		c.meta, c.copied = meta, true
	}
	c.meta[key] = value
}
