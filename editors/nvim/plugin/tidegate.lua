-- Commands, code lenses and what the server has to hear of files. Nothing here starts the server: `vim.lsp.enable` does,
-- or `require('tidegate').start`.
if vim.g.loaded_tidegate then
  return
end
vim.g.loaded_tidegate = true

vim.api.nvim_create_user_command('TidegateRewritten', function()
  require('tidegate').show(vim.api.nvim_get_current_buf())
end, { desc = 'Show the rewritten script of this buffer, and keep it up to date' })

vim.api.nvim_create_user_command('TidegateDiff', function()
  require('tidegate').diff(vim.api.nvim_get_current_buf())
end, { desc = 'Compare this buffer with its rewritten script' })

vim.api.nvim_create_user_command('TidegateFixAll', function()
  require('tidegate').fix_all(vim.api.nvim_get_current_buf())
end, { desc = 'Apply all fixes of this buffer that keep the meaning' })

local group = vim.api.nvim_create_augroup('tidegate', {})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(event)
    require('tidegate').attached(event.data.client_id, event.buf)
  end,
})

vim.api.nvim_create_autocmd('BufWritePost', {
  group = group,
  pattern = { 'tidegate.toml', '*.sql', '*.fsql' },
  callback = function(event)
    require('tidegate').written(vim.fn.fnamemodify(event.match, ':p'))
  end,
})

-- Another program may have changed files while Neovim was not looked at.
vim.api.nvim_create_autocmd({ 'FocusGained', 'VimResume' }, {
  group = group,
  callback = function()
    require('tidegate').returned()
  end,
})
