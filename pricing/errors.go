package pricing

import (
	"errors"
	"fmt"
)

// Why a cost is unknown. Explanation.Err wraps one of these in an *UnknownError.
var (
	ErrUnknownModel   = errors.New("the table has no price for this model")
	ErrOtherProvider  = errors.New("the table's price is another provider's")
	ErrAmbiguous      = errors.New("several providers have a price for this name, and the call does not say whose it is")
	ErrUnknownPrice   = errors.New("the table has no price for these tokens")
	ErrNoUsage        = errors.New("the call reports no tokens")
	ErrIncoherent     = errors.New("the reported tokens do not add up")
	ErrCostOutOfRange = errors.New("the cost is too large to be one")
)

// UnknownError says why the cost of a call is unknown.
type UnknownError struct {
	Provider, Model string // of the call
	Class           Class  // the tokens without a price, with ErrUnknownPrice
	Detail          string // what was found, "" = nothing to add
	Err             error  // one of the errors above
}

func (e *UnknownError) Error() string {
	text := fmt.Sprintf("pricing: %q", e.Model)
	if e.Provider != "" {
		text += fmt.Sprintf(" at %q", e.Provider)
	}
	text += ": " + e.Err.Error()
	if e.Class != "" {
		text += fmt.Sprintf(" (%s)", e.Class)
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

func (e *UnknownError) Unwrap() error { return e.Err }

// ParseError is what Parse and ParseFile return for a table that they cannot take.
type ParseError struct {
	File  string // "" = not read from a file
	Line  int    // from 1
	Model string // "" = outside of a model, or its name is not known yet
	Field string // "" = the model or the table as a whole
	Say   string // what is wrong and what is expected
	Err   error  // of the JSON decoder or of the reader, nil = none
}

func (e *ParseError) Error() string {
	text := "pricing: "
	if e.File != "" {
		text += e.File + ", "
	}
	text += fmt.Sprintf("line %d", e.Line)
	if e.Model != "" {
		text += fmt.Sprintf(", model %q", e.Model)
	}
	if e.Field != "" {
		text += fmt.Sprintf(", %q", e.Field)
	}
	return text + ": " + e.Say
}

func (e *ParseError) Unwrap() error { return e.Err }
