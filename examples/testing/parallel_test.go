package main

import (
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
)

func TestQuestions(t *testing.T) {
	for question, tools := range map[string][]string{
		"reset":  {"search_manual"},
		"refund": {"search_manual", "search_faq"},
		"colour": {"search_manual", "search_faq"},
	} {
		t.Run(question, func(t *testing.T) {
			t.Parallel()
			rec := sentrialtest.New(t)
			a := &agent{rec.Client(), standIn, everything}
			if _, err := a.answer(t.Context(), question); err != nil {
				t.Error(err)
			}
			rec.WantTools(tools...)
		})
	}
}

var everything = tools()
