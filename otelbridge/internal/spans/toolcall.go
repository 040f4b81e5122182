package spans

import "github.com/sentrial/sentrial-go/types"

func (f *form) beginTool(c *types.ToolCall) (name string) {
	f.text(keyOperation, opExecuteTool)
	f.text(keyToolName, c.ToolName)
	f.text(keyToolType, "function")
	f.text(keyToolCallID, c.CallID)
	f.inference("TOOL")
	return joined(opExecuteTool, c.ToolName)
}

func (f *form) toolCall(c *types.ToolCall) {
	f.text(keyToolName, c.ToolName)
	f.text(keyToolCallID, c.CallID)
	f.count(keyAttempt, int64(c.Attempt))
	f.number(keyCost, c.Cost)
	f.text(keyError, c.Error)
	f.content(keyReasoning, c.Reasoning)
	f.value(keyToolArguments, c.ToolInput)
	f.value(keyToolResult, c.ToolOutput)
	f.inferenceOfTool(c)
}
