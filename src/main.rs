//! The command line of tidegate.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
