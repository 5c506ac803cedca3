//! Writes the JavaScript glue of a wasm module: `vidimus-bindgen INPUT.wasm OUTPUT-FOLDER`.

mod panics;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output] = arguments.as_slice() else {
        anyhow::bail!("usage: vidimus-bindgen INPUT.wasm OUTPUT-FOLDER")
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).out_name("vidimus").web(true)?.typescript(true).remove_producers_section(true);
    let mut glue = bindgen.generate_output()?;
    let emptied = panics::empty(glue.wasm_mut());
    anyhow::ensure!(emptied > 10, "only {emptied} functions that panic were found: are their names in the module?");
    glue.emit(output)
}
