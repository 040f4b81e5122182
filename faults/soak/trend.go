package main

import (
	"fmt"
	"math"
)

// trend is a straight line through samples of the heap, by least squares.
type trend struct {
	slope float64 // bytes an event
	noise float64 // standard error of the slope
	span  float64 // events from the first sample to the last
}

// allowance is the growth that no run fails for, in bytes over the whole run: a heap is never the same twice.
const allowance = 512 << 10

// significant is how many times its own noise a slope has to be, to be called one.
const significant = 3

// heapTrend needs three samples.
func heapTrend(samples []sample) trend {
	n := float64(len(samples))
	var meanX, meanY float64
	for _, s := range samples {
		meanX += float64(s.events) / n
		meanY += float64(s.heap) / n
	}
	var xx, xy, yy float64
	for _, s := range samples {
		x, y := float64(s.events)-meanX, float64(s.heap)-meanY
		xx, xy, yy = xx+x*x, xy+x*y, yy+y*y
	}
	slope := xy / xx
	residual := max(0, yy-slope*xy)
	return trend{slope: slope, noise: math.Sqrt(residual / (n - 2) / xx), span: float64(samples[len(samples)-1].events - samples[0].events)}
}

// growth is what the heap gained over the samples, in bytes.
func (t trend) growth() float64 { return t.slope * t.span }

// rises says whether the heap grows by more than noise.
func (t trend) rises() bool { return t.growth() > allowance && t.slope > significant*t.noise }

func (t trend) String() string {
	return fmt.Sprintf("%+.3f bytes an event, standard error %.3f: %+.0f KiB over %.0f events", t.slope, t.noise, t.growth()/(1<<10), t.span)
}
