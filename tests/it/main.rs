//! One binary for all integration tests: each further one would link DataFusion again.

mod catalog;
mod check;
mod cli;
mod config;
mod corpus;
mod docs;
mod examples;
mod explain;
mod folders;
mod fuzz;
mod grammar;
mod guides;
mod init;
mod laws;
mod layers;
mod lsp;
mod pipelines;
mod readme;
mod rewrite;
mod settings;
mod tool;
mod trees;
mod undo;
mod verdicts;
mod verify;
mod watermarks;
