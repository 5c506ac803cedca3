//! The files that a test names, as the host found them.

use crate::source::SourceName;
use std::collections::BTreeMap;

/// What a path is named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathRole {
    /// Evidence files, image layouts and layout roots: the host's own to read.
    Artifacts,
    /// What generate rules clone.
    CloneSource,
    /// Objects of the cluster.
    ClusterResources,
    /// Data of CEL libraries.
    Context,
    /// CustomResourceDefinitions that a ClusterResource names.
    Crds,
    /// Payloads of Envoy policies.
    EnvoyPayloads,
    /// PolicyExceptions.
    Exceptions,
    /// Expected generated objects.
    GeneratedResources,
    /// Objects of a mocked GlobalContextEntry.
    GlobalContext,
    /// Payloads of HTTP policies.
    HttpPayloads,
    /// Payloads of JSON policies.
    JsonPayloads,
    /// Parameters of admission policies.
    ParamResources,
    /// Expected patched objects.
    PatchedResources,
    /// Policies.
    Policies,
    /// Objects that trigger.
    Resources,
    /// Objects that mutate rules change beside those that trigger.
    TargetResources,
    /// A UserInfo file.
    UserInfo,
    /// A Values file.
    Values,
}

impl PathRole {
    /// The field that names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Artifacts => "artifacts",
            Self::CloneSource => "cloneSourceResource",
            Self::ClusterResources => "clusterResources",
            Self::Context => "context",
            Self::Crds => "crds",
            Self::EnvoyPayloads => "envoyPayloads",
            Self::Exceptions => "exceptions",
            Self::GeneratedResources => "generatedResources",
            Self::GlobalContext => "globalContextEntries",
            Self::HttpPayloads => "httpPayloads",
            Self::JsonPayloads => "jsonPayloads",
            Self::ParamResources => "paramResources",
            Self::PatchedResources => "patchedResources",
            Self::Policies => "policies",
            Self::Resources => "resources",
            Self::TargetResources => "targetResources",
            Self::UserInfo => "userinfo",
            Self::Values => "variables",
        }
    }
}

/// A path that a test names, relative to the folder of the test file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPath {
    /// What for.
    pub role: PathRole,
    /// As written: a file, a folder or a pattern.
    pub path: String,
}

/// Texts by the path that a test names them by; a folder or pattern stands for several.
#[derive(Clone, Debug, Default)]
pub struct Files {
    texts: BTreeMap<String, Result<Vec<SourceFile>, String>>,
}

/// A file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// What diagnostics call it.
    pub name: SourceName,
    /// What is in it.
    pub text: String,
}

impl Files {
    /// Adds a file behind `path`.
    pub fn add(&mut self, path: &str, name: &SourceName, text: &str) {
        let file = SourceFile { name: name.clone(), text: text.to_owned() };
        match self.texts.entry(path.to_owned()).or_insert_with(|| Ok(Vec::new())) {
            Ok(files) => files.push(file),
            absent => *absent = Ok(vec![file]),
        }
    }

    /// Notes that there is nothing behind `path`, and why.
    pub fn add_absent(&mut self, path: &str, why: &str) {
        self.texts.entry(path.to_owned()).or_insert_with(|| Err(why.to_owned()));
    }

    /// Was the path looked for?
    pub fn knows(&self, path: &str) -> bool {
        self.texts.contains_key(path)
    }

    /// The files behind `path`.
    ///
    /// Errors: why there are none.
    pub fn of(&self, path: &str) -> Result<&[SourceFile], String> {
        match self.texts.get(path) {
            Some(Ok(files)) => Ok(files),
            Some(Err(why)) => Err(why.clone()),
            None => Err("no such file".to_owned()),
        }
    }
}
