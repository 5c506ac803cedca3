//! Writes the TypeScript types of the wire documents into the npm package.

fn main() -> std::io::Result<()> {
    let path = format!("{}/../../{}", env!("CARGO_MANIFEST_DIR"), vidimus_types::PATH);
    std::fs::write(path, vidimus_types::render())
}
