package adapter

import "strings"

// sameTool tells whether two that see a call inside one another can mean the same tool by these names. One call of a tool may need several of others, which are
// calls of their own; but frameworks put the name of a server before that of its tool, as in orders__find or mcp.orders.find, and models take no care of case.
// Who knows no name may mean any.
func sameTool(around, inside string) bool {
	around, inside = strings.ToLower(around), strings.ToLower(inside)
	return around == "" || inside == "" || around == inside || qualifies(around, inside) || qualifies(inside, around)
}

// qualifies tells whether long is short with the name of where it belongs before it.
func qualifies(long, short string) bool {
	for _, mark := range []string{"__", ".", "/", ":"} {
		if strings.HasSuffix(long, mark+short) {
			return true
		}
	}
	return false
}
