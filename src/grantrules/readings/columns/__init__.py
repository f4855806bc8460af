"""The same rules over tables of applications, on the engine that holds them."""
