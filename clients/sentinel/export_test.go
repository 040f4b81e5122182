package sentinel

// DetailIn gives the detail of a body.
var DetailIn = detailIn
