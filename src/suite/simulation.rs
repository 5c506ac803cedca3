//! Requests that no cluster sent: an object, and values in place of what a cluster would say.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/processor/policy_processor.go` (`makePolicyContext`), `variables/variables.go`
//! (`ComputeVariables`).

use super::resources::Key;
use super::values::Values;
use crate::context::inject;
use crate::engine::{PolicyValues, RuleValues};
use crate::resource::{AdmissionRequest, NamespaceLabels, Operation, ResourceError, UserInfo};
use serde_json::Value;
use std::collections::BTreeMap;

/// The path of the operation.
const OPERATION: &str = "request.operation";

/// What a request is made of.
#[derive(Clone, Copy, Debug)]
pub struct Simulation<'a> {
    /// What a Values file says.
    pub values: &'a Values,
    /// Values over those.
    pub over: &'a BTreeMap<String, Value>,
    /// The operation, over that of the values.
    pub operation: Option<Operation>,
    /// The object before an UPDATE; the same one where it is absent.
    pub old_object: Option<&'a Value>,
    /// Who asks.
    pub user_info: &'a UserInfo,
    /// Labels of namespaces.
    pub namespace_labels: &'a NamespaceLabels,
}

/// The request about an object, and what policies with values of their own see in its place.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// The request.
    pub request: AdmissionRequest,
    /// Its values.
    pub values: BTreeMap<String, Value>,
    /// By policy.
    pub policies: BTreeMap<String, PolicyValues>,
}

impl Simulation<'_> {
    /// The request about `object`.
    ///
    /// Errors: what the values make of the object is none.
    pub fn request(&self, object: &Value) -> Result<Simulated, ResourceError> {
        let resource = Key::of(object).name;
        let values = self.complete(self.values.global.clone());
        let mut policies = BTreeMap::new();
        for policy in &self.values.policies {
            let own = self.complete(self.values.of(&policy.name, &resource));
            if own != values {
                let request = self.shape(object, &own)?;
                policies.insert(policy.name.clone(), PolicyValues { values: own, request });
            }
        }
        Ok(Simulated { request: self.shape(object, &values)?, values, policies })
    }

    /// A request that was sent: it says itself what is done, and to what.
    pub fn about(&self, mut request: AdmissionRequest) -> Simulated {
        request.user_info = self.user_info.clone();
        request.namespace_labels = self.namespace_labels.clone();
        let resource = request.resource_id().name;
        let simulation = Self { operation: Some(request.operation), ..*self };
        let values = simulation.complete(self.values.global.clone());
        let mut policies = BTreeMap::new();
        for policy in &self.values.policies {
            let own = simulation.complete(self.values.of(&policy.name, &resource));
            if own != values {
                policies.insert(policy.name.clone(), PolicyValues { values: own, request: request.clone() });
            }
        }
        Simulated { request, values, policies }
    }

    fn complete(&self, mut values: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        values.extend(self.over.clone());
        match self.operation {
            Some(operation) => {
                values.insert(OPERATION.to_owned(), operation.as_str().into());
            }
            None => {
                values.entry(OPERATION.to_owned()).or_insert_with(|| Operation::Create.as_str().into());
            }
        }
        values
    }

    fn shape(&self, object: &Value, values: &BTreeMap<String, Value>) -> Result<AdmissionRequest, ResourceError> {
        let operation = match (self.operation, values.get(OPERATION).and_then(Value::as_str)) {
            (Some(operation), _) => operation,
            (None, Some("DELETE")) => Operation::Delete,
            (None, Some("UPDATE")) => Operation::Update,
            // As upstream, CONNECT is a text for conditions alone: the request has the form of CREATE.
            (None, _) => Operation::Create,
        };
        let key = Key::of(object);
        // Nothing is there before a CREATE.
        let old = self.old_object.filter(|_| operation != Operation::Create).cloned();
        let mut request = AdmissionRequest::new(operation, object.clone(), old)?;
        for (object, root) in [(&mut request.object, "request.object"), (&mut request.old_object, "request.oldObject")]
        {
            if let Some(object) = object {
                inject(object, root, values);
            }
        }
        request.check()?;
        request.user_info = self.user_info.clone();
        request.namespace_labels = self.namespace_labels.clone();
        let kinds = self.values.subresources.iter();
        for pair in kinds.filter(|pair| pair.of.kind == key.kind && pair.of.api_version == key.api_version) {
            request.parent = Some((pair.parent.api_version.clone(), pair.parent.kind.clone()));
            request.sub_resource = pair.of.name.split('/').nth(1).unwrap_or_default().to_owned();
        }
        Ok(request)
    }
}

impl Values {
    /// The global values and, over them, those of an object for a policy.
    fn of(&self, policy: &str, resource: &str) -> BTreeMap<String, Value> {
        let mut values = self.global.clone();
        let policies = self.policies.iter().filter(|values| values.name == policy);
        for (_, own) in policies.flat_map(|policy| &policy.resources).filter(|(name, _)| name == resource) {
            values.extend(own.clone());
        }
        values
    }

    /// Values of single rules; of two entries for one rule the first counts.
    pub fn rules(&self) -> BTreeMap<(String, String), RuleValues> {
        let mut rules = BTreeMap::new();
        for policy in &self.policies {
            for rule in &policy.rules {
                let own = RuleValues { values: rule.values.clone(), foreach: rule.foreach.clone() };
                rules.entry((policy.name.clone(), rule.name.clone())).or_insert(own);
            }
        }
        rules
    }
}

#[cfg(test)]
#[path = "simulation_tests.rs"]
mod tests;
