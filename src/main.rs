use datafusion::sql::planner::SqlToRel as _X;
fn main() {}
