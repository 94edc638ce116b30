"""What a coder does with a digitized document, as pure functions over decisions."""
