//! Keys, algorithms and the port that signatures are verified through.
