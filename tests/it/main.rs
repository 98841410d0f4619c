//! One binary for all integration tests: each further one would link DataFusion again.

mod catalog;
mod check;
mod cli;
mod config;
mod connectors;
mod corpus;
mod examples;
mod explain;
mod fuzz;
mod grammar;
mod guides;
mod laws;
mod layers;
mod readme;
mod rewrite;
mod tool;
mod trees;
mod undo;
mod verdicts;
mod verify;
mod watermarks;
