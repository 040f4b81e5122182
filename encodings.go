package sentrial

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// encodings chooses the encoding of request bodies. It is the sender's own.
type encodings struct {
	mode     Compression
	loopback bool
	zstdOK   bool // the server announced that it reads zstd
}

// learn reads which encodings the server takes from one of its replies. A server that was rolled back takes back what it announced.
func (e *encodings) learn(reply *httpx.Response) {
	said := reply.Header.Values("Accept-Encoding")
	if len(said) > 0 || reply.Status == http.StatusUnsupportedMediaType {
		e.zstdOK = false
	}
	for _, v := range said {
		for coding := range strings.SplitSeq(v, ",") {
			name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
			if strings.EqualFold(strings.TrimSpace(name), "zstd") && !isZeroWeight(weight) {
				e.zstdOK = true
			}
		}
	}
}

// isZeroWeight reads the quality of a coding, such as q=0.0, which says that it is not wanted.
func isZeroWeight(parameter string) bool {
	name, value, _ := strings.Cut(parameter, "=")
	weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return strings.EqualFold(strings.TrimSpace(name), "q") && err == nil && weight == 0
}

func (e *encodings) choose() Compression {
	switch {
	case e.mode != CompressionAuto:
		return e.mode
	case e.loopback:
		return CompressionNone
	case e.zstdOK:
		return CompressionZstd
	}
	return CompressionGzip
}
