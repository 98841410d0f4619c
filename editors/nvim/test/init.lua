-- What the Neovim under test starts with. The harness passes its wishes in an environment variable.
local wishes = vim.json.decode(vim.env.TIDEGATE_TEST)

vim.opt.runtimepath:prepend(wishes.plugin)
vim.opt.swapfile = false
vim.opt.more = false
vim.opt.hidden = true
vim.opt.shortmess:append('aoOtTIcF')
vim.cmd('filetype plugin indent on')
vim.cmd('syntax on')

-- What is said to the user, for the tests to see.
_G.said = {}
vim.notify = function(message, level)
  table.insert(_G.said, { message = message, level = level or vim.log.levels.INFO })
end
vim.notify_once = vim.notify

-- What the server says for its log.
_G.logged = {}
vim.lsp.handlers['window/logMessage'] = function(_, params)
  table.insert(_G.logged, params.message)
end

local overrides = {
  cmd = { wishes.server, 'lsp' },
  capabilities = {
    general = { positionEncodings = wishes.encodings },
    workspace = { didChangeWatchedFiles = { dynamicRegistration = wishes.watch } },
  },
}
if wishes.start == 'enable' then
  vim.lsp.config('tidegate', overrides)
  vim.lsp.enable('tidegate')
elseif wishes.start == 'readme' then
  _G.overrides = overrides
end
