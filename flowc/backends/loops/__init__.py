"""Programs as loops over tokens and over elements, for languages that have no arrays of their own: what C and JavaScript share."""
