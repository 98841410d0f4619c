-- `sql.flink` is a filetype of two parts: Neovim loads the syntax, the indentation and the settings of `sql`, Tree-sitter
-- takes the parser of `sql`, and whatever is made for Flink alone can go by the second part. A filetype of its own, such
-- as `flink-sql`, would need all of these again. The server is told `flink-sql`, see lsp/tidegate.lua.
vim.filetype.add({
  extension = { fsql = 'sql.flink' },
  pattern = { ['.*%.flink%.sql'] = 'sql.flink' },
})
