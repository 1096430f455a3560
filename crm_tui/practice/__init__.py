"""The practice shop: a catalogue, customers and a day, all made up."""
