package agentidp

import "github.com/sentrial/sentrial-go/internal/platform"

// Secret is a client secret or a token. Printed, logged or encoded as JSON it is "[hidden]"; its Reveal method gives the text.
type Secret = platform.Secret
