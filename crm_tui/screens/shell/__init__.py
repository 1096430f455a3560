"""What every screen stands in: page, list page, frame, words, boxes that many screens use."""
