package genai

import "encoding/json"

// LangChain writes its objects as {"lc":1,"type":"constructor","id":[…class…],"kwargs":{…members…}}, messages also as {"type":…,"data":{…}}, and puts what goes
// into a tool and comes out of it into objects of one member.

// toolMessage finds what a tool answered, and to which call, in a message of LangChain's; ok is false for anything else.
func toolMessage(raw json.RawMessage) (content json.RawMessage, callID string, ok bool) {
	members := objectIn(raw)
	if kwargs := objectIn(first(members, "kwargs", "data")); kwargs != nil {
		members = kwargs
	} else if kind := firstText(members, "type", "role"); kind != "tool" {
		return nil, "", false
	}
	callID = firstText(members, "tool_call_id", "toolCallId")
	if callID == "" {
		return nil, "", false
	}
	return textOnly(members["content"]), callID, true
}

// only gives the one member of an object that has no other.
func only(raw json.RawMessage, name string) json.RawMessage {
	if members := objectIn(raw); len(members) == 1 {
		return first(members, name)
	}
	return nil
}

// unchain takes what a tool answered, and the id of the call, out of LangChain's objects.
func (r *reading) unchain(f field) {
	raw := structured(r.get(f).value)
	if raw == nil {
		return
	}
	content, callID, ok := toolMessage(raw)
	if inner := only(raw, "output"); !ok && inner != nil {
		content, callID, ok = toolMessage(inner)
	}
	if !ok {
		return
	}
	was := r.get(f)
	r.set(f, value(content), "")
	r.offer(fieldToolCallID, found{value: callID, key: was.key, rank: was.rank, of: was.of})
}

// completeIDs gives calls of tools that have no id, and answers to them, those which the same calls have in another account of the same conversation.
func completeIDs(list []Message, body func() []Message) {
	type named struct{ kind, name string }
	var ids map[named][]string
	for i := range list {
		for j := range list[i].Parts {
			p := &list[i].Parts[j]
			if p.ID != "" || p.Type != "tool_call" && p.Type != "tool_call_response" {
				continue
			}
			if ids == nil {
				ids = make(map[named][]string)
				for _, m := range body() {
					for _, p := range m.Parts {
						key := named{p.Type, callName(p)}
						ids[key] = append(ids[key], p.ID)
					}
				}
			}
			if key := (named{p.Type, callName(*p)}); len(ids[key]) > 0 {
				p.ID, ids[key] = ids[key][0], ids[key][1:]
			}
		}
	}
}

// callName tells calls apart. Answers often have no name.
func callName(p Part) string {
	if p.Type == "tool_call_response" {
		return ""
	}
	return p.Name
}
