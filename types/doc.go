// Package types declares what travels between an agent and the ingestion API: sessions, events, their payloads, and messages. It needs
// the standard library only, so that the SDK, the server and importers share one definition.
//
// # Events
//
// An [Event] is an envelope (who, when, how long, under which parent) and exactly one payload: a [ToolCall], an [LLMCall], a [Decision], and
// so on. On the wire both are one flat JSON object, and Event's MarshalJSON and UnmarshalJSON translate between the two. The payload types
// have no wire form of their own; they travel inside an Event.
//
// Empty means absent, in both directions: a zero value is not written, and null reads as absent. Three fields make a difference between
// zero and unknown and are pointers for it: cost, confidence and score. One field is always written with its payload, because false says
// something there: recoverable.
//
// # What is not known here
//
// A newer sender may use fields and event types that this version has no names for. They are kept: a field in [Event.Extra], an
// event of an unknown type as a whole in [Event.Raw], a message part of an unknown type in [Part.Raw]. All three come back when the value is
// marshalled.
//
// # Numbers, times, durations
//
// Inside values of type any, a number decodes to a float64 when that float64 is written as the same number again, and to a
// [encoding/json.Number] otherwise: integers beyond 2^53, decimals with more digits than a float64 has, magnitudes beyond its range. Marshalling
// either gives back the same number, so nothing is lost on the way; only its spelling may change, 1.0 to 1. Counts are read however they are
// written too.
//
// Times are RFC 3339 in UTC with up to nanoseconds. Durations are JSON numbers of milliseconds, rounded to the nearest microsecond (three
// decimals) without going through floating point; reading accepts any JSON number that fits a [time.Duration].
//
// # Errors
//
// A value that cannot be encoded, or a field of the wrong JSON type, is a [*FieldError] that names the field. An event whose payload does
// not fit is a [*PayloadError].
package types
