package sink

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Ask reads the counts of the sink at url.
func Ask(url string) (*Stats, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+StatsPath, http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var s Stats
	return &s, json.NewDecoder(res.Body).Decode(&s)
}
