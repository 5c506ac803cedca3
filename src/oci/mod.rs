//! OCI names and documents.
