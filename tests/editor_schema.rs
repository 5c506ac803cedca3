//! The fields of policies for the playground's editor: generated from the model, and checked to be what it says.
//!
//! `BLESS=1` writes them.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use vidimus::policy::schema::{EXCEPTION, Object, POLICY, Type};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/src/editor/schema.json");

/// Objects by where they are, each written once.
#[derive(Default)]
struct Writer {
    known: BTreeMap<usize, usize>,
    objects: Vec<Value>,
}

impl Writer {
    fn object(&mut self, object: &'static Object) -> usize {
        let address = std::ptr::from_ref(object).addr();
        if let Some(index) = self.known.get(&address) {
            return *index;
        }
        let index = self.objects.len();
        self.known.insert(address, index);
        self.objects.push(Value::Null);
        let fields: serde_json::Map<String, Value> =
            object.fields.iter().map(|field| (field.name.to_owned(), self.kind(&field.kind))).collect();
        self.objects[index] = Value::Object(fields);
        index
    }

    fn kind(&mut self, kind: &'static Type) -> Value {
        match kind {
            Type::Any => json!("any"),
            Type::Bool => json!("bool"),
            Type::Conditions => json!("conditions"),
            Type::Enum(words) => json!({ "enum": words }),
            Type::Int(_) => json!("int"),
            Type::List(inner) => json!({ "list": self.kind(inner) }),
            Type::Map(inner) => json!({ "map": self.kind(inner) }),
            Type::Object(object) => json!({ "object": self.object(object) }),
            Type::Operator(_) => json!("operator"),
            Type::String => json!("string"),
        }
    }
}

#[test]
fn the_editor_knows_the_fields_of_the_model() {
    let mut writer = Writer::default();
    let roots = json!({ "policy": writer.object(&POLICY), "exception": writer.object(&EXCEPTION) });
    let text = format!("{}\n", json!({ "roots": roots, "objects": writer.objects }));
    if std::env::var_os("BLESS").is_some() {
        fs::write(PATH, &text).expect("writable");
    }
    let written = fs::read_to_string(PATH).unwrap_or_default();
    assert_eq!(written, text, "www/src/editor/schema.json is not up to date: BLESS=1 writes it");
}
