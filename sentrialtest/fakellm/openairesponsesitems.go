package fakellm

import "fmt"

// responsesItems are the parts of the answer, whole.
func (e *exchange) responsesItems() (items []any) {
	if e.Reasoning != "" {
		items = append(items, e.reasoningItem([]any{summaryText(e.Reasoning)}))
	}
	if e.Text != "" {
		items = append(items, e.messageItem("completed", []any{outputText(e.Text)}))
	}
	for i, call := range e.ToolCalls {
		items = append(items, e.callItem(i, call, "completed", call.arguments()))
	}
	if items == nil {
		items = []any{}
	}
	return items
}

func (e *exchange) itemID(prefix string, index int) string {
	return fmt.Sprintf("%s_fake%d_%d", prefix, e.number, index)
}

func (e *exchange) reasoningItem(summary []any) object {
	return object{"type": "reasoning", "id": e.itemID("rs", 0), "summary": summary}
}

func (e *exchange) messageItem(status string, content []any) object {
	return object{"type": "message", "id": e.itemID("msg", 0), "role": "assistant", "status": status, "content": content}
}

func (e *exchange) callItem(index int, call ToolCall, status, arguments string) object {
	return object{
		"type": "function_call", "id": e.itemID("fc", index), "call_id": call.ID, "name": call.Name, "arguments": arguments, "status": status,
	}
}

func summaryText(text string) object { return object{"type": "summary_text", "text": text} }

func outputText(text string) object {
	return object{"type": "output_text", "text": text, "annotations": []any{}, "logprobs": []any{}}
}
