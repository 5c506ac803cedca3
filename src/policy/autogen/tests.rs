//! Tables of what is generated.
