package sentrial

import (
	"os"
	"strings"

	"github.com/sentrial/sentrial-go/pricing"
)

const pricesVariable = "SENTRIAL_PRICES"

// pricesFromEnv takes the file of prices that the environment names.
func (c *config) pricesFromEnv() error {
	value := strings.TrimSpace(os.Getenv(pricesVariable))
	switch {
	case value == "":
		return nil
	case strings.EqualFold(value, "off"):
		WithPrices(nil).applyClient(c)
		return nil
	}
	mine, err := pricing.ParseFile(value)
	if err != nil {
		return &OptionError{Name: pricesVariable, Value: value, Want: "a file of prices, or off", Err: err}
	}
	c.prices = func() *pricing.Table { return pricing.Default().With(mine) }
	return nil
}
