a segment
