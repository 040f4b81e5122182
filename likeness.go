package sentrial

import "hash/maphash"

var likenessSeed = maphash.MakeSeed()

// likeness is for the encoder, which remembers what names the maps of a place had: those that one tool takes and gives are alike.
func likeness(name string) uint32 { return uint32(maphash.String(likenessSeed, name)) }
