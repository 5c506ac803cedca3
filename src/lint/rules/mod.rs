//! The rules, one a file.

mod anybody_signs;
mod audit;
mod condition_constant;
mod count;
mod deprecated;
mod digest_not_verified;
mod exclude_covers_match;
mod failure_policy;
mod identity_open;
mod image_reference;
mod kind;
mod loaded;
mod log_ignored;
mod never_passes;
mod no_images;
mod not_required;
mod order_dependent;
mod pattern_vacuous;
mod regexp_unanchored;
mod removed;
mod skip;
mod update_not_matched;
mod verified_twice;
mod verifies_nothing;

use super::{Category, Check, EntrySubject, PolicySubject, Report, Rule, RuleSubject, Severity};

/// Every rule, by what it is about.
pub const RULES: &[Rule] = &[
    exclude_covers_match::RULE,
    kind::SELECTOR,
    kind::UNKNOWN,
    image_reference::NEVER,
    image_reference::WITHOUT_REGISTRY,
    image_reference::LIBRARY,
    no_images::RULE,
    skip::ALL,
    pattern_vacuous::RULE,
    verifies_nothing::RULE,
    never_passes::RULE,
    condition_constant::RULE,
    anybody_signs::RULE,
    identity_open::RULE,
    audit::VERIFY_IMAGES,
    audit::VALIDATE,
    failure_policy::RULE,
    not_required::RULE,
    digest_not_verified::RULE,
    image_reference::TAG_ONLY,
    skip::ANY_REGISTRY,
    log_ignored::LOG,
    log_ignored::SCT,
    regexp_unanchored::RULE,
    count::RULE,
    update_not_matched::RULE,
    loaded::WITHOUT_EFFECT,
    loaded::MISSPELT,
    loaded::FIELD,
    loaded::OPERATOR,
    deprecated::FAILURE_ACTION,
    deprecated::DURATION,
    deprecated::CONDITIONS,
    deprecated::MATCH,
    removed::RULE,
    order_dependent::RULE,
    verified_twice::RULE,
];
