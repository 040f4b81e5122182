package console

// Abilities is what a terminal can do according to the environment.
var Abilities = abilities
