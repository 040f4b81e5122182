package jsontree_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestNumbersAreThoseOfTypes(t *testing.T) {
	for _, text := range []string{
		"0", "-0", "-0.0", "1", "1.0", "0.1", "-12.50", "1e2", "12e-1", "0.30000000000000004", "0.3000000000000000400", "9007199254740992", "9007199254740993",
		"999999999999999", "9999999999999999", "99999999999999999", "18446744073709551615", "0.000000000000001", "0.00000000000000000000000000001", "1e21", "1E-7",
		"123456789.123456", "123456789.123456789123", "5e-324", "1e-400", "1e400", "1e23", "100000000000000000000000", "1.7976931348623157e308", "0.00000000000000000000", "-0.00000000000000000000",
		"10000000000000000000.00", "1152921504606846976", "1152921504606847000", "0." + zeros + "1", "1" + zeros, "1" + zeros + "." + zeros,
	} {
		check(t, text)
		check(t, "-"+text)
	}
}

var zeros = strconv.FormatFloat(1e300, 'f', -1, 64)[1:] + strconv.FormatFloat(1e300, 'f', -1, 64)[1:]

// TestRandomNumbers are of every length, on both sides of what a float64 can hold.
func TestRandomNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		f := math.Float64frombits(r.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		check(t, strconv.FormatFloat(f, "eEfg"[r.IntN(4)], r.IntN(20)-1, 64))
		check(t, strconv.FormatFloat(math.Mod(f, 1e6), 'f', r.IntN(20), 64))
		check(t, strconv.FormatUint(r.Uint64()>>r.IntN(64), 10))
		check(t, strconv.FormatFloat(math.Ldexp(r.Float64(), r.IntN(100)-50), 'f', -1, 64))
	}
}

// TestNumbersAllocateLittle: the number in its interface, and for usual ones nothing beside it.
func TestNumbersAllocateLittle(t *testing.T) {
	for _, text := range []string{"7", "0.25", "-12.50", "0.30000000000000004", "9007199254740993", "123456789.123450000"} {
		if n := testing.AllocsPerRun(100, func() { read(text) }); n > allowed {
			t.Errorf("%s: %v allocations", text, n)
		}
	}
}
