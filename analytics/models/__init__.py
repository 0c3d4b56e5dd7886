"""Statistics: intervals, survival, lifetime value. Arrays or frames in, frames or small frozen results out."""
