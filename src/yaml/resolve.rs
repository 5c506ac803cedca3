//! Plain scalars to values.
