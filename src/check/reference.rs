//! Every rule with what it finds, why that matters, an example and how to mend it, as `gongkai check --explain` says it.
//! A test keeps this page equal to the comments on top of the rules' files.
#![doc = include_str!("reference.md")]
