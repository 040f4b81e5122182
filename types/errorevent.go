package types

import "time"

// ErrorEvent is an error that the agent met, and what it did about it. It travels as error.
type ErrorEvent struct {
	ErrorType      string         // error_type: a class of errors, such as timeout or *fs.PathError
	ErrorMessage   string         // error_message
	StackTrace     string         // stack_trace
	Recoverable    bool           // recoverable: the agent could go on; always written
	RecoveryAction string         // recovery_action: what it did to go on
	StartTime      time.Time      // timestamp: when it happened
	Metadata       map[string]any // metadata
}

func (e *ErrorEvent) fields() []field {
	return []field{
		{name: "error_type", value: &e.ErrorType},
		{name: "error_message", value: &e.ErrorMessage},
		{name: "stack_trace", value: &e.StackTrace},
		{name: "recoverable", value: &e.Recoverable, always: true},
		{name: "recovery_action", value: &e.RecoveryAction},
	}
}

func (e *ErrorEvent) shared() shared {
	return shared{start: &e.StartTime, metadata: &e.Metadata}
}
