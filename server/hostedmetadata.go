package server

import (
	"maps"
	"strings"
)

// sdkPrefix is put before a name of the SDK's when the user's metadata has one like it. With null the SDK says only that the other is
// the user's.
const sdkPrefix = "sentrial_"

// metadata is an event's metadata: what the user said, and facts that the hosted wire has no other place for.
type metadata struct {
	sentObject
	ours bool // sent by our SDK
}

// lift takes a fact, if it is there and of the right kind. Of several names the one with the most prefixes is our SDK's; to others a prefix
// is part of a name of their own.
func (m *metadata) lift(f fact) []byte {
	key := f.name
	for m.ours && m.has(sdkPrefix+key) {
		key = sdkPrefix + key
	}
	raw := m.value(key)
	if raw == nil {
		return nil
	}
	if isNull(raw) {
		if key != f.name {
			m.take(key)
		}
		return nil
	}
	value := f.fits(raw)
	if value != nil {
		m.take(key)
	}
	return value
}

// forgetNulls takes out what our SDK says only to tell the user's names from its own.
func (m *metadata) forgetNulls() {
	if !m.ours {
		return
	}
	all := maps.Clone(m.names) // of a chain of prefixes every link goes
	m.removeIf(func(one *member) bool {
		name, prefixed := strings.CutPrefix(string(one.key), sdkPrefix)
		_, twice := all[name]
		return prefixed && isNull(one.value) && twice
	})
}

// own is lift for what only our SDK is believed.
func (m *metadata) own(f fact) []byte {
	if !m.ours {
		return nil
	}
	return m.lift(f)
}

// keep adds what has no place elsewhere, under a name that is free.
func (m *metadata) keep(name string, value []byte) {
	if value == nil {
		return
	}
	for m.has(name) {
		name = sdkPrefix + name
	}
	m.put(name, value)
}
